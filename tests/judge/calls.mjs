#!/usr/bin/env node
// The TypeScript compiler's own checker as an independent judge of the call graph.
//
//   node calls.mjs draw CHECKOUT [--seed S] [--sites N]      one JSON line a drawn call site: what the checker says it calls
//   node calls.mjs compare [--list] NAME JUDGED RESOLVED ..  JUDGED from `draw`, RESOLVED from `cargo run --example calls`
//
// N sites of each class are drawn (300; 0 means all). The compiler is looked for beside this script, then in --modules FOLDER or the current folder.

import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { compare } from './compare.mjs'
import { Judge } from './declared.mjs'
import { Programs } from './programs.mjs'
import { draw, sitesOf, sourceFiles } from './sites.mjs'

const words = process.argv.slice(2)

function option(name, otherwise) {
  const index = words.indexOf(name)
  return index < 0 ? otherwise : words.splice(index, 2)[1]
}

function flag(name) {
  const index = words.indexOf(name)
  return index >= 0 && words.splice(index, 1).length > 0
}

function compiler(given) {
  const folders = [path.dirname(fileURLToPath(import.meta.url)), given ?? process.cwd()]
  const folder = folders.find((candidate) => fs.existsSync(path.join(candidate, 'node_modules/typescript')))
  if (!folder) throw new Error('no compiler: `npm install` beside package.json, or give --modules FOLDER')
  return [createRequire(path.join(folder, 'package.json'))('typescript'), folder]
}

function drawn(checkout) {
  const seed = option('--seed', '1')
  const count = Number(option('--sites', '300'))
  const [ts, modules] = compiler(option('--modules'))
  const root = fs.realpathSync(checkout)
  const all = sourceFiles(root).flatMap((file) => sitesOf(ts, root, file))
  const chosen = ['call', 'jsx'].flatMap((kind) => draw(all.filter((site) => site.class === kind), seed, count))
  const byFile = Map.groupBy ? Map.groupBy(chosen, (site) => site.path) : grouped(chosen)
  const programs = new Programs(ts, root, modules)
  let answered = 0
  for (const { config, files, program } of programs.over([...byFile.keys()].sort())) {
    const judge = new Judge(programs, program)
    for (const file of files) {
      for (const answer of judge.answers(file, byFile.get(file))) {
        answered += 1
        process.stdout.write(`${JSON.stringify(answer)}\n`)
      }
    }
    process.stderr.write(`${config || 'no tsconfig'}: ${files.length} files, ${program.getSourceFiles().length} in the program\n`)
  }
  process.stderr.write(`${all.length} call sites, ${chosen.length} drawn, ${answered} answered; ${programs.missing.size} packages are not installed\n`)
}

function grouped(sites) {
  const groups = new Map()
  for (const site of sites) groups.set(site.path, [...(groups.get(site.path) ?? []), site])
  return groups
}

// Whoever reads may stop early.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 2))

const [command, ...rest] = [words.shift(), ...words]
if (command === 'draw') drawn(words.find((word) => !word.startsWith('--')) ?? '.')
else if (command === 'compare') process.exitCode = compare(rest.filter((word) => word !== '--list'), flag('--list'))
else {
  process.stderr.write('calls.mjs draw CHECKOUT [--seed S] [--sites N] [--modules FOLDER] | compare [--list] [NAME JUDGED RESOLVED]..\n')
  process.exitCode = 2
}

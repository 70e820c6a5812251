// The judge's answers beside edgelint's, by repository and class.

import fs from 'node:fs'
import { keyOf } from './sites.mjs'

const CLASSES = ['call', 'jsx']
/** The declarations that count: a function or class of the project that the checker names. */
const DECLARED = new Set(['function', 'class'])

/** Prints the comparison of `[name, judged, resolved]..`; 1 where a target is missed. */
export function compare(words, list) {
  const runs = []
  for (let index = 0; index + 2 < words.length; index += 3) runs.push(words.slice(index, index + 3))
  const total = { call: tally(), jsx: tally() }
  const rows = { call: [], jsx: [] }
  const reasons = { call: new Map(), jsx: new Map() }
  const listed = { different: [], 'wrapped different': [], invented: [], unresolved: [], missing: [] }
  for (const [name, judged, resolved] of runs) {
    const calls = lines(resolved)
    const ours = new Map(calls.map((call) => [keyOf(call), call]))
    const read = new Set(calls.map((call) => call.path))
    const own = { call: tally(), jsx: tally() }
    // A file that the walk leaves out, ignored by git: no call of it counts.
    for (const site of lines(judged).filter((site) => read.has(site.path))) {
      const call = ours.get(keyOf(site))
      const verdict = judge(site, call)
      for (const counts of [own[site.class], total[site.class]]) counts[verdict] = (counts[verdict] ?? 0) + 1
      if (verdict === 'unresolved' || verdict === 'missing') {
        const reason = `${verdict === 'missing' ? 'no such call' : reasonOf(call)} [${site.by}: ${site.form ?? site.kind}]`
        reasons[site.class].set(reason, (reasons[site.class].get(reason) ?? 0) + 1)
      }
      listed[verdict]?.push(`${name} ${describe(site, call)}`)
    }
    for (const kind of CLASSES) rows[kind].push(row(name, own[kind]))
  }
  for (const kind of CLASSES) {
    print(`\n## ${kind}\n`)
    print('| repository | drawn | in the project | same | same % | different | unresolved | no such call | wrapped: same / different / unresolved | outside, resolved all the same |')
    print('|---|---|---|---|---|---|---|---|---|---|')
    for (const line of [...rows[kind], row('**all**', total[kind])]) print(line)
    print('\nUnresolved, most common first (`name`: following names is enough; `type`: only the checker\'s inference knows):\n')
    for (const [reason, count] of sorted(reasons[kind])) print(`- ${count} × ${reason}`)
  }
  for (const [what, entries] of Object.entries(listed)) {
    if (list || !['unresolved', 'missing'].includes(what)) {
      print(`\n## ${what}\n`)
      for (const entry of entries) print(`- ${entry}`)
    }
  }
  const { same, different, inside } = figures(total.call)
  return inside && (same / inside < 0.95 || different / inside >= 0.005) ? 1 : 0
}

function judge(site, call) {
  const to = call?.to ?? []
  if (typeof site.declared === 'string') return site.declared === 'outside' && to.length ? 'invented' : site.declared
  const spans = [site.declared, ...[site.also ?? []].flat()]
  const meets = to.some((target) => spans.some((span) => target.path === span.path && target.line >= span.line && target.line <= span.last))
  const found = meets ? 'same' : to.length ? 'different' : call ? 'unresolved' : 'missing'
  return DECLARED.has(site.kind) ? found : `${site.kind} ${found === 'missing' ? 'unresolved' : found}`
}

function figures(counts) {
  const { same = 0, different = 0, unresolved = 0, missing = 0 } = counts
  return { same, different, unresolved, missing, inside: same + different + unresolved + missing }
}

function row(name, counts) {
  const { same, different, unresolved, missing, inside } = figures(counts)
  const drawn = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const wrapped = ['same', 'different', 'unresolved'].map((what) => counts[`wrapped ${what}`] ?? 0).join(' / ')
  const percent = inside ? ((100 * same) / inside).toFixed(1) : '-'
  return `| ${[name, drawn, inside, same, percent, different, unresolved, missing, wrapped, counts.invented ?? 0].join(' | ')} |`
}

const reasonOf = (call) => (call.why ? `${call.as}: ${call.why}` : call.as)

function describe(site, call) {
  const place = (at) => (typeof at === 'string' ? at : `${at.path}:${at.line}`)
  const ours = call ? call.to.map(place).join(', ') || reasonOf(call) : 'no such call'
  return `${site.path}:${site.line}:${site.column} \`${site.name}\`: ${place(site.declared)} (${site.kind}, ${site.by ?? '-'}); edgelint: ${ours}`
}

const tally = () => ({})
const sorted = (map) => [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
const print = (text) => process.stdout.write(`${text}\n`)
const lines = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))

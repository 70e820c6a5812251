// One program of the compiler for each tsconfig that governs a file asked about, with workspace packages mapped to their sources.

import fs from 'node:fs'
import path from 'node:path'

const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.tsx', '/index.js', '/index.jsx']
/** In which order the conditions of `exports` are tried. */
const CONDITIONS = ['source', 'types', 'import', 'module', 'default', 'require']
const BUILT = /(^|\/)(dist|build|lib|out)\//

export class Programs {
  /** `modules` is the folder whose `node_modules` hold the compiler and the types of React and Node. */
  constructor(ts, root, modules) {
    this.ts = ts
    this.root = fs.realpathSync(root)
    this.modules = fs.realpathSync(modules)
    this.packages = workspacePackages(this.root)
    /** Bare specifiers that no program found: packages that are not installed. */
    this.missing = new Set()
  }

  /** The files by the tsconfig that governs them, each group with its program. */
  *over(files) {
    const groups = new Map()
    for (const file of files) {
      const config = this.configOf(file)
      groups.set(config, [...(groups.get(config) ?? []), file])
    }
    for (const [config, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      yield { config: config && path.relative(this.root, config), files: group, program: this.program(config, group) }
    }
  }

  /** The nearest tsconfig.json or jsconfig.json; an empty text without one. */
  configOf(file) {
    for (let folder = path.dirname(path.join(this.root, file)); folder.startsWith(this.root); folder = path.dirname(folder)) {
      for (const name of ['tsconfig.json', 'jsconfig.json']) {
        if (fs.existsSync(path.join(folder, name))) return path.join(folder, name)
      }
    }
    return ''
  }

  program(config, files) {
    const { ts } = this
    const options = this.options(config)
    const host = ts.createCompilerHost(options, true)
    host.resolveModuleNameLiterals = (literals, containing, _reference, _options, _source) =>
      literals.map((literal) => ({ resolvedModule: this.resolve(literal.text, containing, options, host) }))
    const ambient = config ? ambientFiles(path.dirname(config)) : []
    const rootNames = [...files.map((file) => path.join(this.root, file)), ...ambient]
    return ts.createProgram({ rootNames, options, host })
  }

  /** Our own options for all, and of the configuration what decides which file an import means. */
  options(config) {
    const { ts } = this
    const read = config ? this.configured(config) : {}
    const types = path.join(this.modules, 'node_modules/@types')
    return {
      allowJs: true,
      allowImportingTsExtensions: true,
      allowSyntheticDefaultImports: true,
      baseUrl: read.baseUrl,
      esModuleInterop: true,
      experimentalDecorators: read.experimentalDecorators,
      jsx: ts.JsxEmit.Preserve,
      jsxImportSource: 'react',
      maxNodeModuleJsDepth: 0,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noEmit: true,
      paths: read.paths,
      pathsBasePath: read.pathsBasePath,
      resolveJsonModule: true,
      skipLibCheck: true,
      strict: true,
      target: ts.ScriptTarget.ESNext,
      typeRoots: [types],
      types: ['node', 'react', 'react-dom'],
    }
  }

  configured(config) {
    const { ts } = this
    const { config: json } = ts.readConfigFile(config, ts.sys.readFile)
    const host = { ...ts.sys, readDirectory: () => [] }
    return ts.parseJsonConfigFileContent(json ?? {}, host, path.dirname(config), undefined, config).options
  }

  resolve(name, containing, options, host) {
    const { ts } = this
    const own = ts.resolveModuleName(name, containing, options, host).resolvedModule
    if (own) return own
    if (name.startsWith('.')) return undefined
    const source = this.inWorkspace(name)
    if (source) return { resolvedFileName: source, extension: path.extname(source), isExternalLibraryImport: false }
    const typed = ts.resolveModuleName(name, path.join(this.modules, 'here.ts'), { ...options, paths: undefined, baseUrl: undefined }, host)
    if (!typed.resolvedModule) this.missing.add(name)
    return typed.resolvedModule
  }

  /** The source that a specifier of a workspace package means, built or not. */
  inWorkspace(name) {
    const parts = name.split('/')
    const length = name.startsWith('@') ? 2 : 1
    const folder = this.packages.get(parts.slice(0, length).join('/'))
    if (folder === undefined) return undefined
    const inside = parts.slice(length).join('/')
    const manifest = readJson(path.join(folder, 'package.json')) ?? {}
    const written = inside
      ? exported(manifest.exports, `./${inside}`)
      : [...exported(manifest.exports, '.'), manifest.source, manifest.types, manifest.module, manifest.main]
    const guessed = inside ? [inside, `src/${inside}`] : ['src/index', 'index']
    for (const target of [...written, ...guessed]) {
      const found = typeof target === 'string' && sourceOf(folder, target)
      if (found) return found
    }
    return undefined
  }
}

/** The source behind a target of a manifest: the file itself, or the one that it is built from. */
function sourceOf(folder, target) {
  const plain = target.replace(/^\.\//, '')
  const stem = plain.replace(/(\.d)?\.[mc]?[jt]sx?$/, '')
  const candidates = [plain, stem]
  if (BUILT.test(plain)) candidates.push(stem.replace(BUILT, '$1src/'), stem.replace(BUILT, '$1'))
  for (const candidate of candidates) {
    for (const ending of ENDINGS) {
      const file = path.join(folder, candidate + ending)
      if (/\.[mc]?[jt]sx?$/.test(file) && fs.existsSync(file) && fs.statSync(file).isFile()) return file
    }
  }
  return undefined
}

/** What a manifest's `exports` says of a subpath, by preference. */
function exported(exports, subpath) {
  if (exports === undefined || exports === null) return []
  const isMap = typeof exports === 'object' && !Array.isArray(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  if (!isMap) return subpath === '.' ? targets(exports) : []
  if (exports[subpath] !== undefined) return targets(exports[subpath])
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*')
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue
    const star = subpath.slice(before.length, subpath.length - after.length)
    return targets(target).map((text) => text.replaceAll('*', star))
  }
  return []
}

function targets(target) {
  if (typeof target === 'string') return [target]
  if (Array.isArray(target)) return target.flatMap(targets)
  if (typeof target !== 'object' || target === null) return []
  return CONDITIONS.filter((condition) => condition in target).flatMap((condition) => targets(target[condition]))
}

/** Every named package below `root`, by name: its folder. */
function workspacePackages(root) {
  const packages = new Map()
  const walk = (folder, depth) => {
    const manifest = readJson(path.join(folder, 'package.json'))
    if (manifest?.name && !packages.has(manifest.name)) packages.set(manifest.name, folder)
    if (depth === 0) return
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') walk(path.join(folder, entry.name), depth - 1)
    }
  }
  walk(root, 5)
  return packages
}

/** The declaration files beside a configuration: what they declare holds in all its files. */
function ambientFiles(folder) {
  const found = []
  const walk = (inside, depth) => {
    for (const entry of fs.readdirSync(inside, { withFileTypes: true })) {
      const file = path.join(inside, entry.name)
      if (entry.isFile() && entry.name.endsWith('.d.ts')) found.push(file)
      else if (entry.isDirectory() && depth > 0 && entry.name !== 'node_modules' && !entry.name.startsWith('.')) walk(file, depth - 1)
    }
  }
  walk(folder, 2)
  return found.sort()
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

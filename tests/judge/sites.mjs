// Which call sites of a checkout there are, and which of them are drawn. Knows syntax alone, no types.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const SOURCE = /\.(ts|mts|cts|tsx|js|mjs|cjs|jsx)$/
const DECLARATIONS = /\.d\.([^.]+\.)?(ts|mts|cts)$/
const TESTS = /\.(test|spec|e2e|cy|stories|story)\.|(^|\/)(__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|playwright|\.storybook|stories)\//
const TOOLS = new Set(['.git', '.hg', '.jj', '.next', '.pnpm-store', '.svn', '.turbo', '.vercel', '.yarn', 'bower_components', 'node_modules'])
/** Generated or minified: nobody follows a call there. */
const LONGEST_FILE = 400_000

/** Every file below `root` that edgelint reads as a program, tests left out, relative to `root`, sorted. */
export function sourceFiles(root) {
  const found = []
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const inside = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) {
        const built = entry.name === 'dist' && fs.existsSync(path.join(root, folder, 'package.json'))
        if (!TOOLS.has(entry.name) && !built) walk(inside)
      } else if (entry.isFile() && SOURCE.test(inside) && !DECLARATIONS.test(inside) && !TESTS.test(inside)) {
        found.push(inside)
      }
    }
  }
  walk('')
  return found.sort()
}

/** The call sites of a file in source order: calls, `new` and tags as `call`, elements of components as `jsx`. */
export function sitesOf(ts, root, file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8').replace(/^\uFEFF/, '')
  if (text.length > LONGEST_FILE) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, scriptKind(ts, file))
  const sites = []
  const visit = (node) => {
    const callee = calleeOf(ts, node)
    if (callee) sites.push({ path: file, ...placeOf(ts, source, callee), class: classOf(ts, node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return sites
}

/** What a node calls, if it is a call that names something: `import()`, `require()` and elements of HTML are none. */
export function calleeOf(ts, node) {
  if (ts.isCallExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return undefined
    const callee = outer(ts, node.expression)
    const isRequire = ts.isIdentifier(callee) && callee.text === 'require' && node.arguments.length === 1
    return isRequire && ts.isStringLiteral(node.arguments[0]) ? undefined : callee
  }
  if (ts.isNewExpression(node)) return outer(ts, node.expression)
  if (ts.isTaggedTemplateExpression(node)) return outer(ts, node.tag)
  if (ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node)) {
    const tag = node.tagName
    const intrinsic = ts.isJsxNamespacedName(tag) || (ts.isIdentifier(tag) && /^[a-z]/.test(tag.text))
    return intrinsic ? undefined : tag
  }
  return undefined
}

/** The last name of a callee: `c` of `a.b.c`. */
export function lastName(ts, callee) {
  if (ts.isPropertyAccessExpression(callee)) return callee.name
  if (ts.isElementAccessExpression(callee)) return callee.argumentExpression
  return callee
}

/** A key that finds the same call in the other list: where the callee ends, which no two calls share. */
export const keyOf = (site) => `${site.path}:${site.end.line}:${site.end.column}`

/** `count` of the sites, always the same ones for a seed, whatever else is in the list. */
export function draw(sites, seed, count) {
  const rank = (site) => createHash('sha1').update(`${seed}\0${site.class}\0${keyOf(site)}`).digest('hex')
  const ranked = sites.map((site) => [rank(site), site]).sort((a, b) => (a[0] < b[0] ? -1 : 1))
  return (count ? ranked.slice(0, count) : ranked).map(([, site]) => site)
}

function placeOf(ts, source, callee) {
  const name = lastName(ts, callee)
  const text = name.getText(source)
  return {
    ...positionOf(source, name.getStart(source)),
    end: positionOf(source, callee.getEnd()),
    name: text.length > 60 || /\s/.test(text) ? '' : text,
  }
}

/** A line and a column, from 1, the column in characters. */
export function positionOf(source, offset) {
  const { line, character } = source.getLineAndCharacterOfPosition(offset)
  const start = offset - character
  return { line: line + 1, column: [...source.text.slice(start, offset)].length + 1 }
}

const outer = (ts, node) => ts.skipOuterExpressions(node, ts.OuterExpressionKinds.Parentheses)

const classOf = (ts, node) => (ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node) ? 'jsx' : 'call')

function scriptKind(ts, file) {
  if (/\.tsx$/.test(file)) return ts.ScriptKind.TSX
  if (/\.(ts|mts|cts)$/.test(file)) return ts.ScriptKind.TS
  return ts.ScriptKind.JSX
}

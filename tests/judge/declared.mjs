// What the checker says a call calls: a function or class of the project, something outside, or nothing that can be known.

import path from 'node:path'
import { calleeOf, keyOf, lastName, positionOf } from './sites.mjs'

const LONGEST = 12

/** Asks a program about the drawn sites of one file; gives each site with `declared` and `kind`. */
export class Judge {
  constructor(programs, program) {
    this.ts = programs.ts
    this.root = programs.root
    this.program = program
    this.checker = program.getTypeChecker()
  }

  /**
   * `declared` is `{path, line, last}` (the lines from the name to where the body starts), `"outside"` or `"unknown"`; `kind` says what it is, `by` how
   * the checker came to it: `name` where following names is enough, `type` where only its inference knows. `also` lists what it names besides: the
   * other members of a union, the variable that holds what a wrapper gives back.
   */
  *answers(file, sites) {
    const source = this.program.getSourceFile(path.join(this.root, file))
    if (!source) return
    const wanted = new Map(sites.map((site) => [keyOf(site), site]))
    const nodes = []
    const visit = (node) => {
      const callee = calleeOf(this.ts, node)
      if (callee) nodes.push([node, callee])
      this.ts.forEachChild(node, visit)
    }
    visit(source)
    for (const [node, callee] of nodes) {
      const site = wanted.get(keyOf({ path: file, end: positionOf(source, callee.getEnd()) }))
      if (site) yield { ...site, ...this.answer(node, callee) }
    }
  }

  answer(node, callee) {
    const { ts } = this
    const named = isComputed(ts, callee) ? { kind: 'several' } : this.ofName(callee)
    const signed = this.ofSignature(node)
    // Of these a type says what may run, not what does.
    if (['several', 'parameter'].includes(named?.kind)) return { declared: 'unknown', kind: named.kind }
    const form = formOf(ts, signed?.node ?? named?.node)
    const also = [named?.at, ...(named?.others ?? [])].filter(Boolean)
    if (signed?.at && named && same(signed, named)) return { declared: signed.at, kind: signed.kind, by: 'name', form, also: named.others }
    if (signed?.at) return { declared: signed.at, kind: signed.kind, by: 'type', form, also }
    // A wrapper hides what it wraps from the type; the name still says where it is written.
    if (named?.at) return { declared: named.at, kind: named.kind, by: 'name', form, also: named.others }
    if (signed?.kind === 'type') return { declared: 'unknown', kind: 'type' }
    // A value of the project under a type of somebody else's: what it is, the type does not say.
    const ours = named && named.kind !== 'outside'
    if (signed?.kind === 'outside' && !ours) return { declared: 'outside', kind: 'typed' }
    const root = this.origin(callee, LONGEST)
    if (root === 'outside') return { declared: 'outside', kind: 'package' }
    const global = ts.isIdentifier(callee) && !this.symbolOf(callee)
    if (global) return { declared: 'outside', kind: 'global' }
    return { declared: 'unknown', kind: named?.kind ?? signed?.kind ?? 'untyped' }
  }

  /** By the signature that the checker resolves the call to. */
  ofSignature(node) {
    const { ts, checker } = this
    const signature = checker.getResolvedSignature(node)
    const declaration = signature?.declaration
    // Of a union the checker makes one signature: whichever it takes for it, another may run.
    if (signature?.compositeSignatures?.length > 1) return { kind: 'several' }
    if (!declaration || declaration.kind === ts.SyntaxKind.JSDocSignature) return undefined
    if (!this.isOurs(declaration)) return { kind: 'outside' }
    if (declaration.body) return this.found(declaration)
    const symbol = declaration.symbol
    const implementation = symbol?.declarations?.find((other) => other.body && this.isOurs(other))
    return implementation ? this.found(implementation) : { kind: 'type' }
  }

  /** By the symbol of the callee's last name. */
  ofName(callee) {
    if (this.ts.isCallExpression(callee)) return this.ofValue(callee, callee, LONGEST)
    const symbol = this.symbolOf(lastName(this.ts, callee))
    return symbol && this.ofSymbol(symbol, LONGEST)
  }

  symbolOf(name) {
    const { ts, checker } = this
    const symbol = checker.getSymbolAtLocation(name)
    if (!symbol) return undefined
    const final = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return final.declarations?.length ? final : undefined
  }

  ofSymbol(symbol, left) {
    const declarations = symbol.declarations.filter((declaration) => this.isOurs(declaration))
    if (!declarations.length) return { kind: 'outside' }
    const written = declarations.map((declaration) => this.ofDeclaration(declaration, left))
    const [first, ...others] = written.filter((one) => one?.at)
    return first ? { ...first, others: [...(first.others ?? []), ...others.map((one) => one.at)] } : written.find(Boolean)
  }

  ofDeclaration(declaration, left) {
    const { ts } = this
    if (ts.isFunctionLike(declaration)) return declaration.body ? this.found(declaration) : { kind: 'type' }
    if (ts.isClassLike(declaration)) return this.found(declaration)
    if (ts.isParameter(declaration)) return { kind: 'parameter' }
    if (ts.isBindingElement(declaration)) return { kind: 'destructured' }
    if (ts.isShorthandPropertyAssignment(declaration)) {
      const symbol = this.checker.getShorthandAssignmentValueSymbol(declaration)
      return symbol && this.ofAliased(symbol, left)
    }
    if (ts.isPropertySignature(declaration)) return { kind: 'type' }
    if (ts.isBinaryExpression(declaration)) return this.ofValue(declaration.right, declaration, left)
    if (ts.isExportAssignment(declaration)) return this.ofValue(declaration.expression, declaration, left)
    return declaration.initializer ? this.ofValue(declaration.initializer, declaration, left) : { kind: 'no value' }
  }

  ofAliased(symbol, left) {
    const { ts, checker } = this
    const final = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return final.declarations?.length && left > 0 ? this.ofSymbol(final, left - 1) : undefined
  }

  ofValue(written, declaration, left) {
    const { ts, checker } = this
    const value = ts.skipOuterExpressions(written)
    if (ts.isFunctionLike(value) || ts.isClassLike(value)) return this.found(value, declaration)
    const reference = this.ofReference(value, left)
    if (reference) return reference
    if (ts.isCallExpression(value)) {
      const bound = ts.isPropertyAccessExpression(value.expression) && value.expression.name.text === 'bind'
      if (bound) return this.ofValue(value.expression.expression, declaration, left)
      // What a function of the project gives back is its own affair; only of foreign ones nothing more is known.
      const given = checker.getResolvedSignature(value)?.declaration
      if (given && this.isOurs(given)) return { kind: 'result' }
      const handed = handedFunctions(ts, value)
      const others = value.arguments.map((argument) => this.ofReference(argument, left)?.at).filter(Boolean)
      if (!handed.length && !others.length) return { kind: 'result' }
      const last = handed.at(-1) ?? value
      return { kind: 'wrapped', at: this.lines(nameOf(ts, declaration) ?? declaration, last.body ?? last), others }
    }
    if (ts.isConditionalExpression(value) || ts.isBinaryExpression(value) || isComputed(ts, value)) return { kind: 'several' }
    return { kind: ts.isNewExpression(value) ? 'result' : 'other value' }
  }

  ofReference(value, left) {
    const { ts, checker } = this
    if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value)) return undefined
    const symbol = checker.getSymbolAtLocation(lastName(ts, value))
    return symbol && this.ofAliased(symbol, left)
  }

  found(declaration, around) {
    const { ts } = this
    const isClass = ts.isClassLike(declaration)
    const holder = around ?? holderOf(ts, declaration)
    const from = declaration.name ?? nameOf(ts, holder) ?? declaration
    const to = isClass ? (declaration.name ?? declaration) : declaration.body
    const kind = isClass || ts.isConstructorDeclaration(declaration) ? 'class' : 'function'
    if (ts.isConstructorDeclaration(declaration)) {
      const name = declaration.parent.name ?? declaration.parent
      return { kind, at: this.lines(name, declaration.body), node: declaration.parent }
    }
    return { kind, at: this.lines(from, to), node: declaration }
  }

  lines(from, to) {
    const source = from.getSourceFile()
    const line = (offset) => source.getLineAndCharacterOfPosition(offset).line + 1
    const last = this.ts.isClassLike(to) ? from.getEnd() : to.getStart(source)
    return { path: path.relative(this.root, source.fileName), line: line(from.getStart(source)), last: line(last) }
  }

  /** Whether a callee starts at something that no file of the project gives. */
  origin(node, left) {
    const { ts, checker } = this
    if (left === 0) return 'unknown'
    let at = ts.skipOuterExpressions(node)
    for (;;) {
      const required = ts.isCallExpression(at) && ts.isIdentifier(at.expression) && at.expression.text === 'require' && at.arguments[0]
      if (required) return ts.isStringLiteral(required) && isBare(required.text) ? 'outside' : 'unknown'
      if (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at) || ts.isCallExpression(at) || ts.isNewExpression(at)) at = at.expression
      else if (ts.isAwaitExpression(at) || ts.isTaggedTemplateExpression(at)) at = at.expression ?? at.tag
      else break
      at = ts.skipOuterExpressions(at)
    }
    if (ts.isStringLiteralLike(at) || ts.isArrayLiteralExpression(at) || ts.isTemplateExpression(at) || ts.isRegularExpressionLiteral(at)) return 'outside'
    if (!ts.isIdentifier(at)) return 'unknown'
    const symbol = checker.getSymbolAtLocation(at)
    if (!symbol) return 'unknown'
    const final = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    if (!final.declarations?.length) return this.isPackage(symbol) ? 'outside' : 'unknown'
    const declaration = final.declarations[0]
    if (!this.isOurs(declaration)) return 'outside'
    let holder = declaration
    while (ts.isBindingElement(holder)) holder = holder.parent.parent
    return ts.isVariableDeclaration(holder) && holder.initializer ? this.origin(holder.initializer, left - 1) : 'unknown'
  }

  /** Whether an import that leads nowhere names a package: it is not installed, so it is not the project's. */
  isPackage(symbol) {
    const { ts } = this
    let at = symbol.declarations?.[0]
    while (at && !ts.isImportDeclaration(at) && !ts.isExportDeclaration(at) && !ts.isImportEqualsDeclaration(at)) at = at.parent
    const specifier = at?.moduleSpecifier
    return Boolean(specifier && ts.isStringLiteral(specifier) && isBare(specifier.text))
  }

  isOurs(declaration) {
    const source = declaration.getSourceFile()
    return source.fileName.startsWith(`${this.root}/`) && !source.fileName.includes('/node_modules/') && !source.isDeclarationFile
  }
}

const same = (a, b) => a.node && a.node === b.node

/** Whether a specifier can name a package: it is no path and no common alias. */
const isBare = (specifier) => !/^([./]|[@~#]\/)/.test(specifier)

/** `handlers[key]`: one of several, whatever the type says. */
function isComputed(ts, node) {
  return ts.isElementAccessExpression(node) && !ts.isStringLiteralLike(node.argumentExpression) && !ts.isNumericLiteral(node.argumentExpression)
}

/** How what is called is written, for the table of reasons. */
function formOf(ts, node) {
  if (!node) return undefined
  if (ts.isMethodDeclaration(node)) return ts.isClassLike(node.parent) ? 'method of a class' : 'method of an object'
  if (ts.isClassLike(node)) return 'class'
  if (ts.isFunctionDeclaration(node)) return 'declaration'
  const holder = node.parent
  if (ts.isPropertyAssignment(holder)) return 'property of an object'
  if (ts.isPropertyDeclaration(holder)) return 'field of a class'
  if (ts.isVariableDeclaration(holder)) return 'variable'
  if (ts.isCallExpression(holder)) return 'argument of a call'
  return ts.isReturnStatement(holder) || ts.isArrowFunction(holder) ? 'returned' : 'other'
}

/** The functions that a call, or one that it is chained on or nested in its arguments, is handed as literals. */
function handedFunctions(ts, call) {
  const found = []
  const visit = (node, left) => {
    const value = ts.skipOuterExpressions(node)
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isClassExpression(value)) found.push(value)
    else if (ts.isCallExpression(value) && left > 0) value.arguments.forEach((argument) => visit(argument, left - 1))
  }
  visit(call, 4)
  return found
}

/** The declaration that gives a function literal its name. */
function holderOf(ts, node) {
  let at = node.parent
  while (at && (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isSatisfiesExpression(at) || ts.isCallExpression(at))) at = at.parent
  const names = at && (ts.isVariableDeclaration(at) || ts.isPropertyAssignment(at) || ts.isPropertyDeclaration(at) || ts.isBinaryExpression(at) || ts.isExportAssignment(at))
  return names ? at : node
}

function nameOf(ts, declaration) {
  if (ts.isBinaryExpression(declaration)) return declaration.left
  return declaration.name
}

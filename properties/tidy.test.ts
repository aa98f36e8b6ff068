/**
 * Rules about the sources that no linter at hand can express: what makes a run depend on the machine, the clock or the
 * order of promises must not stand on the simulation path (DESIGN.md, section 2). Works on syntax trees, so comments and
 * text do not matter. Clocks, timers, Promise and Intl as globals are refused by biome.json as well.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SIMULATION = 'kernel statechart model dataflow protocols cluster faults oracles check'.split(' ')

/** Of Math, only these are bit-stable: exact, or correctly rounded by IEEE 754. */
const STABLE_MATH = new Set('abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '))
const STABLE_CONSTANTS = new Set('E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' '))
const CLOCKS = new Set(
  'Date performance setTimeout setInterval setImmediate queueMicrotask Intl Promise fetch crypto'.split(' '),
)
const LOCALE = new Set(
  'localeCompare toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase'.split(' '),
)

/** The one file that puts stubs in place of what user code must not call, and so has to name it. It may not call it. */
const STUBBER = 'src/check/pure-globals.ts'

/** What is wrong with a node and what to do instead, or null. */
function fault(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text
    const called = ts.isCallExpression(node.parent) && node.parent.expression === node
    if (name === 'random' && !called && node.getSourceFile().fileName === STUBBER) return null
    if (isMath(node.expression) && !STABLE_MATH.has(name) && !STABLE_CONSTANTS.has(name))
      return name === 'random'
        ? 'Math.random: draw with decide()'
        : `Math.${name} is not bit-stable: use an integer table or + - * / Math.sqrt Math.fround Math.imul`
    if (LOCALE.has(name)) return `${name} depends on the locale: compare with < and >, write with String()`
  }
  if (ts.isElementAccessExpression(node) && isMath(node.expression)) return 'Math[…] hides the function: name it'
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined && isMath(node.initializer))
    return 'an alias of Math hides the function: write Math.name where it is used'
  if (
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken ||
      node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken)
  )
    return '** is not bit-stable: multiply, or write the number'
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node))
    return 'the simulation is synchronous: schedule an event instead of async and await'
  if (ts.isIdentifier(node) && CLOCKS.has(node.text) && isGlobalValue(node))
    return `${node.text}: the simulation knows virtual time, its own events and decide() only`
  return null
}

function isMath(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.text === 'Math'
}

/** An identifier that is used as a value, and not as the name of a property, a declaration or a type. */
function isGlobalValue(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false
  if (ts.isExpression(parent)) return true
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.initializer === node
  return ts.isReturnStatement(parent) || ts.isExpressionStatement(parent) || ts.isTemplateSpan(parent)
}

/** All faults of a source as 'file:line: what'. */
function faults(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const what = fault(node)
    if (what !== null) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.ts') && entry.name !== 'node.ts' ? [path] : []
  })
}

describe('the simulation path', () => {
  it.each(SIMULATION)('src/%s does the same on every machine', (folder) => {
    const found = sources(join(ROOT, 'src', folder)).flatMap((path) =>
      faults(relative(ROOT, path), readFileSync(path, 'utf8')),
    )
    expect(found).toEqual([])
  })
})

describe('the scan', () => {
  it.each([
    'const x = Math.log(2)',
    'const x = Math.random()',
    'const x = Math["cos"](1)',
    'const { sin } = Math',
    'const x = 2 ** 5',
    'let x = 2; x **= 3',
    'async function f() {}',
    'const f = async () => 1',
    'const o = { async f() {} }',
    'const x = a.localeCompare(b)',
    'const x = (1).toLocaleString()',
    'const x = Date.now()',
    'const x = new Date()',
    'const now = Date',
    'const x = performance.now()',
    'setTimeout(() => {}, 1)',
    'const x = new Promise(() => {})',
    'return_(Promise.resolve(1))',
    'const o = { clock: Date }',
  ])('refuses %s', (text) => {
    expect(faults('x.ts', text)).toHaveLength(1)
  })

  it('lets the file with the stubs name Math.random, but not call it', () => {
    expect(faults(STUBBER, 'const random = Math.random; Math.random = stub')).toEqual([])
    expect(faults(STUBBER, 'const x = Math.random()')).toHaveLength(1)
    expect(faults('x.ts', 'Math.random = stub')).toHaveLength(1)
  })

  it.each([
    '/* Math.log(2), 2 ** 3, async */ const x = "Date.now()"',
    'const x = Math.imul(3, 5) + Math.sqrt(2) * Math.PI',
    'type P = Promise<Date>',
    'interface A { Date: number; performance: string }',
    'globalThis.Date = stub',
    'const o = { Date: stub }',
    'const x = o.Date',
  ])('accepts %s', (text) => {
    expect(faults('x.ts', text)).toEqual([])
  })
})

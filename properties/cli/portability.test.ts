/** What the doctor finds in a text, and what it lets pass. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { portabilityFindings } from '../../src/cli/portability.ts'
import { PORTABILITY_RULES } from '../../src/cli/portability-rules.ts'
import { syntaxTree } from '../../src/cli/syntax-tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function findings(text: string, file = 'job.ts') {
  const path = join(folder, file)
  writeFileSync(path, text)
  return portabilityFindings(await syntaxTree(path))
}
/** 'line:column rule: what' of each. */
const told = async (text: string, file?: string): Promise<string[]> =>
  (await findings(text, file)).map(({ line, column, rule, what }) => `${line}:${column} ${rule}: ${what}`)

/** In a function that a job is given. */
const within = (code: string): string =>
  `export const job = build((env) => {\n${code}\n})\ndeclare const env: any, x: any, build: any\n`

describe('found in a function', () => {
  it.each([
    ['x.t = Date.now()', '2:7 clock: Date.now reads the clock of the machine'],
    ['x.t = new Date()', '2:11 clock: new Date() reads the clock of the machine'],
    ['x.t = Date()', '2:7 clock: Date() reads the clock of the machine'],
    ['x.t = Date.parse(x)', '2:7 clock: Date.parse is refused while a job runs; count in milliseconds, and read'],
    ['x.t = new Date(x)', '2:11 clock: Date is refused while a job runs'],
    ['x.t = performance.now()', '2:7 clock: performance.now reads the clock of the machine'],
    ['x.t = process.hrtime.bigint()', '2:7 clock: process.hrtime.bigint reads the clock of the machine'],
    ['x.t = Math.random()', '2:7 random: Math.random is another one in every run'],
    ["x.t = Math['random']()", '2:7 random: Math.random is another one in every run'],
    ['x.t = globalThis.Math.random()', '2:7 random: Math.random is another one in every run'],
    ['x.t = crypto.randomUUID()', '2:7 random: crypto.randomUUID is another one in every run'],
    [
      'setTimeout(() => x(), 5)',
      '2:1 timer: setTimeout waits for the clock of the machine, not for the time of the job',
    ],
    ['process.nextTick(x)', '2:1 async: process.nextTick is settled later'],
    ['env.map((n: number) => Promise.resolve(n))', '2:24 async: Promise.resolve is settled later'],
    ['env.map(async (n: number) => n)', '2:9 async: an asynchronous function is done only when the event'],
    ['x.t = fetch("http://localhost")', '2:7 network: fetch asks something that a replay cannot ask again'],
    ['x.t = process.env.HOME', '2:7 environment: process.env.HOME depends on the machine and the process'],
    ['x.t = x.localeCompare("a")', '2:9 locale: localeCompare depends on the language of the machine'],
    ['x.t = (5).toLocaleString()', '2:11 locale: toLocaleString depends on the language of the machine'],
    ['x.t = new Intl.NumberFormat()', '2:11 locale: Intl.NumberFormat depends on the language of the machine'],
    ['x.t = x.when.getHours()', '2:14 locale: getHours depends on the time zone of the machine'],
    ['x.t = Math.log(x)', '2:7 math: Math.log is rounded differently by different machines and versions'],
    ['x.t = Math.hypot(x, x)', '2:7 math: Math.hypot is rounded differently'],
    ['x.t = x ** 2', '2:7 math: ** is rounded differently'],
    ['x.t **= 2', '2:1 math: **= is rounded differently'],
    ['const { floor, sin: s } = Math; x(floor, s)', '2:27 math: Math.sin is rounded differently'],
    ['const m = Math; x(m)', '2:11 math: Math by another name hides which of its functions are used'],
    ['for (const key in x) x(key)', '2:1 order: for … in goes by how the object came to be'],
    ['x.t = new WeakRef(x)', '2:11 environment: WeakRef depends on when memory is collected'],
  ])('%s', async (code, expected) => {
    const [found, ...more] = await told(within(code))
    expect(found).toContain(expected)
    expect(more).toEqual([])
  })

  it.each([
    [
      "import { randomUUID } from 'node:crypto'\nexport const f = () => randomUUID()",
      '2:24 random: node:crypto.randomUUID is',
    ],
    ["import * as c from 'crypto'\nexport const f = () => c.randomBytes(4)", '2:24 random: node:crypto.randomBytes is'],
    [
      "import { performance as p } from 'node:perf_hooks'\nexport const f = () => p.now()",
      '2:24 clock: node:perf_hooks',
    ],
    ["import { setTimeout } from 'node:timers/promises'\nexport const f = () => setTimeout(5)", '2:24 timer: node:tim'],
    [
      "import os from 'os'\nexport const f = () => os.hostname()",
      '2:24 environment: node:os.hostname depends on the machine',
    ],
    ["import { hrtime } from 'node:process'\nexport const f = () => hrtime()", '2:24 environment: node:process.hrtime'],
  ])('imported: %s', async (text, expected) => {
    const [found, ...more] = await told(text)
    expect(found).toContain(expected)
    expect(more).toEqual([])
  })
})

describe('let pass', () => {
  it.each([
    // exact, or correctly rounded
    'x.t = Math.floor(Math.sqrt(x)) + Math.imul(x, 3) * Math.PI',
    "import_('x').createHash('sha256'); function import_(s: string): any { return s }",
    // a name of the file's own
    'const Date = { now: () => 1 }; x.t = Date.now()',
    'const f = (performance: { now(): number }) => performance.now(); x(f)',
    'try { x() } catch (crypto: any) { x(crypto.code) }',
    'for (const fetch of x) x(fetch)',
    'function setTimeout(n: number) { return n }\nx(setTimeout(3))',
    'class Promise {}\nx(new Promise())',
    'var process = x; x(process.env)',
    // no value
    'x.Date = x.performance.now + x.crypto; const y: Date = { Math: 1, fetch() {} } as any; x(y)',
    'Date: for (;;) break Date',
    'type P = Promise<Date>',
    // a sorted order
    'for (const key of Object.keys(x).sort()) x(key)',
    'let n = 0; x(() => (n += 1))',
    'const seen = new Set<number>(); x(() => seen.add(1))',
  ])('%s', async (code) => {
    expect(await told(within(code))).toEqual([])
  })

  it('what runs once, when the file is loaded', async () => {
    expect(
      await told(`
import { readFileSync } from 'node:fs'
const read = async (name: string): Promise<string[]> => readFileSync(name, 'utf8').split('\\n')
async function lines() {
  return [await read('a')]
}
const rows = (await lines()).flat().map((row) => ({ at: Date.parse(row), day: new Date(row) }))
const all = await Promise.all(['a', 'b'].map(async (name) => read(name)))
const seen = new Map<string, number>()
for (const { at } of rows) seen.set(String(at), all.length)
let longest = 0
for (const row of rows) longest += row.at
const total = (() => { longest += 1; return longest })()
export { rows, seen, total }
`),
    ).toEqual(['3:14 async: read() is done only when the event that called it is long over'])
  })
})

describe('asynchronous functions of the file', () => {
  it('are named where they are made, if a function uses them or they are handed on', async () => {
    expect(await told('const load = async () => 1\nexport const f = () => load()')).toEqual([
      expect.stringContaining('1:14 async: load() is done only when'),
    ])
    expect(await told('async function load() {}\nbuild(load)\ndeclare const build: any')).toEqual([
      expect.stringContaining('1:1 async: load() is done only when'),
    ])
    expect(await told('async function load() {}\nawait load()')).toEqual([])
  })
  it('are named as methods and as what a scenario is built by', async () => {
    expect(await told('export class A {\n  async open() {}\n  static async *all() {}\n}')).toHaveLength(2)
    expect(await told("scenario('x', async (env: any) => env)\ndeclare const scenario: any")).toHaveLength(1)
  })
})

describe('state outside of state', () => {
  it('is what belongs to the file, and functions change', async () => {
    const text = `let count = 0
const seen = new Map<string, number>()
const list: number[] = []
const limits = { low: 0 }
export const f = (n: number) => {
  count += n
  count++
  seen.set('a', n)
  list.push(n)
  limits.low = n
  return count + seen.size + list.length + limits.low
}
`
    expect((await findings(text)).map(({ line, column, rule }) => [line, column, rule])).toEqual(
      [6, 7, 8, 9, 10].map((line) => [line, 3, 'shared']),
    )
  })

  it('is what belongs to the function that builds a scenario, and those that it hands to the job change', async () => {
    const text = `import { scenario } from 'cutline'
export default scenario('x', (env) => {
  let total = 0
  const seen = new Set<number>()
  let names = ''
  names += 'a'
  ;['b'].forEach((name) => { names += name })
  env.fromSource(source, names).map((n: number) => { total += n; seen.add(n); let own = 0; own += n; return own })
    .process(() => {
      let mine = 0
      return { processElement() { mine += 1; total = mine } }
    })
})
declare const source: any
`
    expect((await findings(text)).map(({ line, rule, what }) => [line, rule, what.split(' ')[0]])).toEqual([
      [8, 'shared', 'total'],
      [8, 'shared', 'seen'],
      [11, 'shared', 'total'],
    ])
    expect((await findings(text))[0]!.what).toContain('belongs to the scenario, not to an attempt of the job')
  })

  it('is a field that is gone through in the order of arrival, unless it is sorted', async () => {
    const text = `export class Keeper {
  #seen = new Set<number>()
  open() { this.byKey = new Map() }
  byKey!: Map<string, number>
  list: number[] = []
  processElement() {
    for (const value of this.#seen) use(value)
    for (const [key] of this.byKey.entries()) use(key)
    use([...this.#seen])
    use(Array.from(this.byKey.keys()))
    this.byKey.forEach(use)
    for (const value of [...this.#seen].sort()) use(value)
    for (const key of Array.from(this.byKey.keys()).toSorted()) use(key)
    for (const value of this.list) use(value)
    use(this.#seen.has(1), this.byKey.get('a'), this.#seen.size)
  }
}
declare const use: any
`
    expect((await findings(text)).map(({ line, rule, what }) => [line, rule, what.split(' ')[0]])).toEqual([
      [7, 'order', 'this.#seen'],
      [8, 'order', 'this.byKey'],
      [9, 'order', 'this.#seen'],
      [10, 'order', 'this.byKey'],
      [11, 'order', 'this.byKey'],
    ])
  })
})

describe('places', () => {
  it('are those of the file, whatever TypeScript stands before', async () => {
    const text = `#!/usr/bin/env node
interface Row {
  readonly at: number
}

export enum Side { Left, Right }

export function f<T extends Row>(this: void, row: T, side: Side = Side.Left): number {
  const at = row.at as number satisfies number
  return at + Math.random()! + (<number>Math.sin(side))
}
`
    expect(await told(text)).toEqual([
      '10:15 random: Math.random is another one in every run',
      '10:41 math: Math.sin is rounded differently by different machines and versions',
    ])
  })
  it('are found in JavaScript of both kinds', async () => {
    expect(await told('module.exports = () => Math.random()\nreturn', 'old.cjs')).toHaveLength(1)
    expect(await told('export const f = () => <b>{Math.random()}</b>', 'view.jsx')).toHaveLength(1)
  })
})

it('every rule says what to write instead', async () => {
  for (const [rule, instead] of Object.entries(PORTABILITY_RULES)) expect(instead.length, rule).toBeGreaterThan(20)
  expect((await findings('export const f = () => Math.random()'))[0]!.instead).toBe(PORTABILITY_RULES.random)
})

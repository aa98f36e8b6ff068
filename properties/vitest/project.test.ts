/**
 * `cutline/vitest` as a user has it: a project of its own, with the package in node_modules, under a vitest of its own. Its
 * files stand in project/ with imports of the sources, so that they are type-checked; they are exchanged for 'cutline'.
 */
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonTestResults } from 'vitest/node'
import { Check, corpusLine, tokenOf } from '../../src/check/index.ts'
import { encodeToken } from '../../src/check/token.ts'
import { aligned } from '../../src/protocols/index.ts'
import { inField } from './project/counts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = fileURLToPath(new URL('./project/', import.meta.url))
const fingerprint = 'state/twin-deviates:twin'
const place = mkdtempSync(join(tmpdir(), 'cutline-project-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** The package as npm would put it there; its dependencies are those of this repository. */
async function installPackage(): Promise<void> {
  const target = join(place, 'node_modules/cutline')
  mkdirSync(target, { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(target, 'package.json'))
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object }
  for (const name of [...Object.keys(dependencies), 'vitest'])
    symlinkSync(join(ROOT, 'node_modules', name), join(place, 'node_modules', name))
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/index.ts', 'src/vitest/index.ts', 'src/vitest/reporter.ts'],
    outbase: 'src',
    outdir: join(target, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
}

function writeProject(): void {
  for (const name of readdirSync(FILES)) {
    const text = readFileSync(join(FILES, name), 'utf8')
      .replaceAll("'../../../src/index.ts'", "'cutline'")
      .replaceAll("'../../../src/vitest/index.ts'", "'cutline/vitest'")
    writeFileSync(join(place, name), text)
  }
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(place, 'empty.jsonl'), '')
}

/** A failure that the project has, one of another scenario, one of another engine, a broken line. */
function writeCorpus(): void {
  const check = new Check({ scenario: inField, protocol: aligned, seed: 'demo' })
  const { failure } = check.batch(Array.from({ length: 200 }, (_, index) => index))
  const { plan, digest } = failure!
  const token = tokenOf(inField, plan, fingerprint, digest)
  const entry = { token, scenario: inField.name, fingerprint, note: 'as found', date: '2026-11-25' }
  const elsewhere = tokenOf({ ...inField, name: 'elsewhere' }, { ...plan, scenario: 'elsewhere' }, fingerprint, digest)
  const older = encodeToken({
    plan: { ...plan, engine: 0 },
    graph: '00000000',
    fingerprint: fingerprint,
    digest,
  })
  const lines = [
    corpusLine(entry),
    corpusLine({ ...entry, token: elsewhere, scenario: 'elsewhere' }),
    corpusLine({ ...entry, token: older }),
    '{"token":\n',
  ]
  writeFileSync(join(place, 'corpus.jsonl'), lines.join(''))
}

interface Outcome {
  readonly output: string
  /** What vitest says of each test, by its name. */
  readonly tests: ReadonlyMap<string, { readonly status: string; readonly message: string }>
}

function runVitest(): Promise<Outcome> {
  const json = join(place, 'results.json')
  const argv = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...['default', 'cutline/vitest/reporter', 'json'].map((reporter) => `--reporter=${reporter}`),
    `--outputFile=${json}`,
  ]
  const { VITEST: _, CUTLINE_SEED: __, ...env } = process.env
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, { cwd: place, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) => {
      if (error?.code !== 1) return reject(error ?? new Error('vitest has passed, though tests were to fail'))
      const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as JsonTestResults
      const tests = testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ title, status, failureMessages }) => {
          const message = (failureMessages ?? []).join('\n')
          return [title, { status, message }] as const
        }),
      )
      resolve({ output: stdout + stderr, tests: new Map(tests) })
    })
  })
}

describe('a project with cutline in node_modules', () => {
  let outcome!: Outcome
  beforeAll(async () => {
    await installPackage()
    writeProject()
    writeCorpus()
    outcome = await runVitest()
  })

  it.each(['counts survive', 'to show a bug', 'fake timers stay', 'crashes', 'messages', 'every input is counted'])(
    'passes: %s',
    (title) => {
      expect(outcome.tests.get(title), outcome.output).toEqual({ status: 'passed', message: '' })
    },
  )

  const titleOf = (line: number, scenario = 'counts-in-field'): string =>
    `line ${line}: ${scenario} does not fail with ${fingerprint} (as found, 2026-11-25)`

  it.each<[title: string, ...sentences: RegExp[]]>([
    [
      'a bug',
      /^Error: safety violated: run \d+, state\/twin-deviates:twin\ncount\[\d\] emitted another record than a twin/,
      /\n\ncutline replay cutline:v1:counts-in-field:[\w-]+\n\n {2}faults {2}/,
      /\n {2}shrunk {2}.* → 1 fault, \d+ records, parallelism 1 /,
      /\n {2}done {9}\d+ runs in /,
      /fails\.spec\.ts:9:\d+/,
    ],
    ['no bug', /^Error: counts was expected to fail, but holds: 0 of 10 runs/],
    ['no fault', /^Error: vacuous: nothing was put to the test: no fault struck\nGive it more runs/],
    ['no fault, and not', /^Error: vacuous: /],
    [
      'not awaited',
      /^Error: toSurvive was not awaited: write 'await .*\ncounts was expected to fail/,
      /fails\.spec\.ts:25:\d+/,
    ],
    [
      'more than fits',
      /^Error: inconclusive: [\d,]+ runs? of 1,000,000 fit into the [\d.]+ m?s that the test's timeout leaves/,
    ],
    [
      'longer than fits',
      /^Error: a check of 30 s was asked for, but the test's timeout leaves [\d.]+ m?s: give the test more/,
    ],
    ['a loop', /^Error: inconclusive: run 0 had not returned when the test's time was up/],
    ['a function that throws', /^Error: user code failed: run \d+, user\/.*\n.*\d is too much/, /counts\.ts:\d+:\d+/],
    ['a broken job', /^JobError: the job has no source: begin with/, /fails\.spec\.ts:45:\d+/],
    [
      'too strong',
      /^Error: safety violated: run 0, invariant\/too strong\nThe invariant 'too strong' does not hold: expected 20 to be/,
      /examples: \[\{ token: 'cutline:v1:counts:[\w-]+', values: \{"count":20,"text":""\} \}\]/,
      /fails\.spec\.ts:\d+:\d+\n/,
    ],
    [
      titleOf(1),
      /^Error: .*corpus\.jsonl:1 fails: the failure of this token is there, by the same run: state\/twin-deviates:twin\n/,
      /fails\.spec\.ts:56:\d+/,
    ],
    [
      titleOf(2, 'elsewhere'),
      /corpus\.jsonl:2 cannot be replayed: the token is of the scenario 'elsewhere', but known/,
    ],
    [titleOf(3), /corpus\.jsonl:3 cannot be replayed: the plan was written by engine 0, .*; or drop the line/],
    [
      'line 4: cannot be used',
      /corpus\.jsonl:4 cannot be used: it is not JSON, or breaks off; mend the line or drop it/,
    ],
  ])('fails with all there is to say: %s', (title, ...sentences) => {
    const test = outcome.tests.get(title)
    expect(test?.status, outcome.output).toBe('failed')
    for (const sentence of sentences) expect(test!.message).toMatch(sentence)
  })

  it('has no test that dies of its timeout', () => {
    expect(outcome.output).not.toMatch(/Test timed out/)
    expect(outcome.tests.size).toBe(22)
  })

  it.each([
    /^ {3}survives: 60 runs in .* runs\/s, \d+ % of phases, 0 of \d+: p < .* % {2}\(counts survive\)$/m,
    /^ {3}fails as it should: run \d+, state\/twin-deviates:twin, \d+ runs in .* {2}\(to show a bug\)$/m,
    /^ {3}does not survive: run \d+, .* {2}\(a bug\)$/m,
    /^ {3}inconclusive: .* {2}\(more than fits\)$/m,
    /^ {4}Cutline {2}15 checks, [\d,]+ runs in .* runs\/s, 100 % of phases$/m,
  ])('reports how much its checks say: %s', (line) => {
    expect(outcome.output).toMatch(line)
  })
})

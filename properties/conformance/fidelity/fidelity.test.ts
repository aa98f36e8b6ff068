/** The table behind reports/fidelity.md names what is there, and the report is that table with the cases that there are; whether they agree is measured by the command. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bugs } from '../../../scenarios/bugs/index.ts'
import { suites } from '../registry.ts'
import { suiteFiles } from '../suite-file.ts'
import type { CaseResult } from './case-result.ts'
import { type Known, wrongWith } from './check-features.ts'
import type { Chapter, Feature } from './feature.ts'
import { chapters, leftOut } from './features.ts'
import { fidelityReport } from './fidelity-report.ts'

const root = join(import.meta.dirname, '../../..')
const known: Known = {
  suites: suites.map(({ name }) => name),
  bugs: bugs.map(({ id }) => id),
  isFile: (path) => existsSync(join(root, path)),
}
/** Numbers of the items of facts/flink-behaviour.md. */
const FACTS = Array.from({ length: 36 }, (_, i) => i + 1)
/** Steps are counted by replaying them, which other tests do. */
const withoutSteps = (report: string): string => report.replace(/^(\| `\w+` \| [\d,]+ \|)[^|]*\|/gm, '$1 steps |')

describe('the table of features', () => {
  it('names files, suites and bugs that there are, and has every suite', () => {
    expect(wrongWith(chapters, known)).toEqual([])
  })
  it('has every item that a naive model gets wrong, once', () => {
    const rows = [...chapters.flatMap(({ features }) => features), ...leftOut]
    expect(rows.flatMap(({ facts = [] }) => facts).sort((a, b) => a - b)).toEqual(FACTS)
  })
  it('is what the report was made of, with the cases that there are, all of which agree: else run npm run -s fidelity', () => {
    const files = suiteFiles(join(root, 'properties/fixtures'))
    const results = new Map(
      suites.map(({ name }) => [
        name,
        files
          .find(({ suite }) => suite === name)!
          .cases()
          .map((line) => ({ line, agreed: true, steps: 0 })),
      ]),
    )
    const report = withoutSteps(fidelityReport(chapters, leftOut, results))
    expect(withoutSteps(readFileSync(join(root, 'reports/fidelity.md'), 'utf8'))).toBe(report)
  })
})

const table = (feature: Partial<Feature>): readonly Chapter[] => [
  {
    title: 'T',
    features: [{ feature: 'F', where: ['a.ts'], evidence: [{ suite: 's' }], simplified: 'nothing', ...feature }],
  },
]

describe('a wrong table', () => {
  const one: Known = { suites: ['s'], bugs: ['b'], isFile: (path) => path === 'a.ts' }
  it.each<[Partial<Feature>, readonly string[]]>([
    [{ bugs: ['b'] }, []],
    [{ where: ['gone.ts'] }, ["'F' names gone.ts, which is no file."]],
    [{ tests: ['gone.test.ts'] }, ["'F' names gone.test.ts, which is no file."]],
    [{ bugs: ['c'] }, ["'F' names the bug c, which there is not."]],
    [
      { evidence: [{ suite: 't' }] },
      ["'F' names the suite t, which there is not.", 'The suite s is in no row: say what it shows.'],
    ],
    [
      { evidence: [] },
      ["'F' has no evidence: name a suite or a test.", 'The suite s is in no row: say what it shows.'],
    ],
  ])('with %j', (feature, sentences) => {
    expect(wrongWith(table(feature), one)).toEqual(sentences)
  })
})

describe('a report', () => {
  const cases = (n: number, agreed: boolean): CaseResult[] =>
    Array.from({ length: n }, (_, line) => ({ line, agreed, steps: agreed ? 2 : 1 }))
  const results = new Map([['s', [...cases(1199, true), ...cases(1, false)]]])
  it('shows cases that disagree', () => {
    const report = fidelityReport(table({}), [], results)
    expect(report).toContain('| `s` | 1,200 | 2,399 | 1,199 |')
    expect(report).toContain('| `s` 1,199 of 1,200 |')
  })
  it('counts the cases that have to do with the feature, of several suites in one line', () => {
    const of = { what: 'first ones', holds: (line: unknown) => line === 0 }
    const evidence = [{ suite: 's', of }, { suite: 't', of }, { suite: 's' }]
    const report = fidelityReport(table({ evidence }), [], new Map([...results, ['t', cases(3, true)]]))
    expect(report).toContain('| `s` 1 of 2, `t` 1: first ones<br>`s` 1,199 of 1,200 |')
  })
  it('is refused without cases of the kind, or without the suite', () => {
    const none = { what: 'odd ones', holds: () => false }
    expect(() => fidelityReport(table({ evidence: [{ suite: 's', of: none }] }), [], results)).toThrow(
      "No case of s is one 'odd ones': mend the row in features.ts.",
    )
    expect(() => fidelityReport(table({ evidence: [{ suite: 't' }] }), [], results)).toThrow(
      'There are no results of the suite t: run it, or mend the row.',
    )
  })
})

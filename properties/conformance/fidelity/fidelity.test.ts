/** The table behind reports/fidelity.md names what is there, and the report is that table. Its figures are measured by the command. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bugs } from '../../../scenarios/bugs/index.ts'
import { suites } from '../registry.ts'
import { type Known, wrongWith } from './check-features.ts'
import type { Chapter, Feature } from './feature.ts'
import { chapters } from './features.ts'
import { fidelityReport } from './fidelity-report.ts'

const root = join(import.meta.dirname, '../../..')
const known: Known = {
  suites: suites.map(({ name }) => name),
  bugs: bugs.map(({ id }) => id),
  isFile: (path) => existsSync(join(root, path)),
}
const withoutFigures = (report: string): string => report.replace(/(?<=` )[\d,]+( of [\d,]+)?/g, 'N')

describe('the table of features', () => {
  it('names files, suites and bugs that there are, and has every suite', () => {
    expect(wrongWith(chapters, known)).toEqual([])
  })
  it('is what the report was made of: else run npm run -s fidelity', () => {
    const report = fidelityReport(chapters, () => ({ cases: 1, agreed: 1 }))
    expect(withoutFigures(report)).toBe(withoutFigures(readFileSync(join(root, 'reports/fidelity.md'), 'utf8')))
  })
})

describe('a wrong table', () => {
  const table = (feature: Partial<Feature>): readonly Chapter[] => [
    {
      title: 'T',
      features: [{ feature: 'F', where: ['a.ts'], evidence: [{ suite: 's' }], simplified: 'nothing', ...feature }],
    },
  ]
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
  it('shows cases that disagree', () => {
    expect(fidelityReport(table({}), () => ({ cases: 1200, agreed: 1199 }))).toContain('`s` 1,199 of 1,200')
  })
})

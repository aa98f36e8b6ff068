import { describe, expect, it } from 'vitest'
import { suites } from './registry.ts'
import { runSuite } from './run-suite.ts'
import { suiteFiles } from './suite-file.ts'

/** Traces have a test of their own. */
const OTHERS = ['traces']
/** Of these one case in so many: `npm run conformance` (part of `.ci/run`) replays them all. */
const SAMPLED: Readonly<Record<string, number>> = { dataflow: 6 }
const files = suiteFiles('properties/fixtures').filter(({ suite }) => !OTHERS.includes(suite))

describe('what the classes of Flink 2.3.0 did, we do', () => {
  it.each(suites.filter(({ name }) => !OTHERS.includes(name)))('$name', (suite) => {
    const all = files.find((file) => file.suite === suite.name)!.cases()
    const cases = all.filter((_, i) => i % (SAMPLED[suite.name] ?? 1) === 0)
    const { agreed, firstDisagreement } = runSuite(suite.name, suite, cases)
    expect(firstDisagreement).toBeUndefined()
    expect(agreed).toBe(cases.length)
  })
})

import { describe, expect, it } from 'vitest'
import { suites } from './registry.ts'
import { runSuite } from './run-suite.ts'
import { suiteFiles } from './suite-file.ts'

/** Traces have a test of their own. */
const OTHERS = ['traces']
const files = suiteFiles('properties/fixtures').filter(({ suite }) => !OTHERS.includes(suite))

describe('what the classes of Flink 2.3.0 did, we do', () => {
  it.each(suites.filter(({ name }) => !OTHERS.includes(name)))('$name', (suite) => {
    const cases = files.find((file) => file.suite === suite.name)!.cases()
    const { agreed, firstDisagreement } = runSuite(suite.name, suite, cases)
    expect(firstDisagreement).toBeUndefined()
    expect(agreed).toBe(cases.length)
  })
})

/** Tests that fail, each in a way of its own. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scenario } from '../../../src/index.ts'
import { corpusTests, planProp } from '../../../src/vitest/index.ts'
import { counts, countsOf, inField, loops, throws } from './counts.ts'

test('a bug', async () => {
  await expect(inField).toSurvive({ runs: 200, seed: 'demo' })
})

test('no bug', async () => {
  await expect(counts).not.toSurvive({ runs: 10 })
})

test('no fault', async () => {
  await expect(counts).toSurvive({ runs: 5, faults: [] })
})

test('no fault, and not', async () => {
  await expect(counts).not.toSurvive({ runs: 5, faults: [] })
})

test('not awaited', () => {
  expect(counts).not.toSurvive({ runs: 5 })
})

test('more than fits', async () => {
  await expect(counts).toSurvive({ runs: 1_000_000 })
}, 1500)

test('longer than fits', async () => {
  await expect(counts).toSurvive({ time: '30s' })
}, 5000)

test('a loop', async () => {
  await expect(loops).toSurvive()
}, 700)

test('a function that throws', async () => {
  await expect(throws).toSurvive({ runs: 20 })
})

test('a broken job', async () => {
  await expect(scenario('empty', () => {})).toSurvive()
})

planProp(
  (values) => countsOf(values.count),
  { count: fc.integer({ min: 10, max: 60 }), text: fc.string() },
  { runs: 30 },
)('too strong', ({ committed }) => {
  expect(committed.counts!.length).toBeLessThan(20)
})

corpusTests(new URL('./corpus.jsonl', import.meta.url), [counts, inField])

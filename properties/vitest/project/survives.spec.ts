/** Tests that pass. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { corpusTests, planProp } from '../../../src/vitest/index.ts'
import { counts, countsOf, inField } from './counts.ts'

test('counts survive', async () => {
  await expect(counts).toSurvive({ runs: 60, seed: 'demo' })
})

test('to show a bug', async () => {
  await expect(inField).not.toSurvive({ runs: 200, seed: 'demo' })
})

test('fake timers stay', async () => {
  vi.useFakeTimers()
  await expect(counts).toSurvive({ runs: 20 })
  const rang = vi.fn()
  setTimeout(rang, 1000)
  vi.advanceTimersByTime(1000)
  expect(rang).toHaveBeenCalledOnce()
  vi.useRealTimers()
})

describe.concurrent('at the same time', () => {
  test('crashes', async ({ expect }) => {
    await expect(counts).toSurvive({ runs: 20, seed: 'a', faults: ['crash', 'external'] })
  })
  test('messages', async ({ expect }) => {
    await expect(counts).toSurvive({ runs: 20, seed: 'b', faults: ['rpc', 'crash-task'] })
  })
})

planProp(
  (values) => countsOf(values.count),
  { count: fc.integer({ min: 10, max: 60 }) },
  { runs: 30 },
)('every input is counted', ({ committed, inputs }, { count }) => {
  expect(inputs('numbers').length).toBeLessThanOrEqual(count)
  expect(committed.counts).toHaveLength(inputs('numbers').length)
})

corpusTests(new URL('./empty.jsonl', import.meta.url), [counts])

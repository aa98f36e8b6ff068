import type { RunnerTestCase } from 'vitest'
import { epochMs, nowMs } from './real-time.ts'

/** When the matcher was first called in an attempt of a test. */
const firstCalls = new WeakMap<object, { readonly attempt: string; readonly atMs: number }>()

/**
 * How much of its timeout a running test has left, milliseconds; Infinity if it has none.
 *
 * vitest says when a test began, hooks included. That does not help where the test waited for its turn (`concurrent`), is
 * tried again, or had hooks that took longer than its own timeout, which is not theirs: then the time counts from the first
 * call on.
 */
export function timeLeftMs(test: Readonly<RunnerTestCase>): number {
  const { timeout, result } = test
  const attempt = `${result?.retryCount ?? 0}/${result?.repeatCount ?? 0}`
  let first = firstCalls.get(test)
  if (first?.attempt !== attempt) {
    first = { attempt, atMs: nowMs() }
    firstCalls.set(test, first)
  }
  if (timeout <= 0 || timeout === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  const sinceFirstMs = nowMs() - first.atMs
  const sinceBeginMs = result?.startTime === undefined ? Number.POSITIVE_INFINITY : epochMs() - result.startTime
  const byBegin = test.concurrent !== true && attempt === '0/0' && sinceBeginMs < timeout
  return timeout - (byBegin ? Math.max(0, sinceBeginMs) : sinceFirstMs)
}

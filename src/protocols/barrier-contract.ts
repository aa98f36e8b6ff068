import type { Contract, SinkPromise } from '../model/index.ts'

/** What may become of records in a loop that barriers do not go round: they are lost, or come again. */
export type LoopFailing = 'loop-loss' | 'loop-repeat'

/**
 * What barriers promise. Output is as good as state at best: a transaction holds exactly what its sink was called with, but
 * without alignment the sink may be called with a record again, and an append log shows again what comes after the cut.
 * @param loops what may become of records that go round a loop, where barriers do not: a cut does not know of them
 */
export function barrierContract(
  state: 'exactly-once' | 'at-least-once',
  sinks: readonly SinkPromise[],
  loops: readonly LoopFailing[] = [],
): Contract {
  return {
    state,
    ...(loops.length === 0 ? {} : { loops: state === 'exactly-once' && loops.length === 1 ? 'at-most-once' : 'none' }),
    output: Object.fromEntries(sinks.map(({ uid, transactional }) => [uid, transactional ? state : 'at-least-once'])),
    permits: [
      'zombie-read', // of a file that was subsumed meanwhile
      'late-refire', // watermarks are no state: what was late before a restore may be in time after it
      ...(state === 'exactly-once' ? [] : ['may-repeat']),
      ...(sinks.every(({ transactional }) => transactional) ? [] : ['rewind-duplicate']),
      ...loops,
      ...new Set(sinks.flatMap(({ permits = [] }) => permits)),
    ],
    assumes: [
      'transaction-timeout-over-outage',
      'checkpoint-timeout-over-duration',
      'restart-budget',
      'durable-store',
      'pure-functions',
    ],
  }
}

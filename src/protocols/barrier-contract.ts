import type { Contract, SinkPromise } from '../model/index.ts'

/**
 * What barriers promise. Output is as good as state at best: a transaction holds exactly what its sink was called with, but
 * without alignment the sink may be called with a record again, and an append log shows again what comes after the cut.
 */
export function barrierContract(state: 'exactly-once' | 'at-least-once', sinks: readonly SinkPromise[]): Contract {
  return {
    state,
    output: Object.fromEntries(sinks.map(({ uid, transactional }) => [uid, transactional ? state : 'at-least-once'])),
    permits: [
      'zombie-read', // of a file that was subsumed meanwhile
      'late-refire', // watermarks are no state: what was late before a restore may be in time after it
      ...(state === 'exactly-once' ? [] : ['may-repeat']),
      ...(sinks.every(({ transactional }) => transactional) ? [] : ['rewind-duplicate']),
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

/** The scenarios that come with Cutline. */
import type { Scenario } from '../src/index.ts'
import bankTransfer from './bank-transfer.ts'
import broadcastRules from './broadcast-rules.ts'
import everything from './everything.ts'
import fileSink from './file-sink.ts'
import flightDelays from './flight-delays.ts'
import haFailover from './ha-failover.ts'
import keyedState from './keyed-state.ts'
import nexmarkQ1 from './nexmark/q1.ts'
import nexmarkQ3 from './nexmark/q3.ts'
import nexmarkQ5 from './nexmark/q5.ts'
import nexmarkQ8 from './nexmark/q8.ts'
import orderPayments from './order-payments.ts'
import ownSink from './own-sink.ts'
import ranking from './ranking.ts'
import rescaledState from './rescaled-state.ts'
import sessionize from './sessionize.ts'
import skewedJoin from './skewed-join.ts'
import tokenRing from './token-ring.ts'
import upsertSink from './upsert-sink.ts'
import wordCount from './word-count.ts'

export const scenarios: readonly Scenario[] = [
  keyedState,
  flightDelays,
  bankTransfer,
  everything,
  broadcastRules,
  orderPayments,
  wordCount,
  sessionize,
  ownSink,
  upsertSink,
  fileSink,
  nexmarkQ1,
  nexmarkQ3,
  nexmarkQ5,
  nexmarkQ8,
  skewedJoin,
  rescaledState,
  haFailover,
  tokenRing,
  ranking,
]

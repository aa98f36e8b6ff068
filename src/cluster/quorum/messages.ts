/** Codes of the messages within a quorum, and between it and its clients: their indices in what the charts declare. */
import { ACCEPTOR_MESSAGES } from './acceptor.chart.ts'
import { PROPOSER_MESSAGES } from './proposer.chart.ts'
import { QUORUM_CLIENT_MESSAGES } from './quorum-client.chart.ts'

const codes = <const N extends string>(names: readonly N[]): { readonly [K in N]: number } =>
  Object.fromEntries(names.map((name, i) => [name, i])) as { readonly [K in N]: number }

export const A = codes(ACCEPTOR_MESSAGES)
export const R = codes(PROPOSER_MESSAGES)
export const Q = codes(QUORUM_CLIENT_MESSAGES)

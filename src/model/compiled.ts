/** Charts compiled once per mutation: asking XState takes milliseconds. */

import { type Chart, type CompiledChart, compileChart, type Overrides } from '../statechart/index.ts'
import type { Mutation } from './protocol.ts'

const cache = new WeakMap<Mutation, Map<string, unknown>>()

export function compiled<E, X extends string>(chart: Chart<E, X>, mutation: Mutation): CompiledChart<E> {
  let own = cache.get(mutation)
  if (own === undefined) {
    own = new Map()
    cache.set(mutation, own)
  }
  let known = own.get(chart.name) as CompiledChart<E> | undefined
  if (known === undefined) {
    known = compileChart(chart, mutation.charts?.[chart.name] as Overrides<E> | undefined, 'generated')
    own.set(chart.name, known)
  }
  return known
}

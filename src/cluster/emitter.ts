/** The way out of a vertex: chained steps, then the edges. Every emission is a record of its own on each edge. */
import type { ChainedStep } from '../dataflow/index.ts'
import { deepFreeze } from '../kernel/index.ts'
import { type Attempt, canonicalKey, type Key, keyGroupOf, ownerOf } from '../model/index.ts'
import { checkedKey } from './checked-key.ts'
import type { ClusterContext } from './cluster-context.ts'
import { element, RECORD } from './element.ts'
import type { Emissions } from './outbox.ts'
import type { Outlet, Outlets } from './outlets.ts'

/** Keys that are remembered per edge. */
const MEMO = 4096

export class Emitter {
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #emissions: Emissions
  readonly #outlets: Outlets
  /** Receiver of the next record on each edge that deals out in turn, by the edge's index. */
  readonly #next: number[] = []
  readonly #maxParallelism: number
  readonly #steps: readonly ((value: unknown) => void)[]
  #timestamp = Number.NaN
  #emitted = 0

  constructor(context: ClusterContext, attempt: Attempt, chain: readonly ChainedStep[], emissions: Emissions) {
    this.#context = context
    this.#attempt = attempt
    this.#emissions = emissions
    this.#maxParallelism = context.graph.settings.maxParallelism
    this.#outlets = context.outlets[attempt.vertex]!
    // innermost first: each step hands on to the one after it
    const steps: ((value: unknown) => void)[] = [(value) => this.#send(value, this.#outlets.main)]
    for (let i = chain.length - 1; i >= 0; i -= 1) {
      const step = chain[i]!
      const after = steps[0]!
      steps.unshift((value) => step.apply(value, after))
    }
    this.#steps = steps
  }
  /** Emits a value through the chained steps to the main output. @param timestampMs NaN: none */
  emit(value: unknown, timestampMs: number): void {
    this.#timestamp = timestampMs
    this.#steps[0]!(value)
  }
  /** Emits a value to a side output; a tag that nobody reads is dropped. */
  emitAside(value: unknown, timestampMs: number, tag: string): void {
    const outlets = this.#outlets.sides.get(tag)
    if (outlets === undefined) return
    this.#timestamp = timestampMs
    this.#send(value, outlets)
  }
  #send(value: unknown, outlets: readonly Outlet[]): void {
    const frozen = deepFreeze(value)
    for (const outlet of outlets) {
      const copies = outlet.spec.partitioner === 'broadcast' ? outlet.outputs.length : 1
      for (let i = 0; i < copies; i += 1) this.#sendOne(frozen, outlet)
    }
  }
  #sendOne(frozen: unknown, outlet: Outlet): void {
    const { pool, observer, parts, kernel } = this.#context
    const slot = pool.put(frozen, this.#timestamp)
    const output = this.#outputOf(outlet, frozen, slot)
    observer.send(this.#attempt, outlet.edge, slot)
    kernel.trace.mix(pool.hash[slot]!)
    this.#emitted += 1
    if (parts.sendsEmission(this.#emitted)) this.#emissions.push(output, element(RECORD, slot))
    else pool.free(slot)
  }
  /** Broadcast deals out in turn as well: each record once to every receiver. */
  #outputOf(outlet: Outlet, value: unknown, slot: number): number {
    const { outputs, spec, groups } = outlet
    if (spec.partitioner === 'key') {
      const key = canonicalKey((spec.keyOf as (value: unknown) => Key)(value))
      let group = groups.get(key)
      if (group === undefined) {
        group = keyGroupOf(checkedKey(key, spec), spec.keyType, this.#maxParallelism)
        if (groups.size < MEMO) groups.set(key, group)
      }
      this.#context.pool.key[slot] = key
      this.#context.pool.keyGroup[slot] = group
      return outputs[ownerOf(group, this.#maxParallelism, outputs.length)]!
    }
    if (spec.partitioner === 'forward' || spec.partitioner === 'global') return outputs[0]!
    const next = this.#next[outlet.edge] ?? 0
    this.#next[outlet.edge] = next + 1 === outputs.length ? 0 : next + 1
    return outputs[next]!
  }
}

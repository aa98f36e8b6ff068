/** The way out of a vertex: chained steps, then the edges. Every emission is a record of its own on each edge. */
import type { ChainedStep, EdgeSpec } from '../dataflow/index.ts'
import { deepFreeze } from '../kernel/index.ts'
import { type Attempt, canonicalKey, type Key, keyGroupOf, ownerOf } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import { element, RECORD } from './element.ts'
import type { Outbox } from './outbox.ts'

interface OutputEdge {
  readonly index: number
  readonly spec: EdgeSpec
  /** Output number of each receiver, by its subtask; for a forward edge the only one. */
  readonly outputs: readonly number[]
  /** Receiver of the next record on a rebalance edge. */
  next: number
  /** Key groups of keys seen before: keys are few and come again. */
  readonly groups: Map<Key, number>
}
/** Keys that are remembered per edge. */
const MEMO = 4096

export class Emitter {
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #outbox: Outbox
  /** Edges of the main output. */
  readonly #edges: OutputEdge[]
  /** Edges of the side outputs, by tag. */
  readonly #sides = new Map<string, OutputEdge[]>()
  readonly #maxParallelism: number
  readonly #steps: readonly ((value: unknown) => void)[]
  #timestamp = Number.NaN
  #emitted = 0

  constructor(context: ClusterContext, attempt: Attempt, chain: readonly ChainedStep[], outbox: Outbox) {
    this.#context = context
    this.#attempt = attempt
    this.#outbox = outbox
    this.#maxParallelism = context.graph.settings.maxParallelism
    const vertex = context.layout.vertices[attempt.vertex]!
    this.#edges = []
    context.graph.edges.forEach((spec, index) => {
      if (spec.from !== vertex.spec) return
      const channels = vertex.outputs.map((c) => context.layout.channels[c]!).filter((c) => c.edge === index)
      this.#edgesOf(spec.tag).push({
        index,
        spec,
        outputs: channels.map((c) => c.outputIndex),
        next: 0,
        groups: new Map(),
      })
    })
    // innermost first: each step hands on to the one after it
    const steps: ((value: unknown) => void)[] = [(value) => this.#send(value, this.#edges)]
    for (let i = chain.length - 1; i >= 0; i -= 1) {
      const step = chain[i]!
      const after = steps[0]!
      steps.unshift((value) => step.apply(value, after))
    }
    this.#steps = steps
  }
  #edgesOf(tag: string | undefined): OutputEdge[] {
    if (tag === undefined) return this.#edges
    let edges = this.#sides.get(tag)
    if (edges === undefined) {
      edges = []
      this.#sides.set(tag, edges)
    }
    return edges
  }
  /** Emits a value through the chained steps to the main output. @param timestampMs NaN: none */
  emit(value: unknown, timestampMs: number): void {
    this.#timestamp = timestampMs
    this.#steps[0]!(value)
  }
  /** Emits a value to a side output; a tag that nobody reads is dropped. */
  emitAside(value: unknown, timestampMs: number, tag: string): void {
    const edges = this.#sides.get(tag)
    if (edges === undefined) return
    this.#timestamp = timestampMs
    this.#send(value, edges)
  }
  #send(value: unknown, edges: readonly OutputEdge[]): void {
    const frozen = deepFreeze(value)
    for (const edge of edges) {
      const copies = edge.spec.partitioner === 'broadcast' ? edge.outputs.length : 1
      for (let i = 0; i < copies; i += 1) this.#sendOne(frozen, edge)
    }
  }
  #sendOne(frozen: unknown, edge: OutputEdge): void {
    const { pool, observer, parts, kernel } = this.#context
    const slot = pool.put(frozen, this.#timestamp)
    const output = this.#outputOf(edge, frozen, slot)
    observer.send(this.#attempt, edge.index, slot)
    kernel.trace.mix(pool.hash[slot]!)
    this.#emitted += 1
    if (parts.sendsEmission(this.#emitted)) this.#outbox.push(output, element(RECORD, slot))
    else pool.free(slot)
  }
  /** Broadcast deals out in turn as well: each record once to every receiver. */
  #outputOf(edge: OutputEdge, value: unknown, slot: number): number {
    const { outputs, spec } = edge
    if (spec.partitioner === 'key') {
      const key = canonicalKey((spec.keyOf as (value: unknown) => Key)(value))
      let group = edge.groups.get(key)
      if (group === undefined) {
        group = keyGroupOf(key, spec.keyType, this.#maxParallelism)
        if (edge.groups.size < MEMO) edge.groups.set(key, group)
      }
      this.#context.pool.key[slot] = key
      this.#context.pool.keyGroup[slot] = group
      return outputs[ownerOf(group, this.#maxParallelism, outputs.length)]!
    }
    if (spec.partitioner === 'forward' || spec.partitioner === 'global') return outputs[0]!
    const output = outputs[edge.next]!
    edge.next = edge.next + 1 === outputs.length ? 0 : edge.next + 1
    return output
  }
}

/**
 * What the checkpoints of one task save of its channels, and what of that is in flight again after a restore. What it is that has
 * to be saved, and when it is complete, is the protocol's business.
 */
import type { EntityId } from '../kernel/index.ts'
import {
  type Attempt,
  type ChannelState,
  type InFlightElement,
  type Key,
  type LayoutVertex,
  T,
} from '../model/index.ts'
import { ChannelStateRecorder } from './channel-state-recorder.ts'
import type { ClusterContext } from './cluster-context.ts'
import { element, hasPayload, kindOf, operandOf, RECORD, WATERMARK } from './element.ts'
import { ElementQueue } from './element-queue.ts'

/** What it needs from its task. */
export interface SavingTask {
  readonly id: EntityId
  /** True if the copy of a checkpoint's state waits to be stored. */
  isCopied(checkpoint: number): boolean
}

export class SavedChannels {
  /** By input: what comes back, and is read before all others. */
  readonly recovered: readonly ElementQueue[]
  readonly recorder: ChannelStateRecorder
  readonly #context: ClusterContext
  readonly #vertex: LayoutVertex
  readonly #task: SavingTask
  /** Checkpoints whose bytes wait for their channel state. */
  readonly #awaited = new Set<number>()

  constructor(context: ClusterContext, vertex: LayoutVertex, task: SavingTask) {
    this.#context = context
    this.#vertex = vertex
    this.#task = task
    this.recorder = new ChannelStateRecorder(context.parts)
    this.recovered = vertex.inputs.map(() => new ElementQueue())
  }
  /** A new attempt begins: nothing is in flight. */
  clear(): void {
    for (const queue of this.recovered) queue.clear()
    this.recorder.clear()
    this.#awaited.clear()
  }
  /** The attempt has ended: what it held goes nowhere. */
  drop(): void {
    for (const queue of this.recovered) this.dropAll(queue)
    this.clear()
  }
  dropAll(queue: ElementQueue): void {
    while (queue.length > 0) {
      const item = queue.shift()
      if (hasPayload(item)) this.#context.pool.free(operandOf(item))
    }
  }

  // a checkpoint
  persistInput(input: number, checkpoint: number, item: number, arriving: boolean): void {
    const channel = this.#vertex.inputs[input]!
    this.recorder.persistInput(channel, checkpoint, this.elementOf(channel, item), arriving)
  }
  elementOf(channel: number, item: number): InFlightElement {
    const { pool, layout } = this.#context
    const slot = operandOf(item)
    const timestampMs = pool.timestamp[slot]!
    if (kindOf(item) === WATERMARK) return { kind: 'watermark', value: undefined, timestampMs }
    const value = pool.value[slot]
    if (layout.channels[channel]!.partitioner !== 'key') return { kind: 'record', value, timestampMs }
    return { kind: 'record', value, timestampMs, key: pool.key[slot] as Key, keyGroup: pool.keyGroup[slot]! }
  }
  abort(checkpoint: number): void {
    this.recorder.abort(checkpoint, this.#task.isCopied(checkpoint))
    this.settle(checkpoint)
  }
  /** True if the bytes can be made now; else it is said once they can. */
  isSettled(checkpoint: number): boolean {
    if (this.recorder.isSettled(checkpoint)) return true
    this.#awaited.add(checkpoint)
    return false
  }
  /** Says so if the bytes have been waiting, and nothing is missing any more. */
  settle(checkpoint: number): void {
    if (!this.#awaited.has(checkpoint) || !this.recorder.isSettled(checkpoint)) return
    this.#awaited.delete(checkpoint)
    this.#context.kernel.local(this.#task.id, T.SERIALIZED, checkpoint)
  }

  // a restore
  restoreInputs(inputs: ChannelState['inputs'], attempt: Attempt): void {
    this.#vertex.inputs.forEach((channel, input) => {
      for (const element of inputs.get(channel) ?? [])
        this.recovered[input]!.push(this.itemOf(channel, element, attempt))
    })
  }
  itemOf(channel: number, { kind, value, timestampMs, key, keyGroup }: InFlightElement, attempt: Attempt): number {
    const { pool, observer } = this.#context
    const slot = pool.put(value, timestampMs)
    if (kind === 'watermark') return element(WATERMARK, slot)
    if (keyGroup !== undefined) {
      pool.key[slot] = key
      pool.keyGroup[slot] = keyGroup
    }
    observer.recovered(attempt, channel, slot)
    return element(RECORD, slot)
  }
  /** What lies in queues, by their channels. */
  contentsOf(queues: readonly ElementQueue[], channels: readonly number[]): ChannelState['inputs'] {
    return new Map(
      queues.flatMap((queue, i) => {
        const elements = Array.from({ length: queue.length }, (_, at) => this.elementOf(channels[i]!, queue.at(at)))
        return elements.length === 0 ? [] : [[channels[i]!, elements] as const]
      }),
    )
  }
  /** The first input with something recovered; -1 if there is none. */
  nextRecovered(): number {
    for (let i = 0; i < this.recovered.length; i += 1) if (this.recovered[i]!.length > 0) return i
    return -1
  }
}

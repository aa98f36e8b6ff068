/**
 * What is in flight at one task whose barriers may overtake records, and what becomes of it when they do.
 *
 * ```
 *   channel (on the wire)  ->  gate: lane, queue  ->  the task  ->  outputs  ->  channel (on the wire)
 *                                                ^                    ^
 *   restored                    recovered inputs, read first    recovered outputs, sent first
 * ```
 *
 * A barrier on the wire overtakes nothing, as on a connection. At the receiver it overtakes what has arrived, at the sender what
 * has been emitted and not sent; both become channel state. Flink: the task's share of network stack and ChannelStateWriter.
 */
import { type EntityId, encodedBytes, fields } from '../kernel/index.ts'
import {
  ALIGNMENT_TIMER,
  type Attempt,
  type ChannelState,
  type ChannelStateHost,
  FORCED_BARRIER,
  type InFlightElement,
  type Key,
  type LayoutVertex,
  OUTPUT_TIMER,
  type Overtaking,
  T,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../model/index.ts'
import type { Channel } from './channel.ts'
import { ChannelStateRecorder } from './channel-state-recorder.ts'
import type { ClusterContext } from './cluster-context.ts'
import { element, hasPayload, kindOf, operandOf, RECORD, WATERMARK } from './element.ts'
import { ElementQueue } from './element-queue.ts'
import { InputGate } from './input-gate.ts'
import type { Emissions } from './outbox.ts'
import type { ChannelStateWriter } from './receive-queue.ts'

/** What it needs from its task. */
export interface InFlightTask {
  readonly id: EntityId
  /** True if the copy of a checkpoint's state waits to be stored. */
  isCopied(checkpoint: number): boolean
}

export class InFlight
  extends fields({
    /** Handles of the timers that are armed, one of each kind. */
    alignmentTimer: 'int',
    outputTimer: 'int',
  })
  implements ChannelStateHost, ChannelStateWriter, Emissions
{
  readonly gate: InputGate
  readonly outputs: readonly ElementQueue[]
  readonly recovered: readonly ElementQueue[]
  readonly recorder: ChannelStateRecorder
  readonly #context: ClusterContext
  readonly #vertex: LayoutVertex
  readonly #task: InFlightTask
  /** Per output: whether barriers may overtake records on it. */
  readonly #overtakable: readonly boolean[]
  /** Elements in `outputs`. */
  #unsent = 0
  /** Checkpoints whose bytes wait for their channel state. */
  readonly #awaited = new Set<number>()

  /** @param capacity elements that a channel holds at most */
  constructor(
    context: ClusterContext,
    vertex: LayoutVertex,
    task: InFlightTask,
    overtaking: Overtaking,
    capacity: number,
  ) {
    super()
    this.#context = context
    this.#vertex = vertex
    this.#task = task
    this.recorder = new ChannelStateRecorder(context.parts)
    this.#overtakable = vertex.outputs.map((c) => context.overtakable[context.layout.channels[c]!.edge]!)
    this.gate = new InputGate(vertex.inputs.length, capacity, this, (channel) =>
      overtaking.persister(channel, context.mutation),
    )
    this.outputs = vertex.outputs.map(() => new ElementQueue())
    this.recovered = vertex.inputs.map(() => new ElementQueue())
  }
  /** A new attempt begins: nothing is in flight. */
  clear(): void {
    this.gate.clear()
    for (const queue of this.outputs) queue.clear()
    for (const queue of this.recovered) queue.clear()
    this.#unsent = 0
    this.recorder.clear()
    this.#awaited.clear()
    this.alignmentTimer = 0
    this.outputTimer = 0
  }
  /** The attempt has ended: what it held goes nowhere. */
  drop(): void {
    const { pool } = this.#context
    const free = (item: number): void => {
      if (hasPayload(item)) pool.free(operandOf(item))
    }
    for (const queue of this.gate.queues) while (!queue.empty) free(queue.take())
    for (const queues of [this.outputs, this.recovered])
      for (const queue of queues) while (queue.length > 0) free(queue.shift())
    this.clear()
  }

  // the wire
  /** Takes over what has arrived by now: the network's side of the task, which never waits for it. */
  deliver(ins: readonly Channel[], now: number): void {
    for (let i = 0; i < ins.length; i += 1) {
      const { queue } = ins[i]!
      while (queue.length > 0 && queue.time(0) <= now) this.gate.queues[i]!.arrive(queue.pop())
    }
  }

  // outputs
  /** True if there is nothing to send, and nothing recovered to read. */
  get isEmpty(): boolean {
    return this.sent && this.nextRecovered() < 0
  }
  get sent(): boolean {
    return this.#unsent === 0
  }
  push(output: number, item: number): void {
    this.outputs[output]!.push(item)
    this.#unsent += 1
  }
  /** Takes out what is sent now. */
  shift(output: number): number {
    const item = this.outputs[output]!.shift()
    this.#unsent -= 1
    if (kindOf(item) === TIMED_BARRIER) {
      this.recorder.barrierGone(operandOf(item))
      this.#settle(operandOf(item))
    }
    return item
  }
  /** Sends a barrier on all outputs, past what was emitted before it if it may. */
  sendBarrier(kind: number, checkpoint: number): void {
    for (let i = 0; i < this.outputs.length; i += 1) {
      const mayOvertake = kind === UNALIGNED_BARRIER || kind === TIMED_BARRIER
      if (mayOvertake && !this.#overtakable[i]) this.push(i, element(FORCED_BARRIER, checkpoint))
      else if (kind === UNALIGNED_BARRIER) this.#overtake(i, this.outputs[i]!.length, checkpoint)
      else {
        if (kind === TIMED_BARRIER) this.recorder.barrierWaits(checkpoint)
        this.push(i, element(kind, checkpoint))
      }
    }
  }
  /** What lies in front of `end` becomes channel state; the barrier goes past it. */
  #overtake(output: number, end: number, checkpoint: number): void {
    const queue = this.outputs[output]!
    const channel = this.#vertex.outputs[output]!
    const written = this.#context.parts.writesOvertaken() ? end : 0
    for (let i = 0; i < written; i += 1) {
      const item = queue.at(i)
      if (hasPayload(item)) this.recorder.persistOutput(channel, checkpoint, this.#elementOf(channel, item))
    }
    queue.pushAhead(element(UNALIGNED_BARRIER, checkpoint))
    this.#unsent += 1
  }
  timeOutOutputs(checkpoint: number): void {
    this.outputTimer = 0
    for (let i = 0; i < this.outputs.length; i += 1) {
      const place = this.outputs[i]!.indexOf(element(TIMED_BARRIER, checkpoint))
      if (place < 0) continue
      this.outputs[i]!.remove(place)
      this.#unsent -= 1
      this.#overtake(i, place, checkpoint)
      this.recorder.barrierGone(checkpoint)
    }
    this.#settle(checkpoint)
  }
  abortOutputs(_checkpoint: number): void {
    // the barrier goes out where it stands; what it would have overtaken is of no use any more
  }

  // channel state, as the protocol's machines ask for it
  start(checkpoint: number): void {
    this.recorder.start(checkpoint)
  }
  persistInputs(): void {
    // records are taken out of the channels whole: none is half read
  }
  finishInputs(): void {
    // they are finished with their last barrier
  }
  finishOutputs(): void {
    // what a barrier has overtaken was written when it was sent
  }
  takeResult(): void {
    // the bytes are made once all of it is there
  }
  abort(checkpoint: number): void {
    this.recorder.abort(checkpoint, this.#task.isCopied(checkpoint))
    this.#settle(checkpoint)
  }
  armOutputTimer(checkpoint: number): void {
    this.outputTimer = this.#arm(OUTPUT_TIMER, checkpoint, this.#timeLeft(checkpoint))
  }
  disarmOutputTimer(): void {
    this.#context.kernel.cancel(this.outputTimer)
    this.outputTimer = 0
  }
  armAlignmentTimer(checkpoint: number, delayUs: number): void {
    this.alignmentTimer = this.#arm(ALIGNMENT_TIMER, checkpoint, delayUs)
  }
  disarmAlignmentTimer(): void {
    this.#context.kernel.cancel(this.alignmentTimer)
    this.alignmentTimer = 0
  }
  #arm(code: number, checkpoint: number, delayUs: number): number {
    return this.#context.kernel.schedule(delayUs, this.#task.id, T.TIMER, code, checkpoint)
  }
  #timeLeft(checkpoint: number): number {
    const { kernel, triggeredAtUs, alignedTimeoutUs } = this.#context
    return Math.max(0, alignedTimeoutUs - (kernel.now - triggeredAtUs[checkpoint]!))
  }
  startPersisting(checkpoint: number): boolean {
    this.recorder.openInputs(checkpoint)
    return this.gate.startPersisting(checkpoint)
  }
  stopPersisting(checkpoint: number): void {
    this.gate.stopPersisting(checkpoint)
    this.recorder.closeInputs(checkpoint)
    this.#settle(checkpoint)
  }
  persist(input: number, checkpoint: number, item: number, arriving: boolean): void {
    const channel = this.#vertex.inputs[input]!
    this.recorder.persistInput(channel, checkpoint, this.#elementOf(channel, item), arriving)
  }
  #elementOf(channel: number, item: number): InFlightElement {
    const { pool, layout } = this.#context
    const slot = operandOf(item)
    const timestampMs = pool.timestamp[slot]!
    if (kindOf(item) === WATERMARK) return { kind: 'watermark', value: undefined, timestampMs }
    const value = pool.value[slot]
    if (layout.channels[channel]!.partitioner !== 'key') return { kind: 'record', value, timestampMs }
    return { kind: 'record', value, timestampMs, key: pool.key[slot] as Key, keyGroup: pool.keyGroup[slot]! }
  }

  // the asynchronous part
  /** True if the bytes can be made now; else it is said once they can. */
  isSettled(checkpoint: number): boolean {
    if (this.recorder.isSettled(checkpoint)) return true
    this.#awaited.add(checkpoint)
    return false
  }
  #settle(checkpoint: number): void {
    if (!this.#awaited.has(checkpoint) || !this.recorder.isSettled(checkpoint)) return
    this.#awaited.delete(checkpoint)
    this.#context.kernel.local(this.#task.id, T.SERIALIZED, checkpoint)
  }

  // restore
  /** Puts back what a checkpoint holds: inputs to be read, and outputs to be sent, before all others. */
  restore({ inputs, outputs }: ChannelState, attempt: Attempt): void {
    this.#vertex.inputs.forEach((channel, input) => {
      for (const element of inputs.get(channel) ?? [])
        this.recovered[input]!.push(this.#itemOf(channel, element, attempt))
    })
    this.#vertex.outputs.forEach((channel, output) => {
      for (const element of outputs.get(channel) ?? []) this.push(output, this.#itemOf(channel, element, attempt))
    })
  }
  #itemOf(channel: number, { kind, value, timestampMs, key, keyGroup }: InFlightElement, attempt: Attempt): number {
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
  /** What lies here to be read and sent before all others: what a restore has made of a checkpoint. */
  contents(): ChannelState {
    const of = (queues: readonly ElementQueue[], channels: readonly number[]): ChannelState['inputs'] =>
      new Map(
        queues.flatMap((queue, i) => {
          const elements = Array.from({ length: queue.length }, (_, at) => this.#elementOf(channels[i]!, queue.at(at)))
          return elements.length === 0 ? [] : [[channels[i]!, elements] as const]
        }),
      )
    return { inputs: of(this.recovered, this.#vertex.inputs), outputs: of(this.outputs, this.#vertex.outputs) }
  }
  /** The first input with something recovered; -1 if there is none. */
  nextRecovered(): number {
    for (let i = 0; i < this.recovered.length; i += 1) if (this.recovered[i]!.length > 0) return i
    return -1
  }
}
/** Bytes of channel state in the encoded form. */
export function channelStateBytes({ inputs, outputs }: ChannelState): number {
  let bytes = 0
  for (const channels of [inputs, outputs])
    channels.forEach((elements) => {
      for (const { value, timestampMs } of elements) bytes += encodedBytes(value) + encodedBytes(timestampMs)
    })
  return bytes
}

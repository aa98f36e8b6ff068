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
import { encodedBytes, fields } from '../kernel/index.ts'
import {
  ALIGNMENT_TIMER,
  type Attempt,
  type ChannelState,
  type ChannelStateHost,
  FORCED_BARRIER,
  FORCED_UNALIGNED_BARRIER,
  type LayoutVertex,
  OUTPUT_TIMER,
  type Overtaking,
  T,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../model/index.ts'
import type { Channel } from './channel.ts'
import type { ClusterContext } from './cluster-context.ts'
import { element, hasPayload, kindOf, operandOf } from './element.ts'
import { ElementQueue } from './element-queue.ts'
import { InputGate } from './input-gate.ts'
import type { Emissions } from './outbox.ts'
import type { ChannelStateWriter } from './receive-queue.ts'
import { SavedChannels, type SavingTask } from './saved-channels.ts'

export class InFlight
  extends fields({
    /** Handles of the timers that are armed, one of each kind. */
    alignmentTimer: 'int',
    outputTimer: 'int',
  })
  implements ChannelStateHost, ChannelStateWriter, Emissions
{
  readonly saved: SavedChannels
  readonly gate: InputGate
  readonly outputs: readonly ElementQueue[]
  readonly #context: ClusterContext
  readonly #vertex: LayoutVertex
  readonly #task: SavingTask
  /** Per output: whether barriers may overtake records on it. */
  readonly #overtakable: readonly boolean[]
  /** Elements in `outputs`. */
  #unsent = 0

  /** @param capacity elements that a channel holds at most */
  constructor(
    context: ClusterContext,
    vertex: LayoutVertex,
    task: SavingTask,
    overtaking: Overtaking,
    capacity: number,
  ) {
    super()
    this.#context = context
    this.#vertex = vertex
    this.#task = task
    this.saved = new SavedChannels(context, vertex, task)
    // barriers do not go round loops, so nothing on a feedback edge is overtaken
    const isForward = (c: number): boolean => context.layout.channels[c]!.feedback !== true
    const outputs = vertex.outputs.filter(isForward)
    this.#overtakable = outputs.map((c) => context.overtakable[context.layout.channels[c]!.edge]!)
    this.gate = new InputGate(
      vertex.inputs.length,
      capacity,
      this,
      (channel) => overtaking.persister(channel, context.mutation),
      vertex.inputs.filter(isForward).length,
    )
    this.outputs = outputs.map(() => new ElementQueue())
  }
  /** A new attempt begins: nothing is in flight. */
  clear(): void {
    this.gate.clear()
    for (const queue of this.outputs) queue.clear()
    this.#unsent = 0
    this.saved.clear()
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
    for (const queue of this.outputs) this.saved.dropAll(queue)
    this.saved.drop()
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
  /** True if there is nothing to send. */
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
      this.saved.recorder.barrierGone(operandOf(item))
      this.saved.settle(operandOf(item))
    }
    return item
  }
  /** Sends a barrier on all outputs, past what was emitted before it if it may. */
  sendBarrier(kind: number, checkpoint: number): void {
    for (let i = 0; i < this.outputs.length; i += 1) {
      const mayOvertake = kind === UNALIGNED_BARRIER || kind === TIMED_BARRIER
      if (mayOvertake && !this.#overtakable[i]) this.push(i, element(forced(kind), checkpoint))
      else if (kind === UNALIGNED_BARRIER) this.#overtake(i, this.outputs[i]!.length, checkpoint)
      else {
        if (kind === TIMED_BARRIER) this.saved.recorder.barrierWaits(checkpoint)
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
      if (hasPayload(item)) this.saved.recorder.persistOutput(channel, checkpoint, this.saved.elementOf(channel, item))
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
      this.saved.recorder.barrierGone(checkpoint)
    }
    this.saved.settle(checkpoint)
  }
  abortOutputs(_checkpoint: number): void {
    // the barrier goes out where it stands; what it would have overtaken is of no use any more
  }

  // channel state, as the protocol's machines ask for it
  start(checkpoint: number): void {
    this.saved.recorder.start(checkpoint)
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
    this.saved.abort(checkpoint)
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
    this.saved.recorder.openInputs(checkpoint)
    return this.gate.startPersisting(checkpoint)
  }
  stopPersisting(checkpoint: number): void {
    this.gate.stopPersisting(checkpoint)
    this.saved.recorder.closeInputs(checkpoint)
    this.saved.settle(checkpoint)
  }
  persist(input: number, checkpoint: number, item: number, arriving: boolean): void {
    this.saved.persistInput(input, checkpoint, item, arriving)
  }

  // restore
  /** Puts back what a checkpoint holds: inputs to be read, and outputs to be sent, before all others. */
  restore({ inputs, outputs }: ChannelState, attempt: Attempt): void {
    this.saved.restoreInputs(inputs, attempt)
    this.#vertex.outputs.forEach((channel, output) => {
      for (const element of outputs.get(channel) ?? []) this.push(output, this.saved.itemOf(channel, element, attempt))
    })
  }
  /** What lies here to be read and sent before all others: what a restore has made of a checkpoint. */
  contents(): ChannelState {
    return {
      inputs: this.saved.contentsOf(this.saved.recovered, this.#vertex.inputs),
      outputs: this.saved.contentsOf(this.outputs, this.#vertex.outputs),
    }
  }
}
/** As it goes where none may overtake: what has run out of time gets none after that edge. Flink: withUnalignedUnsupported. */
const forced = (kind: number): number => (kind === UNALIGNED_BARRIER ? FORCED_UNALIGNED_BARRIER : FORCED_BARRIER)
/** Bytes of channel state in the encoded form. */
export function channelStateBytes({ inputs, outputs }: ChannelState): number {
  let bytes = 0
  for (const channels of [inputs, outputs])
    channels.forEach((elements) => {
      for (const { value, timestampMs } of elements) bytes += encodedBytes(value) + encodedBytes(timestampMs)
    })
  return bytes
}

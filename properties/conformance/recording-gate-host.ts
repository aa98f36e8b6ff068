import { operandOf } from '../../src/cluster/element.ts'
import { InputGate } from '../../src/cluster/input-gate.ts'
import type { ChannelStateWriter } from '../../src/cluster/receive-queue.ts'
import type { ChannelStateHost, OvertakingTaskHost } from '../../src/model/index.ts'
import { ChannelStatePersister } from '../../src/protocols/channel-state-persister.ts'
import { RecordingTaskHost } from './recording-task-host.ts'

/** Room for all elements that a case has on one channel at once. */
const CAPACITY = 256
/** What is in flight is written where the gate hands it over; nothing else is asked of it. */
const NOTHING_ELSE: ChannelStateHost = {
  start() {},
  persistInputs() {},
  finishInputs() {},
  finishOutputs() {},
  takeResult() {},
  abort() {},
  armOutputTimer() {},
  disarmOutputTimer() {},
  timeOutOutputs() {},
  abortOutputs() {},
}

/** A host with a whole input gate: the one that tasks of the simulator have. The log has milliseconds. */
export class RecordingGateHost extends RecordingTaskHost implements OvertakingTaskHost, ChannelStateWriter {
  readonly channelState = NOTHING_ELSE
  readonly gate: InputGate
  readonly persisters: ChannelStatePersister[] = []
  readonly alignedTimeoutUs: number
  nowUs = 0
  /** The alignment timer that is armed. */
  alarm: { readonly checkpoint: number; readonly atUs: number } | null = null
  readonly #triggeredAtUs = new Map<number, number>()
  /** True while a checkpoint begins: what is persisted then lay in the channels. */
  #starting = false

  constructor(inputs: number, alignedTimeoutUs: number) {
    super(inputs)
    this.alignedTimeoutUs = alignedTimeoutUs
    this.gate = new InputGate(inputs, CAPACITY, this, (channel) => {
      const persister = new ChannelStatePersister(channel, {})
      this.persisters.push(persister)
      return persister
    })
    this.gate.clear()
  }
  /** A barrier is on its way; the first one has its checkpoint's time of trigger. */
  sent(checkpoint: number): void {
    if (!this.#triggeredAtUs.has(checkpoint)) this.#triggeredAtUs.set(checkpoint, this.nowUs)
  }
  triggeredAtUs(checkpoint: number): number {
    return this.#triggeredAtUs.get(checkpoint)!
  }
  prioritize(input: number): void {
    this.log.push(['toPriority', input])
    this.gate.queues[input]!.prioritize()
  }
  startPersisting(checkpoint: number): boolean {
    this.log.push(['started', checkpoint])
    this.#starting = true
    const started = this.gate.startPersisting(checkpoint)
    this.#starting = false
    return started
  }
  stopPersisting(checkpoint: number): void {
    this.log.push(['stopped', checkpoint])
    this.gate.stopPersisting(checkpoint)
  }
  /** What a channel held is one entry. */
  persist(input: number, checkpoint: number, item: number): void {
    const number = operandOf(item)
    const last = this.log[this.log.length - 1]
    if (this.#starting && last?.[0] === 'persist' && last[1] === input) (last[3] as number[]).push(number)
    else this.log.push(['persist', input, checkpoint, [number]])
  }
  armAlignmentTimer(checkpoint: number, delayUs: number): void {
    this.log.push(['timer', delayUs / 1000])
    this.alarm = { checkpoint, atUs: this.nowUs + delayUs }
  }
  disarmAlignmentTimer(): void {
    this.log.push(['untimer'])
    this.alarm = null
  }
}

import { element, kindOf, operandOf, RECORD } from '../../../src/cluster/element.ts'
import {
  ALIGNMENT_TIMER,
  ANNOUNCEMENT,
  BARRIER,
  CANCEL,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../../../src/model/index.ts'
import { ALIGNED, ALIGNED_WITH_TIMEOUT, UNALIGNED } from '../../../src/protocols/alignment-type.ts'
import { CannotOvertake, COMPLETE, FAILED, OPEN, UnalignedTask } from '../../../src/protocols/unaligned-task.ts'
import { RecordingGateHost } from '../recording-gate-host.ts'
import type { Asked } from '../recording-task-host.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, sections 3 and 4. */
export interface GateCase {
  readonly id: string
  readonly n: number
  /** An ended channel counts as having delivered its barrier. */
  readonly fin: boolean
  /** Milliseconds; absent: no time runs. */
  readonly timeout?: number
  readonly steps: readonly GateStep[]
}
type Delivery =
  | readonly [what: 'r' | 'c', channel: number, numberOrId: number]
  | readonly [what: 'b', channel: number, id: number, kind: BarrierKind]
  | readonly [what: 'e', channel: number]
type BarrierKind = 'u' | 't' | 'a'
export interface GateStep {
  readonly ev:
    | Delivery
    | readonly [what: 'burst', ...deliveries: Delivery[]]
    | readonly [what: 'poll']
    | readonly [what: 'adv' | 'lag', ms: number]
  readonly acts?: readonly Asked[]
  /** Inputs whose sender is stopped. */
  readonly blocked?: readonly number[]
  readonly cur: number
  readonly p: number
  /** All barriers of `cur` received: n not yet, y yes, x it was given up. */
  readonly all?: 'n' | 'y' | 'x'
  readonly throws?: string
}
const KINDS = { u: UNALIGNED_BARRIER, t: TIMED_BARRIER, a: BARRIER } as const
const LETTERS: Readonly<Record<number, BarrierKind>> = {
  [UNALIGNED_BARRIER]: 'u',
  [TIMED_BARRIER]: 't',
  [BARRIER]: 'a',
}
const ALIGNMENTS: Readonly<Record<number, BarrierKind>> = {
  [UNALIGNED]: 'u',
  [ALIGNED_WITH_TIMEOUT]: 't',
  [ALIGNED]: 'a',
}
const OUTCOMES: Readonly<Record<number, 'n' | 'y' | 'x'>> = { [OPEN]: 'n', [COMPLETE]: 'y', [FAILED]: 'x' }
/** What the task alone knows, and what it does besides. */
const OTHER_ACTS = ['cancel', 'barrier', 'snapshot', 'upload', 'ack']
/** In the simulator no input ends before its job does: the gate does not know this kind. */
const END_OF_PARTITION = 10

/** Flink: CheckpointedInputGate over SingleInputGate, RemoteInputChannel and SingleCheckpointBarrierHandler.unaligned. */
export const unaligned: Suite = {
  name: 'unaligned',
  replay: (line) => replayGate(line as GateCase, false),
}
/** The same with SingleCheckpointBarrierHandler.alternating. */
export const alternating: Suite = {
  name: 'alternating',
  replay: (line) => replayGate(line as GateCase, true),
}
function replayGate({ n, fin, timeout = 0, steps }: GateCase, alternates: boolean): ReturnType<Suite['replay']> {
  return replaySteps(steps, () => new GateReplayer(n, fin, timeout, alternates))
}

class GateReplayer implements Replayer<GateStep> {
  readonly #host: RecordingGateHost
  readonly #task: UnalignedTask
  /** Channels of the priority elements that the file has for this step, in order: which of several comes first is not ours. */
  #priorities: number[] = []

  constructor(inputs: number, endsAlign: boolean, timeoutMs: number, alternates: boolean) {
    this.#host = new RecordingGateHost(inputs, timeoutMs * 1000)
    this.#task = new UnalignedTask(this.#host, 'task', {}, { alternates, endsAlign })
    const { subtask } = this.#task
    const initInputs = subtask.initInputs.bind(subtask)
    subtask.initInputs = (checkpoint, alignment) => {
      this.#host.log.push(['init', checkpoint, alignment === UNALIGNED ? 'u' : 'a'])
      initInputs(checkpoint, alignment)
    }
    this.#task.reset(0)
  }
  expected({ acts = [], blocked = [], cur, p, all, throws }: GateStep): object {
    if (throws !== undefined) return { throws }
    return { acts, blocked, cur, p, ...(all === undefined ? {} : { all }) }
  }
  feed(step: GateStep): object {
    this.#priorities = (step.acts ?? []).filter(([what]) => what === 'prio').map((act) => Number(act[2]))
    try {
      this.#event(step)
      this.#runMails()
    } catch (error) {
      if (error instanceof CannotOvertake) return { throws: 'IllegalArgumentException' }
      throw error
    }
    const task = this.#task
    const acts = this.#host.take().filter(([what]) => !OTHER_ACTS.includes(what))
    return {
      acts,
      blocked: [...this.#host.stopped].sort((a, b) => a - b),
      cur: task.current || -1,
      p: task.isPending ? 1 : 0,
      ...(task.current === 0 ? {} : { all: this.#all() }),
    }
  }
  #all(): GateStep['all'] {
    return this.#task.open === 0 ? 'y' : OUTCOMES[this.#task.outcome]
  }
  #event({ ev, acts = [] }: GateStep): void {
    switch (ev[0]) {
      case 'poll':
        this.#poll(acts)
        break
      case 'lag':
        this.#host.nowUs += ev[1] * 1000
        break
      case 'adv':
        this.#advance(ev[1] * 1000)
        break
      case 'burst':
        for (const delivery of ev.slice(1)) this.#deliver(delivery as Delivery)
        break
      default:
        this.#deliver(ev)
    }
  }
  #deliver(delivery: Delivery): void {
    const [what, channel] = delivery
    const queue = this.#host.gate.queues[channel]!
    switch (what) {
      case 'r':
        queue.arrive(element(RECORD, delivery[2]))
        break
      case 'c':
        queue.arrive(element(CANCEL, delivery[2]))
        break
      case 'e':
        queue.arrive(element(END_OF_PARTITION, 0))
        break
      default: {
        const [, , id, kind] = delivery
        this.#host.sent(id)
        if (kind !== 'u') this.#host.stopped.add(channel)
        queue.arrive(element(KINDS[kind], id))
      }
    }
  }
  #poll(acts: readonly Asked[]): void {
    const { gate } = this.#host
    const got = acts.find(([what]) => what === 'got')
    const wished = typeof got?.[2] === 'number' ? got[2] : 0
    const input = gate.nextReadable(wished)
    if (input < 0) this.#host.log.push(['empty'])
    else this.#read('got', input, gate.queues[input]!.take())
  }
  #advance(byUs: number): void {
    const host = this.#host
    const end = host.nowUs + byUs
    for (let { alarm } = host; alarm !== null && alarm.atUs <= end; { alarm } = host) {
      host.nowUs = Math.max(host.nowUs, alarm.atUs)
      host.log.push(['fire'])
      host.alarm = null
      this.#task.onTimer(ALIGNMENT_TIMER, alarm.checkpoint)
      this.#settle()
      this.#runMails()
    }
    host.nowUs = end
  }
  /** Priority elements are read as soon as the task gets to run. */
  #runMails(): void {
    const { gate } = this.#host
    for (let input = this.#nextPriority(); input >= 0; input = this.#nextPriority())
      this.#read('prio', input, gate.queues[input]!.takePriority())
  }
  #nextPriority(): number {
    const { gate } = this.#host
    const wished = this.#priorities.shift()
    return wished !== undefined && gate.queues[wished]!.lane.length > 0 ? wished : gate.nextPriority()
  }
  #read(how: 'got' | 'prio', input: number, item: number): void {
    const kind = kindOf(item)
    const operand = operandOf(item)
    const { log } = this.#host
    const letter = LETTERS[kind]
    if (kind === RECORD) log.push([how, 'r', input, operand])
    else if (kind === END_OF_PARTITION) {
      log.push([how, 'e', input])
      this.#task.onEndOfInput(input)
    } else {
      if (kind === CANCEL) log.push([how, 'c', input, operand])
      else if (kind === ANNOUNCEMENT) log.push([how, 'ann', input, operand])
      else log.push([how, 'b', input, operand, letter!])
      this.#task.onControl(input, kind, operand)
    }
    this.#settle()
  }
  /** A snapshot that is due is taken before anything else. */
  #settle(): void {
    const { due, log } = this.#host
    for (let id = due.shift(); id !== undefined; id = due.shift()) {
      const letter = ALIGNMENTS[this.#task.alignment]!
      if (!this.#task.onSnapshotDue(id)) continue
      log.push(['trigger', id, letter])
      const { subtask } = this.#task
      subtask.prepared(id)
      this.#task.onSnapshotTaken(id)
      subtask.serialized(id)
      subtask.stored(id, 0)
    }
  }
  states(): Readonly<Record<string, string>> {
    return {
      'unaligned-task': this.#task.describe(),
      ...Object.fromEntries(
        this.#host.persisters.map((persister, input) => [`channel-state-persister ${input}`, persister.describe()]),
      ),
    }
  }
}

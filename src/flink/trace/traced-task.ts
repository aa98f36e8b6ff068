/**
 * One task of the real cluster, as a real task of ours: the chart of its life, and its protocol's side of barriers and snapshots.
 * What the machine asks its host for becomes the lines that the task's thread has to write next.
 *
 * ```
 *   barrier 7 (last) -> requestSnapshot(7)   handler_trigger 7, checkpoint_start 7 -> onSnapshotDue(7)
 *                       prepareSnapshot(7)   broadcast 7 -> barriers are on their way, the state is copied
 *                       takeSnapshot(7)      sync_done 7 -> the asynchronous part begins, inputs are released
 *                                            aligned 7
 * ```
 */
import {
  ALIGNMENT_TIMER,
  CANCEL,
  type CheckpointFailureReason,
  FAILED,
  mayOvertake,
  OK,
  type OvertakingTaskHost,
  P,
} from '../../model/index.ts'
import { AsyncParts, type AsyncSurroundings } from './async-parts.ts'
import type { BarrierChannel, Control } from './barrier-channel.ts'
import { type BarrierMachine, barrierMachine, controlKind, mayTimeOut } from './barrier-machine.ts'
import { A_TURN_MS } from './debts.ts'
import { isTerminal } from './execution-state.ts'
import { inFlightData } from './in-flight-data.ts'
import type { CheckpointMode } from './infer-settings.ts'
import { NotAllowed } from './not-allowed.ts'
import { confirmedBy, type Notice, NoticeBox } from './notice-box.ts'
import { type TaskBody, TaskLife } from './task-life.ts'
import { lineText, type OwedLine, owedLine, TaskThread } from './task-thread.ts'
import { type EventOf, isAsyncEvent, type TaskEvent, type ThreadEvent } from './trace-event.ts'

/** What a task needs of the rest of the traced cluster. */
export interface TaskSurroundings extends AsyncSurroundings {
  readonly mode: CheckpointMode
  /** Abort notices that a task remembers. */
  readonly rememberedAborts: number
  sendControl(task: TracedTask, control: Control): void
  acknowledge(task: TracedTask, checkpoint: number): void
  decline(task: TracedTask, checkpoint: number, reason: CheckpointFailureReason): void
  /** Wall time of a checkpoint's trigger, as everybody is told it; undefined if there was none. */
  triggerTimestamp(checkpoint: number): number | undefined
  /** True if a line shows that this asynchronous part came to its end. */
  endsInTrace(task: TracedTask, checkpoint: number): boolean
}

/** No barrier has been seen. Flink: the first value of currentCheckpointId. */
const NONE = -1
/** Nobody stores the state of a traced task. */
const NO_FILE = 0
/** Only the trace says when the time for aligning runs out. */
const SOME_TIME_US = 1

export class TracedTask implements OvertakingTaskHost, TaskBody {
  readonly index: number
  readonly name: string
  readonly inputs: number
  readonly rememberedAborts: number
  /** Number of the newest attempt, from 0; -1: none was scheduled yet. */
  attempt = -1
  /** As the job manager knows it. */
  state = 'CREATED'
  /** The process that the attempt runs in, once a line has said so. */
  proc = ''
  readonly notices = new NoticeBox()
  readonly asyncs: AsyncParts
  /** Triggers on their way to a source. */
  #triggers: { readonly checkpoint: number; readonly operand: number }[] = []
  /** Mail that says which checkpoint was subsumed: it lies behind the notice of the completion. */
  #subsumed: number[] = []
  /** When its thread last wrote a line. */
  #wroteMs = 0
  readonly #thread = new TaskThread()
  readonly #life: TaskLife
  readonly #machine: BarrierMachine
  readonly #surroundings: TaskSurroundings
  readonly #inputNames: readonly string[]
  readonly #channels: readonly BarrierChannel[]
  readonly #blocked = new Set<number>()
  /** Snapshots that were taken before all their barriers had come. */
  readonly #incomplete = new Set<number>()
  /** The newest checkpoint in a barrier or a cancellation of this attempt. Flink: currentCheckpointId. */
  #seen = NONE
  // what the machine has asked for in the present step
  #requested = 0
  #givenUp: { readonly checkpoint: number; readonly reason: CheckpointFailureReason }[] = []
  #cancelled = false
  #news = false
  #allThere = false
  #overtakes = false
  /** True while an element of an input is read: what is given up then is told of in a line of its own. */
  #reading = false

  constructor(
    index: number,
    name: string,
    inputNames: readonly string[],
    channels: readonly BarrierChannel[],
    surroundings: TaskSurroundings,
  ) {
    this.index = index
    this.name = name
    this.inputs = inputNames.length
    this.rememberedAborts = surroundings.rememberedAborts
    this.#inputNames = inputNames
    this.#channels = channels
    this.#surroundings = surroundings
    this.asyncs = new AsyncParts(this, surroundings)
    this.#life = new TaskLife(this)
    this.#machine = barrierMachine(surroundings.mode, this, name)
    this.#machine.reset(0)
  }

  // the life of its attempts, as the job manager learns of it
  get alive(): boolean {
    return this.attempt >= 0 && !isTerminal(this.state)
  }
  get running(): boolean {
    return this.#life.running
  }
  /** A new attempt is scheduled. @param restored checkpoint that it begins with, 0: none */
  begin(restored: number): void {
    this.attempt += 1
    this.state = 'CREATED'
    this.proc = ''
    this.notices.clear()
    this.asyncs.clear()
    this.#triggers = []
    this.#subsumed = []
    this.#thread.clear()
    this.#blocked.clear()
    this.#incomplete.clear()
    this.#seen = NONE
    for (const channel of this.#channels) channel.clear()
    this.#machine.reset(restored)
  }
  /** The job manager has heard of a change. @param id of the attempt among all of the job */
  change(to: string, id: number): void {
    this.state = to
    switch (to) {
      case 'DEPLOYING':
        this.#life.send('DEPLOY', id)
        break
      case 'RUNNING':
        this.#life.send('FETCHED', NO_FILE, OK)
        this.#life.send('RECOVERED')
        break
      case 'CANCELED':
        this.#life.send('CANCEL', id)
        break
      case 'FAILED':
        this.#life.send('FAIL')
        break
      case 'FINISHED':
        this.#life.send('TERMINATE')
    }
  }
  /** What it has begun and cannot have left undone when it ends in good order; null if there is nothing. */
  unfinished(): string | null {
    if (this.#surroundings.isDead(this.proc)) return null
    const part = this.asyncs.unwritten()
    if (part !== null) return `${this.name} has not written async_done ${part}`
    const [first] = this.#thread.free ? [] : this.#thread.next
    // what operators do for a snapshot may be interrupted or fail
    if (first === undefined || first.event === 'broadcast' || first.event === 'sync_done') return null
    return `${this.name} has not written ${lineText(first)}`
  }

  /**
   * Mail that the thread would have read by now, as a sentence; null if there is none. It waits only while the thread is at
   * something else, of which its lines tell, or no longer runs.
   */
  overdueMail(): string | null {
    if (
      this.#subsumed.length === 0 ||
      this.state !== 'RUNNING' ||
      !this.#thread.free ||
      this.#surroundings.isDead(this.proc)
    )
      return null
    return this.#surroundings.nowMs - this.#wroteMs > A_TURN_MS
      ? `${this.name} has not heard that checkpoint ${this.#subsumed[0]} was subsumed`
      : null
  }

  // what the coordinator sends
  trigger(checkpoint: number, operand: number): void {
    this.#triggers.push({ checkpoint, operand })
  }
  /** True if the trigger of a checkpoint is on its way to it. */
  isBeingTriggered(checkpoint: number): boolean {
    return this.#triggers.some((trigger) => trigger.checkpoint === checkpoint)
  }
  /** The trigger found it not ready: it declines. */
  dropTrigger(checkpoint: number): void {
    this.#triggers = this.#triggers.filter((other) => other.checkpoint !== checkpoint)
  }

  // lines
  /** Why this line cannot come now; null if it can. */
  refuses(e: TaskEvent): string | null {
    const { name } = this
    if (this.attempt < 0) return `${name} has no attempt yet`
    if (e.attempt !== this.attempt) return `${name} is at attempt ${this.attempt}, not ${e.attempt}`
    if (this.proc !== '' && e.proc !== this.proc)
      return `attempt ${e.attempt} of ${name} runs in ${this.proc}, not in ${e.proc}`
    if (isAsyncEvent(e)) return this.asyncs.refuses(e)
    if (!this.running) return `attempt ${e.attempt} of ${name} does not run: the job manager knows it as ${this.state}`
    const owed = this.#thread.find(e)
    if (owed !== undefined) return owed.wrong(e)
    if (this.#thread.free) return this.#beginProblem(e)
    return `the thread of ${name} is at ${this.#thread.next.map(lineText).join(' or ')}`
  }
  /** Why a line that begins something cannot come now. */
  #beginProblem(e: ThreadEvent): string | null {
    const { name } = this
    const n = e.checkpoint
    const unled = `nothing has led ${name} there`
    switch (e.event) {
      case 'barrier':
        return this.#barrierProblem(e)
      case 'cancel_barrier':
        return this.#cancelledInput(n) < 0
          ? `no cancellation of checkpoint ${n} is next on an open input of ${name}`
          : null
      case 'aborted':
        // the tracker's lines about cancellations are others
        return this.#surroundings.mode === 'at-least-once' && this.#cancelledInput(n) >= 0 ? null : unled
      case 'handler_trigger':
        return mayTimeOut(this.#machine, n)
          ? null
          : `nothing makes ${name} trigger checkpoint ${n}: it waits for barriers`
      case 'checkpoint_start':
        if (this.inputs > 0) return `${name} begins a checkpoint at its barriers, and they are not all there`
        if (this.#subsumed.length > 0) return this.#subsumedFirst()
        return this.#triggers[0]?.checkpoint === n ? null : `no trigger of checkpoint ${n} is next for ${name}`
      case 'notify_complete_recv':
      case 'notify_aborted':
        if (this.#subsumed.length > 0) return this.#subsumedFirst()
        return this.#noticeOf(e) === undefined ? `no such notice of checkpoint ${n} is next for ${name}` : null
      case 'notify_subsumed':
        return this.#subsumed[0] === n ? null : `nobody has told ${name} that checkpoint ${n} was subsumed`
      default:
        return unled
    }
  }
  #subsumedFirst(): string {
    return `${this.name} hears first that checkpoint ${this.#subsumed[0]} was subsumed`
  }
  #barrierProblem({ channel, checkpoint }: EventOf<'barrier'>): string | null {
    const input = this.#inputNames.indexOf(channel)
    if (input < 0) return `${this.name} has no input ${channel}`
    if (this.#blocked.has(input)) return `input ${channel} of ${this.name} is blocked`
    if (this.#channels[input]!.barrierAt(checkpoint) >= 0) return null
    return `no barrier of checkpoint ${checkpoint} is next on input ${channel} of ${this.name}`
  }
  #cancelledInput(checkpoint: number): number {
    return this.#channels.findIndex((channel, i) => !this.#blocked.has(i) && channel.cancellationAt(checkpoint) >= 0)
  }
  /** The notice whose first line this is. */
  #noticeOf({ event, checkpoint }: ThreadEvent): Notice | undefined {
    return this.notices.readable.find((notice) =>
      event === 'notify_complete_recv'
        ? confirmedBy(notice) === checkpoint
        : confirmedBy(notice) === 0 && notice.checkpoint === checkpoint,
    )
  }

  /** The line has come, and {@link refuses} has let it through. @throws NotAllowed if what it leads to does not fit */
  take(e: TaskEvent): void {
    this.proc = e.proc
    if (isAsyncEvent(e)) {
      this.asyncs.take(e)
      return
    }
    this.#wroteMs = e.t_ms
    const owed = this.#thread.find(e)
    if (owed !== undefined) {
      this.#thread.take(owed)
      return
    }
    this.#thread.goOn()
    const n = e.checkpoint
    switch (e.event) {
      case 'barrier': {
        const input = this.#inputNames.indexOf(e.channel)
        this.#read(input, this.#channels[input]!.barrierAt(n))
        break
      }
      case 'cancel_barrier': {
        const input = this.#cancelledInput(n)
        this.#read(input, this.#channels[input]!.cancellationAt(n))
        if (this.#thread.free)
          throw new NotAllowed(`the cancellation of checkpoint ${n} comes to nothing in ${this.name}`)
        break
      }
      case 'aborted': {
        const input = this.#cancelledInput(n)
        this.#read(input, this.#channels[input]!.cancellationAt(n))
        this.#begunBy(e)
        break
      }
      case 'handler_trigger':
        this.#step(n, () => this.#machine.onTimer(ALIGNMENT_TIMER, n))
        this.#begunBy(e)
        break
      case 'checkpoint_start':
        this.#life.send('TRIGGER', n, this.#triggers.shift()!.operand)
        this.#snapshotDue(n)
        break
      case 'notify_complete_recv':
      case 'notify_aborted':
        this.#readNotice(this.#noticeOf(e)!)
        break
      case 'notify_subsumed':
        this.#subsumed.shift()
    }
  }
  /** A step of which no line tells has led to this one. */
  #begunBy(e: ThreadEvent): void {
    const owed = this.#thread.find(e)
    if (owed === undefined)
      throw new NotAllowed(`${this.name} does something else there: ${this.#thread.next.map(lineText).join(' or ')}`)
    this.#thread.take(owed)
  }
  /** Reads an input up to a place: what lies before are cancellations, and if no line tells of them they come to nothing. */
  #read(input: number, place: number): void {
    const read = this.#channels[input]!.take(place)
    for (const control of read) {
      if (!this.#thread.free)
        throw new NotAllowed(`before it, ${this.name} has to write ${this.#thread.next.map(lineText).join(' or ')}`)
      this.#reading = true
      this.#step(control.checkpoint, () => this.#machine.onControl(input, control.kind, control.checkpoint))
      this.#reading = false
      this.#seen = Math.max(this.#seen, control.checkpoint)
    }
  }
  /** Lines for what the machine asks for in one step. */
  #step(checkpoint: number, work: () => void): void {
    const { mode } = this.#surroundings
    const seen = this.#seen
    this.#requested = 0
    this.#givenUp = []
    this.#allThere = false
    work()
    for (const { checkpoint: lost, reason } of this.#givenUp)
      this.#thread.append(
        owedLine('handler_abort', seen, { optional: mode === 'at-least-once' }),
        owedLine('aborted', lost, { logged: () => this.#giveUp(lost, reason) }),
      )
    const due = this.#requested
    const begun =
      due === 0
        ? []
        : [
            owedLine('handler_trigger', due, { optional: mode === 'at-least-once' }),
            owedLine('checkpoint_start', due, { logged: () => this.#snapshotDue(due) }),
          ]
    const all = this.#allThere && this.inputs > 0 ? [this.#alignedLine(checkpoint)] : []
    // the tracker says that all barriers are there before it triggers, the handler when it is done with them
    this.#thread.append(...(mode === 'at-least-once' ? [...all, ...begun] : [...begun, ...all]))
  }
  #alignedLine(checkpoint: number): OwedLine {
    return owedLine('aligned', checkpoint, {
      logged: () => {
        this.#incomplete.delete(checkpoint)
      },
    })
  }
  #giveUp(checkpoint: number, reason: CheckpointFailureReason): void {
    this.#surroundings.decline(this, checkpoint, reason)
    this.#surroundings.sendControl(this, { kind: CANCEL, checkpoint })
  }
  #snapshotDue(checkpoint: number): void {
    this.#cancelled = false
    let taken = false
    this.#step(checkpoint, () => {
      taken = this.#machine.onSnapshotDue(checkpoint)
    })
    if (taken) this.#thread.insert(this.#broadcastLine(checkpoint), this.#syncLine(checkpoint))
    else if (this.#cancelled) this.#thread.insert(owedLine('skip_aborted', checkpoint))
  }
  #broadcastLine(checkpoint: number): OwedLine {
    return owedLine('broadcast', checkpoint, {
      logged: () => this.#machine.subtask.prepared(checkpoint),
      wrong: (e) => {
        const at = this.#surroundings.triggerTimestamp(checkpoint)
        const { trigger_timestamp: said } = (e as EventOf<'broadcast'>).detail
        return at === said ? null : `checkpoint ${checkpoint} was triggered at ${at}, not at ${said}`
      },
    })
  }
  #syncLine(checkpoint: number): OwedLine {
    return owedLine('sync_done', checkpoint, {
      logged: () => {
        if (this.#overtakes && this.inputs > 0) this.#incomplete.add(checkpoint)
        this.#step(checkpoint, () => this.#machine.onSnapshotTaken(checkpoint))
      },
      wrong: (e) => {
        const { unaligned } = (e as EventOf<'sync_done'>).detail
        if (unaligned === this.#overtakes) return null
        return `the barriers of checkpoint ${checkpoint} ${unaligned ? 'do not overtake' : 'overtake'} in ${this.name}`
      },
    })
  }
  #readNotice(notice: Notice): void {
    const { kind, checkpoint, other } = notice
    this.notices.take(notice)
    const confirmed = confirmedBy(notice)
    if (confirmed > 0) {
      this.#news = false
      this.#life.send('NOTIFY_COMPLETE', confirmed)
      if (this.#news) this.#thread.append(owedLine('notify_complete', confirmed))
    }
    if (kind === 'complete') {
      if (other > 0) this.#subsumed.push(other)
      return
    }
    const abort = (): void => this.#life.send('NOTIFY_ABORT', checkpoint)
    if (confirmed > 0) this.#thread.append(owedLine('notify_aborted', checkpoint, { logged: abort }))
    else abort()
  }

  /** What may come next of it, for people. */
  allowed(): readonly string[] {
    const { asyncs } = this
    if (!this.running) return asyncs.allowed()
    const next = this.#thread.next.map(lineText)
    if (!this.#thread.free) return [...next, ...asyncs.allowed()]
    const inputs = this.#channels.flatMap((channel, i) =>
      this.#blocked.has(i) ? [] : channel.describe().map((control) => `${control} on ${this.#inputNames[i]}`),
    )
    return [...next, ...inputs, ...this.#mail(), ...asyncs.allowed()]
  }
  #mail(): readonly string[] {
    if (this.#subsumed.length > 0) return [`notify_subsumed ${this.#subsumed[0]}`]
    const notices = this.notices.readable.map((notice) => {
      const confirmed = confirmedBy(notice)
      return confirmed > 0 ? `notify_complete_recv ${confirmed}` : `notify_aborted ${notice.checkpoint}`
    })
    return [...notices, ...this.#triggers.slice(0, 1).map(({ checkpoint }) => `checkpoint_start ${checkpoint}`)]
  }
  /** The states of its machines. */
  states(): Readonly<Record<string, string>> {
    return {
      [`task ${this.name}`]: this.attempt < 0 ? 'no attempt' : `attempt ${this.attempt}, ${this.#life.describe()}`,
      [`barriers of ${this.name}`]: this.#machine.describe(),
    }
  }

  // what the chart of its life does with messages
  triggered(checkpoint: number, operand: number): void {
    this.#machine.onTrigger(checkpoint, mayOvertake(operand))
  }
  completionNoticed(checkpoint: number): void {
    this.#machine.onComplete(checkpoint)
  }
  /** A cancellation is handed to another thread, so that an asynchronous part may come to its end before it. */
  abortNoticed(checkpoint: number): void {
    if (this.#surroundings.endsInTrace(this, checkpoint)) this.asyncs.settle(checkpoint)
    this.#machine.onAbort(checkpoint)
  }
  serialized(checkpoint: number): void {
    this.#machine.subtask.serialized(checkpoint)
  }
  stored(checkpoint: number, done: boolean): void {
    if (done) this.#machine.subtask.stored(checkpoint, NO_FILE)
    else this.#machine.subtask.notStored(checkpoint, NO_FILE)
  }

  // what its asynchronous parts come to
  waitsFor(checkpoint: number): string | null {
    return this.#incomplete.has(checkpoint) ? `${this.name} waits for barriers of checkpoint ${checkpoint}` : null
  }
  end(checkpoint: number, done: boolean): void {
    if (this.running) {
      this.#life.send('SERIALIZED', checkpoint)
      this.#life.send('PUT_DONE', checkpoint, done ? OK : FAILED)
    } else if (done) this.acknowledge(checkpoint) // what an attempt has sent before its end may be read after it
  }

  // what the machine asks for
  readonly channelState = inFlightData
  readonly nowUs = 0
  get alignedTimeoutUs(): number {
    return this.#surroundings.mode === 'aligned-timeout' ? SOME_TIME_US : 0
  }
  triggeredAtUs(_checkpoint: number): number {
    return this.nowUs
  }
  prioritize(_input: number): void {}
  startPersisting(_checkpoint: number): boolean {
    return true
  }
  stopPersisting(_checkpoint: number): void {}
  armAlignmentTimer(_checkpoint: number, _delayUs: number): void {}
  disarmAlignmentTimer(): void {}
  prepareSnapshot(_checkpoint: number): void {}
  takeSnapshot(_checkpoint: number): void {}
  upload(_checkpoint: number): void {}
  discard(_file: number): void {}
  timer(_delayUs: number, _code: number, _a: number): void {}
  phase(code: number): void {
    if (code === P.aligned) this.#allThere = true
  }
  block(input: number): void {
    this.#blocked.add(input)
  }
  unblock(input: number): void {
    this.#blocked.delete(input)
  }
  requestSnapshot(checkpoint: number): void {
    this.#requested = checkpoint
  }
  broadcast(kind: number, checkpoint: number, priority: boolean): void {
    if (kind === CANCEL && this.#reading) return
    if (kind === CANCEL) this.#cancelled = true
    else this.#overtakes = priority
    const control = { kind: controlKind(this.#surroundings.mode, kind, priority), checkpoint }
    this.#surroundings.sendControl(this, control)
  }
  startAsync(checkpoint: number): void {
    this.asyncs.begin(checkpoint)
  }
  acknowledge(checkpoint: number): void {
    this.#surroundings.acknowledge(this, checkpoint)
  }
  decline(checkpoint: number, reason: CheckpointFailureReason): void {
    if (this.#reading) this.#givenUp.push({ checkpoint, reason })
    else this.#surroundings.decline(this, checkpoint, reason)
  }
  checkpointComplete(_checkpoint: number): void {
    this.#news = true
  }
}

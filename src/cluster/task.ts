/**
 * A task: the slot of one vertex on one task manager, and the attempt that runs in it. It works like Flink's mailbox loop:
 * one event, one step, in this order:
 *
 * ```
 *   a snapshot that is due              (first the sink's prepare, then the copy: two effects, two steps)
 *   a barrier that overtakes records, or the announcement of one that may
 *   mail: triggers, notices, splits
 *   -- only if all that was emitted has been sent: no record is touched while a receiver gives no credit --
 *   a transaction to commit
 *   processing-time timers that are due
 *   one element of an input that is not blocked, or one record of a split
 * ```
 */
import { type Entity, type EntityId, fields, fifo, type KernelEvent, mix2, site } from '../kernel/index.ts'
import {
  type Attempt,
  type BARRIER,
  C,
  CANCEL,
  type ChannelStateHost,
  type CheckpointFailureReason,
  compiled,
  digestOfChannels,
  E,
  FAILED,
  J,
  type LayoutChannel,
  type LayoutVertex,
  mayOvertake,
  N,
  OK,
  type OvertakingTaskHost,
  P,
  REASON,
  type RecordingTaskHost,
  S,
  type SnapshotContent,
  type StateDigest,
  T,
  type TaskProtocol,
  type TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../model/index.ts'
import type { CompiledChart } from '../statechart/index.ts'
import { type Channel, CONTROL_ROOM, MAX_CREDIT } from './channel.ts'
import type { ClusterContext, Execution, LeaderAddresses } from './cluster-context.ts'
import {
  END_OF_DATA,
  element,
  hasPayload,
  isAlignedBarrier,
  kindOf,
  LOOP_TOKEN,
  operandOf,
  RECORD,
  STATUS,
  WATERMARK,
} from './element.ts'
import { Emitter } from './emitter.ts'
import { channelStateBytes, InFlight } from './in-flight.ts'
import { InputRecording } from './input-recording.ts'
import { InputWatermarks } from './input-watermarks.ts'
import { LoopPart } from './loop-part.ts'
import { MISSING, OVER } from './loop-rounds.ts'
import type { Network } from './network.ts'
import { OperatorRuntime } from './operator-runtime.ts'
import { type Emissions, Outbox } from './outbox.ts'
import { OwnSinkRuntime } from './own-sink-runtime.ts'
import { type Redistributed, readParts } from './redistribute-state.ts'
import type { SavedChannels, SavingTask } from './saved-channels.ts'
import { SinkRuntime, WRITE_REFUSED } from './sink-runtime.ts'
import type { SinkVertex } from './sink-vertex.ts'
import { SourceRuntime } from './source-runtime.ts'
import { taskChart } from './task.chart.ts'
import { UserCodeError } from './user-code.ts'
import { ENDED, IDLE, type VertexRuntime } from './vertex-runtime.ts'

const MAIL_TRIGGER = 0
const MAIL_COMPLETE = 1
const MAIL_ABORT = 2
const MAIL_SPLIT = 3
const MAIL_NO_MORE_SPLITS = 4
const MAIL_TRIGGER_OVERTAKING = 5
const SERIALIZE_TIME = site('serialization time')
const SOURCE_COST = site('source cost')
/** Costs in the plan's time units. */
const SNAPSHOT_COST = 4
const MAIL_COST = 3
const CREDIT_LATENCY = 1
const RECOVER_STEP = 8
const COMMIT_RETRY = 40
/** Of a snapshot that was never stored. */
const NO_FILE = -1
/** Attempts count from 1: no message is for this one. */
const NOBODY = 0
/** Snapshot stages. */
const NOTHING_DUE = 0
const DUE = 1
const PREPARED = 2

/** What the synchronous part leaves to the asynchronous one. */
interface Copy {
  readonly content: SnapshotContent
  readonly bytes: number
}
/** How far a snapshot has come in the present step. */
const FAILED_STEP = 0
const NEXT_STEP = 1
const SAME_STEP = 2

export class Task
  extends fields({
    st: 'int',
    /** The attempt in the slot: the last one deployed. */
    attemptId: 'int',
    busyUntil: 'time',
    /** Time and handle of the scheduled WAKE; 0: none. */
    wakeAt: 'time',
    wakeHandle: 'int',
    /** Input at which the next look begins. */
    turn: 'ghost',
    endedInputs: 'int',
    /** 1 once all input has been processed. */
    ended: 'int',
    /** The first checkpoint taken after the end of input; the task is done once it is complete. */
    finalCheckpoint: 'int',
    reportedFinished: 'int',
    snapshotDue: 'int',
    snapshotStage: 'int',
    /** The newest checkpoint announced as complete. */
    completed: 'int',
    commitRetryAt: 'time',
    /** Inputs that are held back for a checkpoint, and since when the first of them is. */
    heldBack: 'int',
    heldBackAt: 'time',
    /** When the last of them was. */
    heldBackLast: 'time',
    /** 1 while the rest of what was recovered waits for credit. */
    recoveryWaits: 'int',
    /** When the last step of the recovery was made. */
    recoveredAt: 'time',
    /** Files that have been read, if it restores parts of several. */
    fetched: 'int',
    mail: fifo(64),
  })
  implements Entity, OvertakingTaskHost, RecordingTaskHost, SavingTask
{
  readonly name: string
  readonly vertex: LayoutVertex
  readonly taskManager: number
  readonly inputs: number
  readonly feedbackInputs: number
  id: EntityId = -1
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #chart: CompiledChart<Task>
  readonly #runningLeaf: number
  readonly #protocol: TaskProtocol
  readonly #outbox = new Outbox()
  /** Null where barriers stay behind the records before them. */
  readonly #inFlight: InFlight | null
  /** Null where nothing in flight is written down as it is read. */
  readonly #recording: InputRecording | null
  /** Null where nothing in flight is saved. */
  readonly #saved: SavedChannels | null
  /** The outbox, or the outputs in which barriers may overtake. */
  readonly #emissions: Emissions
  /** Null outside of loops. */
  readonly #loop: LoopPart | null
  /** Inputs that are no feedback edges, and outputs: the others come behind them. */
  readonly #forwardInputs: number
  readonly #forwardOutputs: number
  /** Outputs that barriers go to. */
  readonly #barrierOutputs: number
  /** By checkpoint. */
  readonly #copies = new Map<number, Copy>()
  readonly #digest: StateDigest = { keyed: 0, timers: 0, lists: 0, bytes: 0 }
  readonly #watermarks: InputWatermarks
  #ins: Channel[] = []
  #outs: Channel[] = []
  #receivers: EntityId[] = []
  #senders: EntityId[] = []
  #attempt: Attempt | null = null
  #execution: Execution | null = null
  #runtime: VertexRuntime | null = null
  #source: SourceRuntime | null = null
  #sink: SinkVertex | null = null
  /** True once the sink has recovered. */
  #ready = false
  /** How the part of a snapshot came out that has just been done. */
  #outcome = FAILED_STEP

  constructor(context: ClusterContext, network: Network, vertex: LayoutVertex, taskManager: number) {
    super()
    this.name = `${vertex.uid}[${vertex.subtask}]@tm${taskManager}`
    this.vertex = vertex
    this.taskManager = taskManager
    const { channels } = context.layout
    const isForward = (c: number): boolean => channels[c]!.feedback !== true
    const { overtaking, recordsInputs } = context.protocol
    const roundLoops = recordsInputs !== undefined
    this.#forwardInputs = vertex.inputs.filter(isForward).length
    this.#forwardOutputs = vertex.outputs.filter(isForward).length
    this.inputs = roundLoops ? vertex.inputs.length : this.#forwardInputs
    this.feedbackInputs = this.inputs - this.#forwardInputs
    this.#barrierOutputs = roundLoops ? vertex.outputs.length : this.#forwardOutputs
    this.#context = context
    this.#network = network
    this.#chart = compiled(taskChart, context.mutation)
    this.#runningLeaf = this.#chart.leaf.running!
    this.#inFlight =
      overtaking === undefined ? null : new InFlight(context, vertex, this, overtaking, MAX_CREDIT + CONTROL_ROOM)
    this.#recording = roundLoops ? new InputRecording(context, vertex, this) : null
    this.#saved = (this.#inFlight ?? this.#recording)?.saved ?? null
    const emissions = this.#inFlight ?? this.#outbox
    const inLoop = [...vertex.inputs, ...vertex.outputs].some((c) => channels[c]!.loop === true)
    this.#loop = inLoop ? new LoopPart(vertex, channels, emissions) : null
    this.#emissions = this.#loop ?? emissions
    this.#protocol = context.protocol.task(this, this.name, context.mutation)
    this.#watermarks = new InputWatermarks(
      vertex.inputs.map((c) => channels[c]!.input),
      this.#forwardInputs,
    )
  }

  receive(code: number, event: KernelEvent): void {
    if (code === T.START) {
      this.st = this.#chart.initialLeaf
      this.#clear()
    }
    if (!this.#chart.send(this, code, event))
      throw new Error(`${this.name}: ${taskChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`)
  }
  /** True while an attempt is alive in the slot. */
  get occupied(): boolean {
    return this.running || this.#chart.matches(this, 'initializing')
  }
  get running(): boolean {
    return this.st === this.#runningLeaf
  }
  get attempt(): Attempt | null {
    return this.#attempt
  }
  /** True if it has something to do that it cannot be kept from for ever: what the progress oracle asks. */
  get hasWork(): boolean {
    if (!this.occupied) return false
    if (!this.#outbox.empty || this.#inFlight?.sent === false || this.#loop?.sent === false) return true
    if (this.#saved !== null && this.#saved.nextRecovered() >= 0) return true
    for (let i = 0; i < this.#ins.length; i += 1) if (this.#ins[i]!.records > 0) return true
    return this.#source?.hasWork === true
  }
  /** Where it stands, in a few words, for the report of a stuck run. */
  describe(): string {
    const inputs = this.#ins
      .map((c, i) => {
        const held = c.queue.length + (this.#inFlight?.gate.lengthOf(i) ?? 0)
        return `${c.blocked === 1 || c.stopped === 1 ? 'blocked' : 'open'} with ${held}`
      })
      .join(', ')
    const waits = !this.#outbox.empty || this.#inFlight?.sent === false
    return `${this.name} ${this.#chart.leaves[this.st]}${waits ? ', waits for credit' : ''}${inputs === '' ? '' : `, inputs ${inputs}`}`
  }
  #clear(): void {
    this.#attempt = null
    this.#execution = null
    this.#runtime = null
    this.#source = null
    this.#sink = null
    this.#outbox.clear()
    this.#inFlight?.clear()
    this.#recording?.clear()
    this.#loop?.reset()
    this.#dropCopies()
    this.mail.clear()
    this.wakeAt = 0
    this.#ready = false
  }

  /** Clearing a map makes a new table, even of an empty one. */
  #dropCopies(): void {
    if (this.#copies.size > 0) this.#copies.clear()
  }

  // deployment

  /** A second copy of a deployment, or one that comes after its attempt has ended, is not fresh. */
  fresh(e: KernelEvent): boolean {
    return e.a > this.attemptId
  }
  fetch(e: KernelEvent): void {
    const { addresses } = this.#context
    this.attemptId = e.a
    const attempt = this.#context.attempt(e.a)
    const execution = this.#context.execution(attempt.execution)
    this.#attempt = attempt
    this.#execution = execution
    this.#outbox.clear()
    this.#inFlight?.clear()
    this.#recording?.clear()
    this.#loop?.reset()
    this.#dropCopies()
    this.mail.clear()
    this.busyUntil = 0
    this.wakeAt = 0
    this.turn = 0
    this.endedInputs = 0
    this.ended = 0
    this.finalCheckpoint = 0
    this.reportedFinished = 0
    this.snapshotDue = 0
    this.snapshotStage = NOTHING_DUE
    this.completed = 0
    this.commitRetryAt = 0
    this.heldBack = 0
    this.recoveryWaits = 0
    this.#watermarks.reset()
    this.#wire(execution)
    this.#protocol.reset(execution.basis?.id ?? 0)
    this.fetched = 0
    const parts = execution.redistributed?.get(this.vertex.id)
    const file = parts === undefined ? execution.basis?.files[this.vertex.id] : parts.files[0]
    if (file === undefined) this.#context.kernel.schedule(this.#unit(20), this.id, T.FETCHED, -1, OK)
    else this.#network.service(addresses.storage, S.GET, this.id, attempt.id, file)
  }
  #wire(execution: Execution): void {
    const { layout, addresses } = this.#context
    this.#ins = this.vertex.inputs.map((c) => this.#context.channel(c, this.taskManager))
    this.#senders = this.vertex.inputs.map((c) => {
      const from = layout.channels[c]!.from
      return addresses.task(from, this.#context.attemptIn(execution, from)!.taskManager)
    })
    this.#outs = []
    this.#receivers = []
    for (const c of this.vertex.outputs) {
      const { to } = layout.channels[c]!
      const manager = this.#context.attemptIn(execution, to)!.taskManager
      this.#outs.push(this.#context.channel(c, manager))
      this.#receivers.push(addresses.task(to, manager))
    }
  }
  fetchFailed(e: KernelEvent): boolean {
    if (e.b === FAILED) return true
    if (e.a < 0) return false
    const file = this.#context.files.get(e.a)
    return !file.durable || file.deleted
  }
  get #parts(): Redistributed | undefined {
    return this.#execution!.redistributed?.get(this.vertex.id)
  }
  moreToFetch(_e: KernelEvent): boolean {
    const parts = this.#parts
    return parts !== undefined && this.fetched + 1 < parts.files.length
  }
  fetchNext(_e: KernelEvent): void {
    this.fetched += 1
    const { addresses } = this.#context
    this.#network.service(addresses.storage, S.GET, this.id, this.attemptId, this.#parts!.files[this.fetched]!)
  }
  restore(e: KernelEvent): void {
    const { observer, parts, files } = this.#context
    const attempt = this.#attempt!
    observer.phase(P['fetch-end'])
    const file = e.a < 0 ? null : files.get(e.a)
    const own = this.#parts
    this.#guarded(() => {
      this.#build()
      const backend = this.#runtime!.backend
      const content = own === undefined ? file?.content : readParts(own, (id) => files.get(id))
      if (content) {
        const copy = parts.copyForRestore(content)
        backend.adopt({
          tables: copy.tables,
          timers: parts.restoredTimers(copy.timers),
          lists: parts.restoredLists(copy.lists),
          broadcasts: parts.restoredBroadcasts(copy.broadcasts, this.vertex.subtask),
        })
      }
      const digest = backend.digest(this.#digest)
      const channels = this.#inFlight ?? this.#recording
      if (channels !== null) digest.channels = this.#restoreChannels(channels, content ?? null)
      observer.restored(attempt, file, digest)
      this.#runtime!.open(this.#execution!.basis !== null)
    })
    observer.phase(P.restored)
    this.recoveredAt = this.#context.kernel.now
    const { restoreTimeUs = 0 } = this.#context.plan.timing
    this.#context.kernel.schedule(this.#unit(RECOVER_STEP) + restoreTimeUs, this.id, T.RECOVERED)
  }
  /** @returns the digest of what is in flight again */
  #restoreChannels(channels: InFlight | InputRecording, content: SnapshotContent | null): number {
    if (content?.channels === undefined) return 0
    channels.restore(this.#context.parts.restoredChannels(content.channels), this.#attempt!)
    return digestOfChannels(channels.contents())
  }
  #build(): void {
    const { graph } = this.#context
    const attempt = this.#attempt!
    const spec = graph.vertices[this.vertex.spec]!
    if (spec.kind === 'sink') {
      const sink = spec.sink!
      this.#sink =
        sink.kind === 'own'
          ? new OwnSinkRuntime(this.#context, attempt, spec, sink)
          : new SinkRuntime(this.#context, attempt, spec, sink)
      this.#source = null
      this.#runtime = this.#sink
      return
    }
    this.#sink = null
    const emitter = new Emitter(this.#context, attempt, spec.chain, this.#emissions)
    if (spec.kind === 'source') {
      this.#source = new SourceRuntime(this.#context, attempt, spec, this.vertex.spec, emitter, {
        requestSplit: () => this.#requestSplit(),
        sendWatermark: (ms) => this.#broadcastWatermark(ms),
        sendStatus: (idle) => this.#broadcastControl(STATUS, idle ? 1 : 0),
      })
      this.#runtime = this.#source
    } else {
      this.#source = null
      this.#runtime = new OperatorRuntime(this.#context, attempt, spec, emitter, {
        sendWatermark: (ms) => this.#broadcastWatermark(ms),
        sendStatus: (idle) => this.#broadcastControl(STATUS, idle ? 1 : 0),
      })
    }
  }
  /** A sink recovers in steps, each an effect of its own; what was in flight is read before the task runs. */
  recovered(_e: KernelEvent): boolean {
    if (this.#sink !== null && !this.#ready) return false
    return this.#saved === null || this.#saved.nextRecovered() < 0
  }
  recoverNext(_e: KernelEvent): void {
    const { kernel, plan } = this.#context
    if (this.#sink !== null && !this.#ready) {
      const recovered = this.#guarded(() => {
        this.#ready = this.#sink!.recoverStep()
      })
      if (recovered) kernel.schedule(this.#unit(RECOVER_STEP), this.id, T.RECOVERED)
      return
    }
    this.recoveryWaits = this.#flush() ? 0 : 1
    if (this.recoveryWaits === 1) return
    const saved = this.#saved!
    const input = saved.nextRecovered()
    if (!this.#process(input, saved.recovered[input]!.shift())) return
    this.#flush()
    this.recoveredAt = kernel.now
    kernel.schedule(plan.timing.operatorCostUs, this.id, T.RECOVERED)
  }
  awaitsCredit(_e: KernelEvent): boolean {
    return this.recoveryWaits === 1
  }
  start(_e: KernelEvent): void {
    this.#ready = false
    const dealtOut = (this.#parts?.channels.length ?? 0) > 0
    if (!this.#context.parts.survivesConversion(dealtOut)) this.#loseWhatCame()
    this.#toJobManager(E.running, J.RUNNING)
    this.#wake(0)
  }

  /** What code does that lets go of a recovered input before the channel itself has taken its place (FLINK-38544). */
  #loseWhatCame(): void {
    const { kernel, pool } = this.#context
    this.#ins.forEach((channel, input) => {
      const { queue } = channel
      for (let left = queue.length; left > 0; left -= 1) {
        const arrived = queue.time(0)
        const item = queue.pop()
        const isLost = kindOf(item) === RECORD && arrived > this.recoveredAt && arrived <= kernel.now
        if (!isLost) {
          queue.push(item, arrived)
          continue
        }
        channel.records -= 1
        pool.free(operandOf(item))
        this.#giveCredit(channel, input)
      }
    })
  }

  // ends of an attempt

  halt(_e: KernelEvent): void {
    const { pool } = this.#context
    while (!this.#outbox.empty) {
      if (hasPayload(this.#outbox.element())) pool.free(operandOf(this.#outbox.element()))
      this.#outbox.pop()
    }
    this.#inFlight?.drop()
    this.#recording?.drop()
    if (this.#loop !== null) this.#dropFeedback(this.#loop)
    this.#context.kernel.cancel(this.wakeHandle)
    this.wakeAt = 0
    this.mail.clear()
    this.#dropCopies()
    this.#runtime = null
    this.#source = null
    this.#sink = null
    this.#ready = false
  }
  #dropFeedback({ queues }: LoopPart): void {
    for (const queue of queues)
      while (queue.length > 0) {
        const item = queue.shift()
        if (hasPayload(item)) this.#context.pool.free(operandOf(item))
      }
  }
  /** The session with the job manager is over: what was sent in it, a late deployment too, does not arrive any more. */
  disconnect(_e: KernelEvent): void {
    this.#context.kernel.setGeneration(this.id, NOBODY)
  }
  /** CANCEL names its attempt: one whose deployment has not arrived yet must not start afterwards. */
  reportCancelled(e: KernelEvent): void {
    this.attemptId = Math.max(this.attemptId, e.a)
    this.#toJobManager(E.cancelled, J.CANCELLED, e.a)
  }
  reportFailure(_e: KernelEvent): void {
    this.#context.observer.attemptFailed(this.#attempt!)
    this.#toJobManager(E.failure, J.FAILED)
  }
  fail(e: KernelEvent): void {
    const { observer, files, kernel } = this.#context
    const file = e.a >= 0 ? files.get(e.a) : null
    if (file !== null && e.b !== FAILED) observer.fileMissing(this.#attempt!, file)
    kernel.local(this.id, T.FAIL)
  }
  #fail(): void {
    this.#context.kernel.local(this.id, T.FAIL)
  }
  /** Runs code that ends in user code: its errors are findings, a refused write fails the task. */
  #guarded(body: () => void): boolean {
    try {
      body()
      return true
    } catch (error) {
      this.#failed(error)
      return false
    }
  }
  /** @throws what is neither the user's error nor a refused write: a defect of the simulator */
  #failed(error: unknown): void {
    if (error instanceof UserCodeError) this.#context.observer.userError(this.#attempt!, error)
    else if (error !== WRITE_REFUSED) throw error
    this.#fail()
  }
  #toJobManager(effect: number, code: number, id = this.attemptId): void {
    const attempt = this.#context.attempt(id)
    // addressed to the leader that deployed it: fenced by its epoch
    const { epoch } = this.#context.execution(attempt.execution)
    this.#network.rpc(effect, this.#context.addresses.leader(epoch).jobManager, code, attempt.id, 0, 0, epoch)
  }

  // mail

  mailTrigger(e: KernelEvent): void {
    this.#post(mayOvertake(e.b) ? MAIL_TRIGGER_OVERTAKING : MAIL_TRIGGER, e.a)
  }
  mailComplete(e: KernelEvent): void {
    this.#post(MAIL_COMPLETE, e.a)
  }
  mailAbort(e: KernelEvent): void {
    this.#post(MAIL_ABORT, e.a)
  }
  mailSplit(e: KernelEvent): void {
    this.#post(MAIL_SPLIT, e.a)
  }
  mailNoMoreSplits(_e: KernelEvent): void {
    this.#post(MAIL_NO_MORE_SPLITS, 0)
  }
  #post(what: number, operand: number): void {
    this.mail.push(operand * 8 + what, 0)
    this.#wake(0)
  }
  #readMail(): void {
    const item = this.mail.pop()
    const operand = item >> 3
    const { observer } = this.#context
    switch (item & 7) {
      case MAIL_TRIGGER:
        this.#protocol.onTrigger(operand, false)
        break
      case MAIL_TRIGGER_OVERTAKING:
        this.#protocol.onTrigger(operand, true)
        break
      case MAIL_COMPLETE:
        observer.phase(P['notify-received'])
        this.#protocol.onComplete(operand)
        break
      case MAIL_ABORT:
        observer.phase(P['abort-received'])
        this.#protocol.onAbort(operand)
        break
      case MAIL_SPLIT:
        if (this.#source!.addSplit(operand))
          this.#network.service(this.#enumerator(), N.CONFIRM, operand, this.attemptId, 0, this.#execution!.epoch)
        break
      default:
        this.#source!.noMoreSplits()
    }
  }
  #enumerator(): EntityId {
    return this.#leader().enumerators.get(this.vertex.spec)!
  }
  /** The leader that deployed it. */
  #leader(): LeaderAddresses {
    return this.#context.addresses.leader(this.#execution!.epoch)
  }
  #requestSplit(): void {
    this.#network.rpc(
      E['split-request'],
      this.#enumerator(),
      N.REQUEST,
      this.vertex.subtask,
      this.attemptId,
      0,
      this.#execution!.epoch,
    )
  }

  // the loop

  #unit(units: number): number {
    return units * this.#context.plan.timing.unitUs
  }
  /** Makes sure that the task looks for work after `delay` microseconds, or when it is done with what it does now. */
  #wake(delay: number): void {
    const { kernel } = this.#context
    const earliest = kernel.now + delay
    const at = Math.max(earliest, this.busyUntil)
    if (this.wakeAt !== 0) {
      if (this.wakeAt <= at) return
      kernel.cancel(this.wakeHandle)
    }
    this.wakeAt = at
    this.wakeHandle = kernel.schedule(at - kernel.now, this.id, T.WAKE)
  }
  /** Called by the network: something has been put that arrives at `at`, or credit has come back. */
  notice(at: number): void {
    if (this.running) this.#wake(at - this.#context.kernel.now)
  }
  /** After a step: works for `cost`, then looks again as soon as there can be something to do. */
  #busy(cost: number): void {
    const sent = this.#flush()
    const { now } = this.#context.kernel
    this.busyUntil = now + cost
    if (this.snapshotStage !== NOTHING_DUE || this.mail.length > 0 || this.#toCommit() >= 0) {
      this.#wake(cost)
      return
    }
    if (this.#inFlight !== null) this.#watchOvertaking(this.#inFlight)
    if (!sent) return // credit wakes it
    if (this.#source !== null) {
      this.#wake(cost)
      return
    }
    const at = this.#nextInputAt()
    if (at !== Number.POSITIVE_INFINITY) this.#wake(at - now)
  }
  /** When the next element can be read or the next processing-time timer is due; Infinity if nothing is in sight. */
  #nextInputAt(): number {
    let earliest = this.#runtime!.nextProcessingTimer() * 1000
    if (this.#inFlight !== null && this.#inFlight.gate.nextReadable(0) >= 0) return this.#context.kernel.now
    for (let i = 0; i < this.#ins.length; i += 1) {
      const ready = this.#ins[i]!.readyAt()
      if (ready < earliest) earliest = ready
    }
    return earliest
  }
  step(_e: KernelEvent): void {
    const { now } = this.#context.kernel
    // credit comes back at any time; the look that was scheduled for later is still to come
    if (now >= this.wakeAt) this.wakeAt = 0
    const sent = this.#flush()
    this.#inFlight?.deliver(this.#ins, now)
    if (now < this.busyUntil) {
      this.#wake(0)
      return
    }
    if (this.snapshotStage !== NOTHING_DUE) {
      this.#snapshotStep()
      return
    }
    if (this.#inFlight !== null && this.#readOvertaking(this.#inFlight)) {
      this.#busy(this.#unit(MAIL_COST))
      return
    }
    if (this.mail.length > 0) {
      this.#readMail()
      this.#busy(this.#unit(MAIL_COST))
      return
    }
    if (!sent) {
      if (this.#inFlight !== null) this.#watchOvertaking(this.#inFlight)
      return
    }
    if (this.#sink !== null && this.#commitStep()) return
    if (this.#source === null) this.#inputStep()
    else this.#sourceStep()
  }
  #sourceStep(): void {
    if (this.ended === 1) return
    let outcome: number
    try {
      outcome = this.#source!.poll()
    } catch (error) {
      this.#failed(error)
      return
    }
    if (outcome === IDLE) {
      const { awaitsUs } = this.#source!
      if (awaitsUs !== Number.POSITIVE_INFINITY) this.#wake(awaitsUs - this.#context.kernel.now)
      return
    }
    if (outcome === ENDED) {
      this.#end()
      this.#broadcastControl(END_OF_DATA, 0)
      this.#busy(this.#unit(MAIL_COST))
      return
    }
    const { kernel, plan, graph } = this.#context
    const rate = graph.vertices[this.vertex.spec]!.source!.ratePerSecond
    const cost =
      rate === undefined
        ? plan.timing.sourceCostUs +
          kernel.decide(SOURCE_COST, mix2(this.attemptId, this.#source!.polls), this.#unit(20))
        : Math.floor(1_000_000 / rate)
    this.#busy(cost)
  }
  #inputStep(): void {
    const { kernel } = this.#context
    const now = kernel.now
    const processing = this.#runtime!.nextProcessingTimer() * 1000
    if (processing <= now) {
      this.#fireTimers()
      return
    }
    if (this.#inFlight !== null) {
      this.#gateStep(this.#inFlight, processing)
      return
    }
    let earliest = processing
    const n = this.#ins.length
    let input = this.turn
    for (let k = 0; k < n; k += 1) {
      if (input >= n) input = 0
      const channel = this.#ins[input]!
      const ready = channel.readyAt()
      if (ready <= now) {
        this.turn = input + 1 === n ? 0 : input + 1
        this.#take(channel, input)
        return
      }
      if (ready < earliest) earliest = ready
      input += 1
    }
    if (earliest !== Number.POSITIVE_INFINITY) this.#wake(earliest - now)
  }
  #fireTimers(): void {
    const nowMs = Math.floor(this.#context.kernel.now / 1000)
    if (this.#guarded(() => this.#runtime!.processingTime(nowMs))) this.#busy(this.#context.plan.timing.operatorCostUs)
  }
  /** The same where barriers may overtake: what has arrived lies in the gate. */
  #gateStep(inFlight: InFlight, processingUs: number): void {
    const { now } = this.#context.kernel
    const input = inFlight.gate.nextReadable(this.turn)
    if (input < 0) {
      const at = Math.min(processingUs, this.#nextInputAt())
      if (at !== Number.POSITIVE_INFINITY) this.#wake(at - now)
      return
    }
    this.turn = input + 1 === this.#ins.length ? 0 : input + 1
    const channel = this.#ins[input]!
    const item = inFlight.gate.queues[input]!.take()
    if (kindOf(item) === RECORD) {
      channel.records -= 1
      this.#giveCredit(channel, input)
    }
    if (this.#process(input, item)) this.#busy(this.#context.plan.timing.operatorCostUs)
  }
  /** Reads one element that has overtaken; false if there is none. */
  #readOvertaking(inFlight: InFlight): boolean {
    const input = inFlight.gate.nextPriority()
    if (input < 0) return false
    const item = inFlight.gate.queues[input]!.takePriority()
    this.#protocol.onControl(input, kindOf(item), operandOf(item))
    return true
  }
  /** Barriers are read whether records can be sent or not: the task looks when something arrives. */
  #watchOvertaking(inFlight: InFlight): void {
    const { now } = this.#context.kernel
    if (inFlight.gate.nextPriority() >= 0) {
      this.#wake(0)
      return
    }
    let earliest = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#ins.length; i += 1) {
      const arrives = this.#ins[i]!.readyAt()
      if (arrives < earliest) earliest = arrives
    }
    if (earliest !== Number.POSITIVE_INFINITY) this.#wake(Math.max(0, earliest - now))
  }
  #take(channel: Channel, input: number): void {
    const item = channel.take()
    if (kindOf(item) === RECORD) this.#giveCredit(channel, input)
    this.#recording?.read(input, item)
    if (this.#process(input, item)) this.#busy(this.#context.plan.timing.operatorCostUs)
  }
  #giveCredit(channel: Channel, input: number): void {
    if (channel.starved === 0) return
    channel.starved = 0
    const { kernel } = this.#context
    kernel.schedule(this.#unit(CREDIT_LATENCY), this.#senders[input]!, T.WAKE, 0, 0, 0, channel.sender)
  }
  /** Hands an element over to whom it concerns; false if the task fails over it. */
  #process(input: number, item: number): boolean {
    const { layout } = this.#ins[input]!
    const operand = operandOf(item)
    const kind = kindOf(item)
    return kind === RECORD
      ? this.#processRecord(layout, operand)
      : this.#processControl(input, layout.id, kind, operand)
  }
  /** Apart from the rest, whose closures would cost an allocation for every record. */
  #processRecord(layout: LayoutChannel, slot: number): boolean {
    const { pool, observer } = this.#context
    observer.receive(this.#attempt!, layout.id, slot)
    if (this.ended === 1 && layout.feedback === true) return this.#cameAfterLoop(slot)
    try {
      this.#runtime!.record(slot, layout.input, layout.partitioner === 'key')
    } catch (error) {
      this.#failed(error)
      return false
    } finally {
      pool.free(slot)
    }
    return true
  }
  #processControl(input: number, channel: number, kind: number, operand: number): boolean {
    const { pool, observer } = this.#context
    const attempt = this.#attempt!
    if (kind === WATERMARK) {
      const ms = pool.timestamp[operand]!
      pool.free(operand)
      observer.watermark(attempt, channel, ms)
      return this.#guarded(() => this.#onWatermark(input, ms))
    }
    if (kind === STATUS) {
      observer.status(attempt, channel, operand === 1)
      return this.#guarded(() => this.#onStatus(input, operand === 1))
    }
    if (kind === END_OF_DATA) return this.#guarded(() => this.#onEndOfData())
    if (kind === LOOP_TOKEN) {
      this.#loop!.rounds.arrived(input, operand)
      return this.#guarded(() => this.#goRound(this.#loop!))
    }
    this.#protocol.onControl(input, kind, operand)
    return true
  }
  #onWatermark(input: number, ms: number): void {
    const watermarks = this.#watermarks
    const wasIdle = watermarks.idle
    if (watermarks.watermark(input, ms)) this.#runtime!.watermark(watermarks.watermarkMs)
    if (watermarks.idle !== wasIdle) this.#runtime!.status(watermarks.idle)
  }
  #onStatus(input: number, idle: boolean): void {
    const watermarks = this.#watermarks
    const wasIdle = watermarks.idle
    if (watermarks.status(input, idle)) this.#runtime!.watermark(watermarks.watermarkMs)
    if (watermarks.idle !== wasIdle) this.#runtime!.status(watermarks.idle)
  }
  /** The partition stays open: barriers come until the last checkpoint is complete. Flink: EndOfData, not EndOfPartition. */
  #onEndOfData(): void {
    this.endedInputs += 1
    if (this.#loop !== null) this.#goRound(this.#loop)
    if (this.endedInputs < this.#forwardInputs || this.#loop?.isHead === true) return
    this.#endInput()
  }
  /** The tokens of a loop that have come on all channels go on; its head ends once they tell that nothing goes round. */
  #goRound({ rounds, inLoop, outside, isHead }: LoopPart): void {
    if (this.endedInputs < outside) return
    for (let told = rounds.next(); told !== MISSING; told = rounds.next()) {
      if (told === OVER) {
        if (isHead) this.#endInput()
        return
      }
      for (let i = 0; i < inLoop.length; i += 1) if (inLoop[i]!) this.#emissions.push(i, element(LOOP_TOKEN, told))
    }
  }
  /** What a function emits when its input ends, or by a timer after that, cannot go round any more. */
  #cameAfterLoop(slot: number): boolean {
    this.#context.pool.free(slot)
    return this.#guarded(() => {
      throw new UserCodeError(
        'the loop',
        new Error(
          `a record has come back to '${this.vertex.uid}' after the loop was over: emit nothing into a loop in endInput or in a processing-time timer`,
        ),
      )
    })
  }
  #endInput(): void {
    this.#runtime!.endInput()
    this.#end()
    this.#broadcastControl(END_OF_DATA, 0)
  }
  #end(): void {
    this.ended = 1
    if (this.#source !== null) this.#context.observer.inputEnded(this.#attempt!)
    this.#sink?.endInput()
    this.#context.observer.phase(P['end-of-data'])
  }

  // output

  #broadcastWatermark(ms: number): void {
    const { pool, observer } = this.#context
    for (let i = 0; i < this.#forwardOutputs; i += 1) {
      if (this.#saved !== null) observer.watermarkSent(this.#attempt!, this.vertex.outputs[i]!, ms)
      this.#emissions.push(i, element(WATERMARK, pool.put(undefined, ms)))
    }
  }
  /** @param outputs to the first so many; to all but the feedback edges if left out */
  #broadcastControl(kind: number, operand: number, outputs = this.#forwardOutputs): void {
    for (let i = 0; i < outputs; i += 1) this.#emissions.push(i, element(kind, operand))
  }
  /** Sends what was emitted; false if credit ran out on the way. */
  #flush(): boolean {
    if (this.#loop !== null) this.#flushFeedback(this.#loop)
    if (this.#inFlight !== null) return this.#flushOutputs(this.#inFlight)
    const outbox = this.#outbox
    while (!outbox.empty) {
      const output = outbox.output()
      const item = outbox.element()
      const channel = this.#outs[output]!
      const kind = kindOf(item)
      if (channel.sender !== this.attemptId) {
        // the connection belongs to another execution by now: what a zombie writes goes nowhere
        if (hasPayload(item)) this.#context.pool.free(operandOf(item))
        outbox.pop()
        continue
      }
      if (kind === RECORD && channel.full) {
        channel.starved = 1
        return false
      }
      outbox.pop()
      const arrival = this.#network.arrival(channel.layout.id, this.attemptId, channel.position)
      const at = channel.put(kind, operandOf(item), arrival)
      this.#context.taskAt(this.#receivers[output]!).notice(at)
    }
    return true
  }

  /** Nobody waits for credit of a feedback edge but what goes out on it. */
  #flushFeedback({ queues, forward }: LoopPart): void {
    for (let i = 0; i < queues.length; i += 1) {
      const queue = queues[i]!
      const channel = this.#outs[forward + i]!
      while (queue.length > 0) {
        const kind = kindOf(queue.at(0))
        if (channel.sender !== this.attemptId) {
          const item = queue.shift()
          if (hasPayload(item)) this.#context.pool.free(operandOf(item))
          continue
        }
        if (kind === RECORD && channel.full) {
          channel.starved = 1
          break
        }
        this.#put(forward + i, queue.shift())
      }
    }
  }
  #put(output: number, item: number): void {
    const channel = this.#outs[output]!
    const arrival = this.#network.arrival(channel.layout.id, this.attemptId, channel.position)
    const at = channel.put(kindOf(item), operandOf(item), arrival)
    this.#context.taskAt(this.#receivers[output]!).notice(at)
  }

  /** Each output on its own: behind an aligned barrier nothing more goes out until the receiver resumes it. */
  #flushOutputs(inFlight: InFlight): boolean {
    if (inFlight.sent) return true
    for (let output = 0; output < this.#forwardOutputs; output += 1) this.#flushOutput(inFlight, output)
    return inFlight.sent
  }
  #flushOutput(inFlight: InFlight, output: number): void {
    const channel = this.#outs[output]!
    const queue = inFlight.outputs[output]!
    while (queue.length > 0) {
      const kind = kindOf(queue.at(0))
      if (channel.sender !== this.attemptId) {
        const item = inFlight.shift(output)
        if (hasPayload(item)) this.#context.pool.free(operandOf(item))
        continue
      }
      if (channel.stopped === 1 || (kind === RECORD && channel.full)) {
        channel.starved = 1
        return
      }
      const item = inFlight.shift(output)
      if (isAlignedBarrier(kind)) channel.stopped = 1
      this.#put(output, item)
    }
  }

  // checkpoints: what the protocol asks for

  block(input: number): void {
    this.#ins[input]!.blocked = 1
    this.heldBack += 1
    this.heldBackLast = this.#context.kernel.now
    if (this.heldBack === 1) this.heldBackAt = this.heldBackLast
  }
  unblock(input: number): void {
    const channel = this.#ins[input]!
    if (channel.blocked === 1) {
      channel.blocked = 0
      this.heldBack -= 1
      if (this.heldBack === 0) this.#context.observer.aligned(this.#attempt!, this.heldBackLast - this.heldBackAt)
    }
    if (channel.stopped === 1) {
      channel.stopped = 0
      this.#giveCredit(channel, input)
    }
  }
  broadcast(kind: typeof BARRIER | typeof TIMED_BARRIER | typeof CANCEL, checkpoint: number, priority: boolean): void {
    if (kind !== CANCEL) this.phase(P['barrier-emitted'])
    if (this.#inFlight === null || kind === CANCEL) this.#broadcastControl(kind, checkpoint, this.#barrierOutputs)
    else this.#inFlight.sendBarrier(priority ? UNALIGNED_BARRIER : kind, checkpoint)
  }
  requestSnapshot(checkpoint: number): void {
    this.snapshotDue = checkpoint
    this.snapshotStage = DUE
    this.#wake(0)
  }
  decline(checkpoint: number, reason: CheckpointFailureReason): void {
    this.#network.rpc(
      E.decline,
      this.#leader().coordinator,
      C.DECLINE,
      this.attemptId,
      checkpoint,
      REASON[reason],
      this.#execution!.epoch,
    )
  }
  checkpointComplete(checkpoint: number): void {
    this.#context.observer.notified(this.#attempt!, checkpoint, this.#execution!.basis?.id ?? 0)
    this.completed = Math.max(this.completed, checkpoint)
    this.#maybeFinish()
  }
  timer(delayUs: number, code: number, a: number): void {
    this.#context.kernel.schedule(delayUs, this.id, T.TIMER, code, a)
  }
  phase(code: number): void {
    this.#context.observer.phase(code)
  }
  protocolTimer(e: KernelEvent): void {
    this.#inFlight?.deliver(this.#ins, this.#context.kernel.now)
    this.#protocol.onTimer(e.a, e.b)
    this.#wake(0)
  }

  // checkpoints that save what is in flight

  get channelState(): ChannelStateHost {
    return (this.#inFlight ?? this.#recording)!
  }
  isCopied(checkpoint: number): boolean {
    return this.#copies.has(checkpoint)
  }
  recordInput(checkpoint: number, input: number): void {
    this.#recording!.recordInput(checkpoint, input)
  }
  stopRecording(checkpoint: number, input: number): void {
    this.#recording!.stopRecording(checkpoint, input)
  }
  closeRecording(checkpoint: number): void {
    this.#recording!.closeRecording(checkpoint)
  }
  // those whose barriers may overtake
  get nowUs(): number {
    return this.#context.kernel.now
  }
  get alignedTimeoutUs(): number {
    return this.#context.alignedTimeoutUs
  }
  triggeredAtUs(checkpoint: number): number {
    return this.#context.triggeredAtUs[checkpoint]!
  }
  prioritize(input: number): void {
    this.#inFlight!.gate.queues[input]!.prioritize()
  }
  startPersisting(checkpoint: number): boolean {
    return this.#inFlight!.startPersisting(checkpoint)
  }
  stopPersisting(checkpoint: number): void {
    this.#inFlight!.stopPersisting(checkpoint)
  }
  armAlignmentTimer(checkpoint: number, delayUs: number): void {
    this.#inFlight!.armAlignmentTimer(checkpoint, delayUs)
  }
  disarmAlignmentTimer(): void {
    this.#inFlight!.disarmAlignmentTimer()
  }

  /** Prepare (sinks), then copy: a crash in between is possible, and both are effects. */
  #snapshotStep(): void {
    const checkpoint = this.snapshotDue
    const { subtask } = this.#protocol
    if (this.snapshotStage === DUE) {
      if (!this.#protocol.onSnapshotDue(checkpoint)) {
        this.snapshotStage = NOTHING_DUE
        this.#busy(this.#unit(SNAPSHOT_COST))
        return
      }
      this.snapshotStage = PREPARED
      if (this.#outcome === NEXT_STEP) this.#busy(this.#unit(SNAPSHOT_COST))
      if (this.#outcome !== SAME_STEP) return
    }
    this.snapshotStage = NOTHING_DUE
    subtask.prepared(checkpoint)
    if (this.#outcome === FAILED_STEP) {
      subtask.notTaken(checkpoint)
      return
    }
    this.#protocol.onSnapshotTaken(checkpoint)
    const { snapshotCostUs = 0 } = this.#context.plan.timing
    this.#busy(this.#unit(SNAPSHOT_COST) + snapshotCostUs)
  }
  prepareSnapshot(checkpoint: number): void {
    let effect = false
    const succeeded = this.#guarded(() => {
      effect = this.#sink?.prepare(checkpoint) === true
    })
    this.#outcome = !succeeded ? FAILED_STEP : effect ? NEXT_STEP : SAME_STEP
  }
  takeSnapshot(checkpoint: number): void {
    this.#outcome = this.#guarded(() => this.#copyState(checkpoint)) ? SAME_STEP : FAILED_STEP
  }
  #copyState(checkpoint: number): void {
    const { observer, parts, kernel } = this.#context
    const runtime = this.#runtime!
    runtime.beforeSnapshot()
    const digest = runtime.backend.digest(this.#digest)
    observer.sync(this.#attempt!, checkpoint, digest)
    kernel.trace.mix(digest.keyed ^ digest.timers ^ digest.lists)
    observer.phase(P['snapshot-sync'])
    if (this.ended === 1 && this.finalCheckpoint === 0) this.finalCheckpoint = checkpoint
    this.#copies.set(checkpoint, { content: parts.copyForSnapshot(runtime.backend.live()), bytes: digest.bytes })
  }
  startAsync(checkpoint: number): void {
    const { kernel } = this.#context
    const time = this.#unit(15) + kernel.decide(SERIALIZE_TIME, mix2(this.attemptId, checkpoint), this.#unit(40))
    kernel.schedule(time, this.id, T.SERIALIZED, checkpoint)
  }
  serialized(e: KernelEvent): void {
    const saved = this.#saved
    if (saved !== null) {
      if (!saved.isSettled(e.a)) return
      if (saved.recorder.hasFailed(e.a)) {
        saved.recorder.forget(e.a)
        this.#copies.delete(e.a)
        this.#protocol.subtask.notStored(e.a, NO_FILE)
        return
      }
    }
    this.#protocol.subtask.serialized(e.a)
    this.#copies.delete(e.a)
  }
  /** The asynchronous part: bytes are made here, from what the synchronous part left. */
  upload(checkpoint: number): void {
    const { observer, files, parts, addresses } = this.#context
    const copy = this.#copies.get(checkpoint)!
    const channels = this.#saved?.recorder.take(checkpoint) ?? null
    const content = channels === null ? copy.content : { ...copy.content, channels }
    const bytes = channels === null ? copy.bytes : copy.bytes + channelStateBytes(channels)
    const file = files.create(this.vertex.id, checkpoint, this.attemptId, content, bytes)
    if (channels !== null) this.#context.kernel.trace.mix(digestOfChannels(channels))
    observer.upload(this.#attempt!, file, content)
    this.#network.service(addresses.storage, S.PUT, this.id, checkpoint, file.id)
    if (parts.acknowledgesEarly()) this.#acknowledge(checkpoint, file.id)
  }
  stored(e: KernelEvent): void {
    if (e.b === OK) this.#protocol.subtask.stored(e.a, e.ref)
    else this.#protocol.subtask.notStored(e.a, e.ref)
  }
  acknowledge(checkpoint: number, file: number): void {
    if (!this.#context.parts.acknowledgesEarly()) this.#acknowledge(checkpoint, file)
  }
  #acknowledge(checkpoint: number, file: number): void {
    this.#context.kernel.effect('acknowledge')
    this.#network.rpc(
      E.ack,
      this.#leader().coordinator,
      C.ACK,
      this.attemptId,
      checkpoint,
      file,
      this.#execution!.epoch,
    )
  }
  discard(file: number): void {
    this.#network.service(this.#context.addresses.storage, S.DELETE, 0, 0, file)
  }

  /** The next transaction that may be committed; -1: none. */
  #toCommit(): number {
    const sink = this.#sink
    if (sink === null) return -1
    if (this.#context.parts.commitsAtSnapshot()) return sink.lastPrepared()
    return this.completed > 0 ? sink.nextToCommit(this.completed) : -1
  }
  /** Commits one transaction that a completion lets commit; false if there is none. */
  #commitStep(): boolean {
    const transaction = this.#toCommit()
    if (transaction < 0) return false
    const { kernel } = this.#context
    if (kernel.now < this.commitRetryAt) {
      this.#wake(this.commitRetryAt - kernel.now)
      return false
    }
    this.#commit(this.#sink!, transaction)
    return true
  }
  #commit(sink: SinkVertex, transaction: number): void {
    const { kernel, observer } = this.#context
    let done = false
    const succeeded = this.#guarded(() => {
      done = sink.commit(transaction)
    })
    if (!succeeded) return
    if (done) {
      observer.phase(P['commit-end'])
      this.#maybeFinish()
    } else this.commitRetryAt = kernel.now + this.#unit(COMMIT_RETRY)
    this.#busy(this.#unit(MAIL_COST))
  }
  #maybeFinish(): void {
    if (this.reportedFinished === 1 || this.finalCheckpoint === 0 || this.completed < this.finalCheckpoint) return
    if (this.#sink !== null && this.#sink.nextToCommit(this.completed) >= 0) return
    this.reportedFinished = 1
    this.#toJobManager(E.finished, J.FINISHED)
  }
}

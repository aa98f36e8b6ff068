/** Hears everything, writes the ledger, asks the oracles. */
import {
  type AssumptionName,
  type Attempt,
  CHECKPOINT,
  type CompletedCheckpoint,
  type Contract,
  type ExternalChange,
  type Finding,
  isVisibleName,
  type Observer,
  type QuorumObserver,
  type RecordWindow,
  type Shape,
  type SnapshotContent,
  type SnapshotFile,
  type SnapshotKind,
  type StateDigest,
} from '../model/index.ts'
import { BroadcastOracle } from './broadcast.ts'
import { CoordinationOracle } from './coordination.ts'
import { CutOracle } from './cut.ts'
import { DeliveryOracle } from './delivery.ts'
import { DryRun } from './dry-run.ts'
import { InFlightOracle } from './in-flight.ts'
import { InvariantOracle } from './invariant.ts'
import { Ledger } from './ledger.ts'
import { LinearizabilityOracle } from './linearizability.ts'
import { OutputOracle } from './output.ts'
import { PaceOracle } from './pace.ts'
import { ProgressOracle } from './progress.ts'
import { QuorumOracle } from './quorum.ts'
import { RecencyOracle } from './recency.ts'
import { SplitsOracle } from './splits.ts'
import { StateOracle } from './state.ts'
import { StorageOracle } from './storage.ts'
import { TimeOracle } from './time.ts'
import { runTwins } from './twin.ts'
import { finding, type Reporter, shapeOfCut, type World } from './world.ts'

/** Who else wants to know: faults count phases, the run ends at a finding. */
export interface JudgeListener {
  phase(code: number): void
  forked(): void
  found(finding: Finding): void
  finished(): void
  jobFailed(): void
}
/** Counts of one run. */
export interface Tally {
  checkpointsCompleted: number
  restores: number
  commits: number
  records: number
  readonly permitted: Map<string, number>
  /** Where a restore may repeat records, one entry for each channel and completed checkpoint: the parts of `may-repeat`. */
  readonly windows: RecordWindow[]
  readonly assumptions: Map<string, number>
  /** The user's `sometimes` by name: whether it has held. */
  readonly sometimes: Map<string, boolean>
  /** State bytes of the last completed checkpoint, by operator uid: the s of S. */
  readonly stateBytes: Map<string, number>
  /** Sum of the intervals between triggers of completed checkpoints, microseconds: C. */
  intervalsUs: number
  /** Sum of the durations of completed checkpoints, microseconds. */
  durationsUs: number
  /** From the first barrier to the last of tasks that hold inputs back meanwhile, summed over tasks and checkpoints, microseconds. */
  alignmentUs: number
  /** Records in flight in completed checkpoints. */
  inFlightRecords: number
}

export class Judge implements Observer, Reporter {
  readonly ledger: Ledger
  /** Hears what the metadata store is asked and answers, where there is more to it than one process that never fails. */
  readonly linearizability: LinearizabilityOracle
  readonly #world: World
  readonly #listener: JudgeListener
  /** Null where nothing in flight is saved. */
  readonly #inFlight: InFlightOracle | null
  readonly #delivery: DeliveryOracle
  readonly #cut: CutOracle
  readonly #broadcast: BroadcastOracle
  readonly #splits: SplitsOracle
  readonly #state: StateOracle
  readonly #dryRun: DryRun
  readonly #output: OutputOracle
  readonly #recency: RecencyOracle
  readonly #storage: StorageOracle
  readonly #coordination: CoordinationOracle
  readonly #pace: PaceOracle
  readonly #time: TimeOracle
  readonly #progress: ProgressOracle
  /** Null where there is no metadata quorum. */
  readonly #quorum: QuorumOracle | null
  readonly #invariants: InvariantOracle
  #finding: Finding | null = null
  #cause: unknown
  #lastTriggerUs = 0
  /** True once the job has finished: nobody will go back to a checkpoint. */
  #finished = false
  tally: Tally = emptyTally()

  readonly #contract: Contract
  /** @param contract what the protocol permits with these sinks, and what it takes for granted */
  constructor(world: World, listener: JudgeListener, contract: Contract) {
    this.#world = world
    this.#contract = contract
    this.#listener = listener
    this.ledger = new Ledger(world, contract.inFlight, contract.loops !== undefined)
    this.#inFlight = contract.inFlight === true ? new InFlightOracle(world, this.ledger, this) : null
    this.#delivery = new DeliveryOracle(world, this.ledger, this, this.#inFlight)
    this.#cut = new CutOracle(world, this.ledger, this, contract, this.#inFlight)
    this.#broadcast = new BroadcastOracle(world, this, contract)
    this.#splits = new SplitsOracle(world, this.ledger, this)
    this.#state = new StateOracle(world, this.ledger, this)
    this.#output = new OutputOracle(world, this.ledger, this)
    this.#dryRun = new DryRun(world, this.ledger, this, this.#output)
    this.#recency = new RecencyOracle(world, this.ledger, this)
    this.#storage = new StorageOracle(world, this.ledger, this)
    this.#coordination = new CoordinationOracle(world, this)
    this.linearizability = new LinearizabilityOracle(this)
    this.#pace = new PaceOracle(world, this)
    this.#time = new TimeOracle(world, this)
    this.#progress = new ProgressOracle(world, this, () => listener.jobFailed())
    this.#quorum =
      world.quorum === 0
        ? null
        : new QuorumOracle(
            {
              nodes: world.quorum,
              now: () => world.now(),
              unitUs: () => world.plan().timing.unitUs,
              lastFaultUntil: () => world.lastFaultUntil(),
            },
            this,
          )
    this.#invariants = new InvariantOracle(world, this, {
      happened: (name) => void this.tally.sometimes.set(name, true),
      threw: (error) => this.#userThrew(error),
    })
  }
  /** @param twinned whether the user's functions are run again at the end */
  reset(twinned: boolean): void {
    this.#finding = null
    this.#cause = undefined
    this.#lastTriggerUs = 0
    this.#finished = false
    this.tally = emptyTally()
    this.ledger.reset(twinned)
    this.#inFlight?.reset()
    this.#output.reset()
    this.#recency.reset()
    this.#storage.reset()
    this.#coordination.reset()
    this.linearizability.reset()
    this.#pace.reset()
    this.#time.reset()
    this.#progress.reset()
    this.#quorum?.reset()
    this.#invariants.reset()
    for (const name of this.#invariants.awaited) this.tally.sometimes.set(name, false)
  }
  /** The first finding of the run. */
  get finding(): Finding | null {
    return this.#finding
  }
  /** What user code threw, if that is the finding. */
  get cause(): unknown {
    return this.#cause
  }

  // reporting
  report(partial: Omit<Finding, 'fingerprint' | 'atUs'>): void {
    if (this.#finding !== null) return
    const fingerprint = `${partial.oracle}/${partial.kind}${partial.part === '' ? '' : `:${partial.part}`}`
    this.#finding = { ...partial, fingerprint, atUs: this.#world.now() }
    this.#listener.found(this.#finding)
  }
  /** Something that the contract permits happened; what it does not permit is a violation. */
  permit(kind: string, count: number, window?: RecordWindow): void {
    if (!this.#contract.permits.includes(kind)) {
      this.report(finding('contract', kind, `The contract does not permit '${kind}', but it happened ${count} times.`))
      return
    }
    this.tally.permitted.set(kind, (this.tally.permitted.get(kind) ?? 0) + count)
    if (window !== undefined) this.tally.windows.push(window)
  }
  /** The plan broke something that the contract takes for granted: the run says nothing. */
  assumption(name: AssumptionName): void {
    if (!this.#contract.assumes.includes(name)) {
      this.report(finding('contract', name, `'${name}' does not hold, and the contract does not assume it.`))
      return
    }
    this.tally.assumptions.set(name, (this.tally.assumptions.get(name) ?? 0) + 1)
  }

  // lineage
  phase(code: number): void {
    this.#listener.phase(code)
  }
  basisRead(basis: CompletedCheckpoint | null, epoch?: number): void {
    if (!this.#isSuperseded(epoch)) this.#recency.basisRead(basis)
  }
  /** A leader that others have taken the place of may go on as if it led: what it begins then is nobody's history. */
  #isSuperseded(epoch: number | undefined): boolean {
    return epoch !== undefined && epoch !== this.#world.leadingEpoch()
  }
  fork(basis: CompletedCheckpoint | null, execution: number, shape?: Shape, epoch?: number): number {
    const superseded = this.#isSuperseded(epoch)
    const branch = this.ledger.fork(basis, execution, shape, !superseded)
    this.#inFlight?.fork(branch)
    if (superseded) return branch.id
    this.#recency.fork(basis)
    if (branch.id > 0) this.tally.restores += 1
    const { lost, repeated } = this.ledger.lostInLoops(branch)
    if (lost > 0) this.permit('loop-loss', lost)
    if (repeated > 0) this.permit('loop-repeat', repeated)
    this.#listener.forked()
    this.#output.fork(branch)
    return branch.id
  }
  restarting(failed: Attempt | null, current: number): void {
    this.#coordination.restarting(failed, current)
    this.#progress.restarting()
  }
  attemptFailed(attempt: Attempt): void {
    this.#coordination.attemptFailed(attempt)
  }
  jobFailed(): void {
    this.#progress.jobFailed(this.tally.assumptions.size > 0)
    this.#listener.jobFailed()
  }
  jobRunning(): void {
    this.#progress.jobRunning()
  }

  // splits
  splitAssigned(branch: number, source: number, split: number, subtask: number): void {
    this.#splits.assigned(branch, source, split, subtask)
  }
  splitAdded(attempt: Attempt, split: number): void {
    this.#splits.added(attempt, split)
  }
  splitFinished(attempt: Attempt, split: number): void {
    this.#splits.finished(attempt, split)
  }
  enumeratorReset(branch: number, source: number, unassigned: readonly number[]): void {
    this.#splits.reset(branch, source, unassigned)
  }

  // user calls
  read(attempt: Attempt, split: number, position: number, _value: unknown): void {
    this.tally.records += 1
    this.#splits.read(attempt, split, position)
    if (!this.ledger.isLive(attempt)) return
    this.#progress.called()
    this.#progress.read(this.#world.layout.vertices[attempt.vertex]!.spec, split, position)
  }
  send(attempt: Attempt, edge: number, slot: number): void {
    this.#delivery.send(attempt, edge, slot)
  }
  receive(attempt: Attempt, channel: number, slot: number): void {
    this.#delivery.receive(attempt, channel, slot)
    this.#output.received(attempt, this.#world.pool.value[slot], this.#world.pool.hash[slot]!)
    if (this.ledger.isLive(attempt)) {
      this.#progress.called()
      if (attempt.branch > 0) this.#time.received(attempt, this.#world.pool.timestamp[slot]!)
    }
    if (this.ledger.twinned) {
      const { pool } = this.#world
      const { input } = this.#world.layout.channels[channel]!
      this.ledger.record(attempt, {
        kind: 'element',
        input,
        value: pool.value[slot],
        timestampMs: pool.timestamp[slot]!,
      })
    }
  }
  recovered(attempt: Attempt, channel: number, slot: number): void {
    this.#inFlight?.recovered(attempt, channel, slot)
  }
  watermark(attempt: Attempt, channel: number, timestampMs: number): void {
    this.#time.delivered(attempt, channel, timestampMs)
    this.#inFlight?.watermarks.received(attempt, channel)
    // watermarks come from records: while they are delivered, something moves
    if (this.ledger.isLive(attempt)) this.#progress.called()
  }
  watermarkSent(attempt: Attempt, channel: number, timestampMs: number): void {
    this.#inFlight?.watermarks.sent(attempt, channel, timestampMs)
  }
  status(attempt: Attempt, channel: number, idle: boolean): void {
    this.#time.status(attempt, channel, idle)
  }
  watermarkProcessed(attempt: Attempt, earliestTimerMs: number): void {
    this.#time.processed(attempt, earliestTimerMs)
  }
  watermarkAdvanced(attempt: Attempt, timestampMs: number): void {
    if (this.ledger.twinned) this.ledger.record(attempt, { kind: 'watermark', timestampMs })
  }
  timerFired(
    attempt: Attempt,
    domain: 'event' | 'processing',
    key: unknown,
    timestampMs: number,
    namespace: string,
  ): void {
    if (domain === 'event') this.#time.fired(attempt, timestampMs)
    if (this.ledger.twinned) this.ledger.record(attempt, { kind: 'timer', domain, key, timestampMs, namespace })
  }
  timeRead(attempt: Attempt, timeMs: number): void {
    if (this.ledger.twinned) this.ledger.record(attempt, { kind: 'time', timestampMs: timeMs })
  }
  inputEnded(attempt: Attempt): void {
    if (this.ledger.twinned) this.ledger.record(attempt, { kind: 'end' })
  }
  userError(attempt: Attempt, error: unknown): void {
    const { uid, subtask } = this.#world.layout.vertices[attempt.vertex]!
    const message = error instanceof Error ? error.message : String(error)
    this.#userThrew(error instanceof Error ? (error.cause ?? error) : error)
    this.report(
      finding('user', 'threw', `User code of ${uid}[${subtask}] failed: ${message}.`, { class: 'user', part: uid }),
    )
  }

  #userThrew(error: unknown): void {
    if (this.#finding === null) this.#cause = error
  }

  // state
  aligned(_attempt: Attempt, durationUs: number): void {
    this.tally.alignmentUs += durationUs
  }
  sync(attempt: Attempt, checkpoint: number, digest: StateDigest): void {
    const sync = this.ledger.sync(attempt, checkpoint, digest)
    this.#inFlight?.watermarks.synced(sync)
    this.#time.sync(attempt, checkpoint)
  }
  upload(attempt: Attempt, file: SnapshotFile, content: SnapshotContent): void {
    this.#state.upload(attempt, file, content)
  }
  restored(attempt: Attempt, file: SnapshotFile | null, digest: StateDigest): void {
    this.#state.restored(attempt, file, digest)
    this.#time.restored(attempt, this.#predecessors(attempt, file))
    this.#dryRun.run(true)
  }

  /** Files of the subtasks that an attempt goes on from: of its own, or of all of its operator at another parallelism. */
  #predecessors(attempt: Attempt, file: SnapshotFile | null): readonly SnapshotFile[] {
    const { basis, inherited } = this.ledger.branchOf(attempt)
    if (inherited === null || basis === null) return file === null ? [] : [file]
    const { spec } = this.#world.layout.vertices[attempt.vertex]!
    return shapeOfCut(this.#world, basis).bySpec[spec]!.map((vertex) => this.#world.file(basis.files[vertex]!))
  }

  // storage and store
  fileDurable(_file: SnapshotFile): void {}
  fileDeleted(file: SnapshotFile): void {
    this.#storage.deleted(file)
    if (!this.#finished) this.#dryRun.run(false)
  }
  fileMissing(attempt: Attempt, file: SnapshotFile): void {
    this.#storage.missing(attempt, file)
  }
  entryDurable(entry: CompletedCheckpoint, storeEpoch: number): void {
    this.#coordination.entryDurable(entry, storeEpoch)
    this.#progress.entryDurable(entry.id)
    this.#recency.entryDurable(entry)
    this.#cut.entryDurable(entry)
    if (this.#contract.state === 'exactly-once') this.#broadcast.entryDurable(entry)
    this.#dryRun.run(true)
    this.#measure(entry)
    if (this.#mayAsk) this.#invariants.checkpoint()
  }
  entryRemoved(entry: CompletedCheckpoint): void {
    if (this.#finished) return
    this.#dryRun.run(false)
    this.#recency.entryRemoved(entry)
  }
  savepointTaken(savepoint: CompletedCheckpoint): void {
    this.#storage.savepointTaken(savepoint)
    this.#cut.savepointTaken(savepoint)
    if (this.#contract.state === 'exactly-once') this.#broadcast.entryDurable(savepoint)
    this.#dryRun.savepointTaken(savepoint)
  }
  #measure(entry: CompletedCheckpoint): void {
    const { tally } = this
    tally.checkpointsCompleted += 1
    tally.inFlightRecords = this.#inFlight?.captured ?? 0
    tally.intervalsUs += entry.triggeredAtUs - this.#lastTriggerUs
    tally.durationsUs += this.#world.now() - entry.triggeredAtUs
    this.#lastTriggerUs = entry.triggeredAtUs
    tally.stateBytes.clear()
    for (const id of entry.files) {
      if (id < 0) continue
      const file = this.#world.file(id)
      const { uid } = this.#world.layout.vertices[file.vertex]!
      tally.stateBytes.set(uid, (tally.stateBytes.get(uid) ?? 0) + file.bytes)
    }
  }

  // coordination
  triggered(checkpoint: number, kind: SnapshotKind, epoch?: number): void {
    // a user who asks for a savepoint does not wait out a pause. Flink: CheckpointRequestDecider
    if (kind === CHECKPOINT) this.#pace.triggered(checkpoint, epoch)
  }
  expired(_checkpoint: number, triggeredAtUs: number): void {
    this.#progress.expired(triggeredAtUs)
  }
  completed(checkpoint: number, epoch?: number): void {
    this.#coordination.announced(checkpoint)
    this.#pace.completed(checkpoint, epoch)
  }
  notified(attempt: Attempt, checkpoint: number, restored: number): void {
    this.#coordination.notified(attempt, checkpoint, restored)
  }

  // output
  transactionOpened(attempt: Attempt, transaction: number): void {
    this.#output.opened(attempt, transaction)
  }
  written(_attempt: Attempt, transaction: number, value: unknown, accepted: boolean): void {
    this.#output.written(transaction, value, accepted)
  }
  prepared(attempt: Attempt, transaction: number): void {
    this.#output.prepared(attempt, transaction)
  }
  committed(_attempt: Attempt, transaction: number): void {
    this.tally.commits += 1
    this.#progress.committed()
    this.#output.committed(transaction)
    this.#dryRun.run(false)
    if (this.#mayAsk) this.#invariants.committed()
  }
  commitLost(_attempt: Attempt, transaction: number, timedOut: boolean): void {
    this.#output.commitLost(transaction, timedOut)
  }
  committablesMade(attempt: Attempt, checkpoint: number): void {
    this.#output.committablesMade(attempt, checkpoint)
  }
  calling(attempt: Attempt, call: number, committing: number): void {
    this.#output.calling(attempt, call, committing)
  }
  external(attempt: Attempt, call: number, change: ExternalChange): void {
    this.#output.external(attempt, call, change)
    if (!isShown(change)) return
    this.tally.commits += 1
    this.#progress.committed()
    // what was set may be set again
    if (change.what !== 'set') this.#dryRun.run(false)
    if (this.#mayAsk) this.#invariants.committed()
  }
  appended(attempt: Attempt, _value: unknown): void {
    this.#output.appended(attempt)
    this.#progress.committed()
    if (this.#mayAsk) this.#invariants.committed()
  }

  // the end
  finished(): void {
    this.#finished = true
    this.#listener.finished()
  }
  watch(): void {
    this.#progress.watch()
    this.#quorum?.watch()
  }
  quorumGhosts(): QuorumObserver {
    if (this.#quorum === null) throw new Error('there is no quorum to listen to: the world says that it has no nodes')
    return this.#quorum
  }
  neverDone(how: string): void {
    this.#progress.neverDone(how)
  }
  /** Called when the run has come to its end: what must hold once all is quiet. */
  quiet(finished: boolean): void {
    if (this.#finding !== null) return
    if (finished) {
      this.#output.quiet()
      this.#splits.quiet()
    }
    if (finished && this.#mayAsk) this.#invariants.finished()
    // twins come last, since only some runs have them: what else is found must not depend on that
    if (this.ledger.twinned && this.#finding === null && this.ledger.branches.length > 0)
      runTwins(this.#world, this.ledger, this, finished)
  }
  /** Whether the user's invariants say anything: not about a run that the plan has taken the ground from. */
  get #mayAsk(): boolean {
    return this.#finding === null && this.tally.assumptions.size === 0
  }
}
/** Whether readers of an external system see something new. */
function isShown(change: ExternalChange): boolean {
  switch (change.what) {
    case 'committed':
      return true
    case 'stored':
      return isVisibleName(change.path)
    case 'renamed':
      return isVisibleName(change.to)
    case 'set':
      return isVisibleName(change.key)
    default:
      return false
  }
}
const emptyTally = (): Tally => ({
  checkpointsCompleted: 0,
  restores: 0,
  commits: 0,
  records: 0,
  permitted: new Map(),
  windows: [],
  assumptions: new Map(),
  sometimes: new Map(),
  stateBytes: new Map(),
  intervalsUs: 0,
  durationsUs: 0,
  alignmentUs: 0,
  inFlightRecords: 0,
})

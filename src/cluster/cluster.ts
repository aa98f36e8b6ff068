/**
 * A cluster that runs one job: entities in their processes, the network between them, and what faults can do to it.
 *
 * ```
 *   process 0   snapshot storage, metadata store, external systems, control       never fail
 *   process 1   job manager, checkpoint coordinator, split enumerators            crashes, is elected anew
 *   process 2+  task manager, and a task slot for every vertex                    crash, pause
 * ```
 *
 * Where a job asks for high availability there are several processes as the second one (leader-group.ts), and the metadata store
 * may be more than one entity (metadata-store.ts).
 *
 * Built once for a job graph, then reset for every run.
 */
import type { JobGraph, OperatorParts, Split } from '../dataflow/index.ts'
import {
  type Entity,
  type EntityId,
  type Kernel,
  type KernelEvent,
  mix2,
  PayloadPool,
  type ProcessId,
  site,
} from '../kernel/index.ts'
import {
  type Attempt,
  C,
  type CheckpointCoordinator,
  type CompletedCheckpoint,
  type FaultSource,
  type HighAvailability,
  J,
  type Layout,
  M,
  type MetadataHistory,
  type Mutation,
  NO_HIGH_AVAILABILITY,
  NOBODY,
  type Observer,
  type Plan,
  type ProcessControl,
  type Protocol,
  type QuorumControl,
  S,
  SAVEPOINT,
  type Shape,
  shapesOf,
  T,
  type Timing,
  V,
} from '../model/index.ts'
import { Channel, MAX_CREDIT } from './channel.ts'
import type { Addresses, ClusterContext, Execution } from './cluster-context.ts'
import { hasPayload, operandOf } from './element.ts'
import { EntryRefs } from './entry-refs.ts'
import { ExternalSystems } from './external-systems.ts'
import { JobManager } from './job-manager.ts'
import { layoutOf } from './layout.ts'
import { LeaderGroup, type LeaderGroupHost } from './leader-group.ts'
import { MetadataAnswers } from './metadata-answers.ts'
import { MetadataJournal } from './metadata-journal.ts'
import type { MetadataStore } from './metadata-store.ts'
import { METADATA_STORE_FACTORIES } from './metadata-stores.ts'
import { Network } from './network.ts'
import { type Outlets, outletsOf } from './outlets.ts'
import { type AnswerListener, hearCoordinator, hearJobManager, Overheard } from './overheard.ts'
import { overtakableEdges } from './overtakable-edges.ts'
import { type ClusterParts, partsOf } from './parts.ts'
import { redistributeState } from './redistribute-state.ts'
import { SnapshotFiles } from './snapshot-files.ts'
import { SnapshotStorage } from './snapshot-storage.ts'
import { SplitEnumerator } from './split-enumerator.ts'
import { Task } from './task.ts'
import { TaskManager } from './task-manager.ts'
import { TransactionalLog } from './transactional-log.ts'

// In the plan's time units; facts/flink-cluster.md 6: a crash is seen when the connection closes, a pause by the heartbeat.
const LOSS_LEAST = 60
const LOSS_SPREAD = 90
const RESTART_LEAST = 300
const RESTART_SPREAD = 300
const HEARTBEAT_TIMEOUT = 350
const ELECTION_LEAST = 200
const ELECTION_SPREAD = 300
/** Bounds of the aligned checkpoint timeout, where the protocol has one. */
const ALIGNMENT_LEAST = 5
const ALIGNMENT_SPREAD = 300
const LOSS = site('time until a lost connection is seen')
const RESTART = site('restart time of a task manager')
const ELECTION = site('election time')
const ALIGNMENT = site('aligned checkpoint timeout')

const CONTROL_RESTART_MANAGER = 0
const CONTROL_RESUME_MANAGER = 1
const CONTROL_START_JOB_MANAGER = 2
const CONTROL_CALL_ARRIVES = 3
const CONTROL_STEP_DOWN = 4
const CONTROL_RESUME_JOB_MANAGER = 5
const CONTROL_RECONNECT = 6

export class Cluster implements ClusterContext, ProcessControl {
  readonly kernel: Kernel
  readonly graph: JobGraph
  readonly layout: Layout
  readonly outlets: readonly Outlets[]
  readonly overtakable: readonly boolean[]
  readonly protocol: Protocol
  readonly mutation: Mutation
  readonly parts: ClusterParts & OperatorParts
  readonly pool = new PayloadPool()
  readonly taskManagers: number
  readonly addresses: Addresses
  readonly files = new SnapshotFiles()
  readonly log: TransactionalLog
  readonly external: ExternalSystems
  readonly executions: Execution[] = []
  readonly attempts: Attempt[] = []
  readonly triggeredAtUs: number[] = []
  alignedTimeoutUs = 0
  plan!: Plan
  observer!: Observer
  faults!: FaultSource
  metadataHistory: MetadataHistory | null = null
  splits: ReadonlyMap<number, readonly Split[]> = new Map()
  readonly standbys: boolean
  readonly #groups: readonly LeaderGroup[]
  /** Whether what the metadata store is asked and answers goes through somebody who listens. */
  readonly #overhears: boolean
  readonly #journal: MetadataJournal
  readonly #store: MetadataStore
  readonly #refs = new EntryRefs()
  readonly #storageEntity: SnapshotStorage
  readonly #network: Network
  readonly #channels: Channel[][] = []
  readonly #tasks: Task[][] = []
  readonly #managers: TaskManager[] = []
  readonly #managerProcess: ProcessId[] = []
  readonly #control: EntityId
  readonly #taskOf: (Task | null)[] = []
  #timing!: Timing
  readonly #shapes: readonly Shape[]
  /** The shape that the job is to have from its next execution on: it is durable. Flink: JobResourceRequirements (FLIP-291). */
  wanted!: Shape
  /** The newest execution that was begun by a leader while it led. */
  current!: Execution
  /** Group of each incarnation of a job manager, which are numbered from 1. */
  readonly #groupOf: LeaderGroup[] = []

  /**
   * @param rescales whether plans may give the job another number of slots
   * @throws RangeError if there is no metadata store of that name
   */
  constructor(
    kernel: Kernel,
    graph: JobGraph,
    protocol: Protocol,
    mutation: Mutation,
    taskManagers: number,
    rescales = false,
    highAvailability: HighAvailability = NO_HIGH_AVAILABILITY,
  ) {
    this.kernel = kernel
    this.graph = graph
    this.layout = layoutOf(graph, rescales)
    this.#shapes = shapesOf(this.layout)
    this.outlets = outletsOf(graph, this.layout)
    this.protocol = protocol
    this.mutation = mutation
    this.parts = partsOf(mutation)
    this.overtakable = overtakableEdges(graph, this.parts)
    this.taskManagers = taskManagers
    this.standbys = highAvailability.jobManagers > 1
    this.#overhears = this.standbys || highAvailability.store !== 'single'
    this.log = new TransactionalLog(kernel)
    this.external = new ExternalSystems(
      kernel,
      graph.vertices.flatMap(({ sink }) => (sink === undefined || sink.kind === 'own' ? [] : [sink.log])),
      (delayUs, slow) => kernel.schedule(delayUs, this.#control, CONTROL_CALL_ARRIVES, slow),
    )
    const taskIds: EntityId[][] = []
    this.addresses = {
      storage: -1,
      taskManagers: [],
      leader: (epoch) => this.#groupOf[epoch]!.addresses,
      task: (vertex, manager) => taskIds[vertex]![manager]!,
    }
    this.#network = new Network(this)
    const outside = kernel.process()
    const host: LeaderGroupHost = {
      context: this,
      network: this.#network,
      refs: this.#refs,
      timing: () => this.#timing,
      stepDown: (group, incarnation) => kernel.local(this.#control, CONTROL_STEP_DOWN, group, incarnation),
    }
    this.#groups = Array.from(
      { length: highAvailability.jobManagers },
      (_, i) => new LeaderGroup(host, i, kernel.process()),
    )
    const register = (entity: Entity, process: ProcessId): EntityId => {
      const id = kernel.register(entity, process)
      this.#taskOf[id] = entity instanceof Task ? entity : null
      return id
    }

    this.#storageEntity = new SnapshotStorage(this, this.#network)
    this.addresses.storage = register(this.#storageEntity, outside)
    this.#journal = new MetadataJournal(this)
    const store = METADATA_STORE_FACTORIES[highAvailability.store]
    if (store === undefined) throw new RangeError(`there is no metadata store '${highAvailability.store}'`)
    this.#store = store({
      context: this,
      network: this.#network,
      highAvailability,
      journal: this.#journal,
      answers: new MetadataAnswers(this, this.#network, this.#refs),
      localAnswers: new MetadataAnswers(this, this.#network, this.#refs, true),
      refs: this.#refs,
      register,
      outside,
      groupProcess: (group) => this.#groups[group]!.process,
    })
    this.#control = register({ name: 'control', receive: (code, event) => this.#onControl(code, event) }, outside)

    for (const group of this.#groups) this.#fill(group, register)

    for (let i = 0; i < taskManagers; i += 1) {
      const process = kernel.process()
      const manager = new TaskManager(this, this.#network, i)
      this.#managers.push(manager)
      this.#managerProcess.push(process)
      this.addresses.taskManagers.push(register(manager, process))
    }
    for (const vertex of this.layout.vertices) {
      this.#tasks.push([])
      taskIds.push([])
      for (let i = 0; i < taskManagers; i += 1) {
        const task = new Task(this, this.#network, vertex, i)
        task.id = register(task, this.#managerProcess[i]!)
        taskIds[vertex.id]!.push(task.id)
        this.#tasks[vertex.id]!.push(task)
      }
    }
    for (const channel of this.layout.channels)
      this.#channels.push(Array.from({ length: taskManagers }, () => new Channel(channel, MAX_CREDIT)))
  }

  /** Puts a job manager into its process, and what belongs to it. */
  #fill(group: LeaderGroup, register: (entity: Entity, process: ProcessId) => EntityId): void {
    const { addresses, process } = group
    group.store = this.#store.address(group.index)
    group.storeInProcess = this.#store.inProcess === true
    group.jobManagerEntity = new JobManager(
      this,
      this.#network,
      group,
      (epoch, basis, managers) => this.#beginExecution(group, epoch, basis, managers),
      (ref) => this.#refs.entry(ref),
    )
    const heard = <E extends Entity>(entity: E, hear: AnswerListener): Entity =>
      this.#overhears ? new Overheard(entity, () => this.metadataHistory, group, this.#refs, hear) : entity
    addresses.jobManager = register(heard(group.jobManagerEntity, hearJobManager), process)
    this.graph.vertices.forEach((vertex, spec) => {
      if (vertex.kind !== 'source') return
      const enumerator = new SplitEnumerator(this, this.#network, group, spec, group.enumeratorEntities.length)
      group.enumeratorEntities.push(enumerator)
      addresses.enumerators.set(spec, register(enumerator, process))
    })
    group.coordinator = this.protocol.coordinator(group, this.mutation)
    addresses.coordinator = register(heard(group.coordinator, hearCoordinator), process)
  }

  /**
   * Starts a run. The kernel has been reset to the plan's seed.
   * @param history hears what the metadata store is asked and answers, if that can be anything but plain
   */
  start(
    plan: Plan,
    observer: Observer,
    faults: FaultSource,
    splits: ReadonlyMap<number, readonly Split[]>,
    history: MetadataHistory | null = null,
  ): void {
    this.metadataHistory = this.#overhears ? history : null
    this.plan = plan
    this.observer = observer
    this.faults = faults
    this.splits = splits
    this.pool.reset()
    this.files.reset()
    this.log.reset(observer, faults)
    this.external.reset(observer, faults)
    this.executions.length = 0
    this.attempts.length = 0
    this.triggeredAtUs.length = 0
    this.#configureOvertaking()
    // attempts and executions count from 1: 0 is nobody
    this.attempts.push({ id: 0, vertex: 0, execution: 0, branch: -1, taskManager: 0 })
    this.wanted = this.#shapes[0]!
    this.executions.push({
      number: 0,
      epoch: 0,
      branch: -1,
      basis: null,
      shape: this.wanted,
      attempts: [],
      redistributed: null,
    })
    this.#journal.reset()
    this.#refs.reset()
    this.#groupOf.length = 1 // nobody is incarnation 0
    this.current = this.executions[0]!
    for (const group of this.#groups) group.reset(this.current)
    const event: KernelEvent = { a: 0, b: 0, ref: 0 }
    this.#storageEntity.receive(S.START, event)
    this.#store.start()
    for (const tasks of this.#tasks) for (const task of tasks) task.receive(T.START, event)
    for (const manager of this.#managers) manager.receive(M.START, event)
    for (const group of this.#groups) this.#startGroup(group)
  }
  /** At most one checkpoint at a time may overtake records. Flink: CheckpointCoordinatorConfiguration. */
  #configureOvertaking(): void {
    const { timing } = this.plan
    const { overtaking } = this.protocol
    this.#timing = overtaking === undefined ? timing : { ...timing, maxConcurrentCheckpoints: 1 }
    this.alignedTimeoutUs =
      overtaking?.aligns === true
        ? timing.unitUs * (ALIGNMENT_LEAST + this.kernel.decide(ALIGNMENT, 0, ALIGNMENT_SPREAD))
        : 0
  }
  #startGroup(group: LeaderGroup): void {
    const incarnation = this.#groupOf.length
    this.#groupOf.push(group)
    this.#store.groupStarted?.(group.index, incarnation)
    group.start(incarnation)
  }
  #onControl(code: number, event: KernelEvent): void {
    if (code === CONTROL_START_JOB_MANAGER) {
      this.#startGroup(this.#groups[event.a]!)
      return
    }
    if (code === CONTROL_STEP_DOWN) {
      if (this.#groups[event.a]!.incarnation === event.b) this.#startGroup(this.#groups[event.a]!)
      return
    }
    if (code === CONTROL_CALL_ARRIVES) {
      this.external.arrive(event.a)
      return
    }
    if (code === CONTROL_RESUME_JOB_MANAGER) {
      const group = this.#groups[event.a]!
      if (group.incarnation !== event.b || !this.kernel.isPaused(group.process)) return
      this.kernel.resume(group.process)
      this.#reconnect(group, event.b)
      return
    }
    if (code === CONTROL_RECONNECT) {
      this.#reconnect(this.#groups[event.a]!, event.b)
      return
    }
    const process = this.#managerProcess[event.a]!
    if (code === CONTROL_RESTART_MANAGER) {
      this.kernel.revive(process)
      this.kernel.local(this.addresses.taskManagers[event.a]!, M.RESTARTED)
    } else if (this.kernel.isPaused(process) && this.#managers[event.a]!.incarnation === event.b)
      this.kernel.resume(process)
  }

  /** The job manager that leads, or was the last to; before the first election, one of them. */
  get leading(): LeaderGroup {
    return this.#groupOf[this.leadingEpoch] ?? this.#groups[0]!
  }
  get leadingEpoch(): number {
    // whoever looks for the only job manager there is finds it before it has been elected
    return this.standbys ? this.#journal.metadata.epoch : this.#groups[0]!.incarnation
  }
  cutForUs(epoch: number): number {
    return this.#groupOf[epoch]!.cutForUs
  }
  /** The metadata store's entries, oldest first. */
  get entries(): readonly CompletedCheckpoint[] {
    return this.#journal.metadata.entries
  }
  get jobManagerEntity(): JobManager {
    return this.leading.jobManagerEntity
  }
  get coordinator(): CheckpointCoordinator {
    return this.leading.coordinator
  }
  /** False from the crash of the job manager that leads to the next election. */
  get leaderAlive(): boolean {
    return !this.kernel.isDead(this.leading.process)
  }

  /** What readers of the external systems see, by name. */
  visible(): Readonly<Record<string, readonly unknown[]>> {
    return { ...this.log.visible(), ...this.external.visible() }
  }

  // what entities ask for
  channel(id: number, receiverManager: number): Channel {
    return this.#channels[id]![receiverManager]!
  }
  taskAt(id: EntityId): Task {
    return this.#taskOf[id]!
  }
  attempt(id: number): Attempt {
    return this.attempts[id]!
  }
  execution(number: number): Execution {
    return this.executions[number]!
  }
  attemptIn({ shape, attempts }: Execution, vertex: number): Attempt | undefined {
    return attempts[vertex - shape.vertices[0]!.id]
  }
  /** What runs now. */
  get shape(): Shape {
    return this.current.shape
  }
  /** Attempts of the current execution, as tasks. */
  currentTasks(): Task[] {
    return this.current.attempts.map((a) => this.#tasks[a.vertex]![a.taskManager]!)
  }
  #beginExecution(
    group: LeaderGroup,
    epoch: number,
    basis: CompletedCheckpoint | null,
    managers: readonly number[],
  ): Execution {
    const number = this.executions.length
    const shape = this.wanted
    const branch = this.observer.fork(basis, number, shape, epoch)
    const attempts: Attempt[] = shape.vertices.map((vertex, i) => ({
      id: this.attempts.length + i,
      vertex: vertex.id,
      execution: number,
      branch,
      // slot sharing: subtask i of every vertex lies in one slot
      taskManager: managers[(vertex.subtask + number) % managers.length]!,
    }))
    for (const attempt of attempts) {
      this.attempts.push(attempt)
      if (this.#follows(attempt.taskManager, epoch))
        this.kernel.setGeneration(this.addresses.task(attempt.vertex, attempt.taskManager), attempt.id)
    }
    const first = shape.vertices[0]!.id
    for (const { id, from, to } of shape.channels) {
      const receiver = attempts[to - first]!.taskManager
      if (!this.#follows(receiver, epoch)) continue
      const channel = this.channel(id, receiver)
      while (channel.queue.length > 0) {
        const item = channel.take()
        if (hasPayload(item)) this.pool.free(operandOf(item))
      }
      channel.connect(attempts[from - first]!.id, attempts[to - first]!.id, this.plan.timing.channelCapacity)
    }
    const from = basis === null ? shape : this.executions[basis.execution]!.shape
    const redistributed =
      basis === null || from === shape
        ? null
        : redistributeState(this.graph, basis, from, shape, (file) => this.files.get(file))
    const execution: Execution = { number, epoch, branch, basis, shape, attempts, redistributed }
    this.executions.push(execution)
    group.current = execution
    if (epoch === this.leadingEpoch) this.current = execution
    return execution
  }
  /** Whether a task manager takes orders of a leader: not once it has registered with a later one. */
  #follows(manager: number, epoch: number): boolean {
    return !this.standbys || this.#managers[manager]!.epoch <= epoch
  }

  // what faults can do
  get quorum(): QuorumControl | undefined {
    return this.#store.quorum
  }
  crashTask(operator: string, subtask: number): boolean {
    const spec = this.graph.vertices.findIndex(({ uid }) => uid === operator)
    if (spec < 0)
      throw new RangeError(
        `the plan crashes a task of '${operator}', which the job does not have; its vertices are ${[...new Set(this.layout.vertices.map((v) => v.uid))].join(', ')}`,
      )
    const vertices = this.shape.bySpec[spec]!
    const attempt = this.attemptIn(this.current, vertices[subtask % vertices.length]!)
    if (attempt === undefined) return false
    const task = this.#tasks[attempt.vertex]![attempt.taskManager]!
    if (
      this.kernel.isDead(this.#managerProcess[attempt.taskManager]!) ||
      !task.occupied ||
      task.attemptId !== attempt.id
    )
      return false
    this.kernel.local(task.id, T.FAIL)
    return true
  }
  crashTaskManager(index: number): boolean {
    const i = index % this.taskManagers
    const process = this.#managerProcess[i]!
    if (this.kernel.isDead(process)) return false
    const unit = this.plan.timing.unitUs
    const { kernel } = this
    const { incarnation } = this.#managers[i]!
    const event: KernelEvent = { a: 0, b: 0, ref: 0 }
    for (const tasks of this.#tasks) {
      const task = tasks[i]!
      if (task.occupied) this.observer.attemptFailed(task.attempt!)
      task.receive(T.TERMINATE, event)
    }
    this.#managers[i]!.receive(M.CRASH, event)
    kernel.kill(process)
    const key = mix2(i, incarnation)
    this.#lost(i, unit * LOSS_LEAST + kernel.decide(LOSS, key, unit * LOSS_SPREAD))
    kernel.schedule(
      unit * RESTART_LEAST + kernel.decide(RESTART, key, unit * RESTART_SPREAD),
      this.#control,
      CONTROL_RESTART_MANAGER,
      i,
    )
    return true
  }
  crashJobManager(): boolean {
    const { kernel } = this
    const group = this.leading
    if (kernel.isDead(group.process) || this.#jobIsOver) return false
    kernel.kill(group.process)
    const unit = this.plan.timing.unitUs
    const delay = unit * ELECTION_LEAST + kernel.decide(ELECTION, group.incarnation, unit * ELECTION_SPREAD)
    if (!this.standbys) kernel.schedule(delay, this.#control, CONTROL_START_JOB_MANAGER, group.index)
    else {
      this.#store.endSession(group.index, group.incarnation, delay)
      const restart = unit * RESTART_LEAST + kernel.decide(RESTART, -group.incarnation, unit * RESTART_SPREAD)
      kernel.schedule(restart, this.#control, CONTROL_START_JOB_MANAGER, group.index)
    }
    return true
  }
  get #jobIsOver(): boolean {
    const { jobManagerEntity } = this
    return jobManagerEntity.is('finished') || jobManagerEntity.is('failed')
  }
  pauseJobManager(forUs: number): boolean {
    const { kernel } = this
    const group = this.leading
    if (!this.standbys || kernel.isDead(group.process) || kernel.isPaused(group.process) || this.#jobIsOver)
      return false
    kernel.pause(group.process)
    kernel.schedule(forUs, this.#control, CONTROL_RESUME_JOB_MANAGER, group.index, group.incarnation)
    this.#silent(group, forUs)
    return true
  }
  partitionJobManager(forUs: number): boolean {
    const { kernel } = this
    const group = this.leading
    if (!this.standbys || kernel.isDead(group.process) || group.cutForUs > 0 || this.#jobIsOver) return false
    group.cutUntilUs = kernel.now + forUs
    kernel.schedule(forUs, this.#control, CONTROL_RECONNECT, group.index, group.incarnation)
    this.#silent(group, forUs)
    return true
  }
  /** The store hears nothing of a job manager for a while: its session ends if that is too long. */
  #silent({ index, incarnation }: LeaderGroup, forUs: number): void {
    const timeout = this.plan.timing.unitUs * HEARTBEAT_TIMEOUT
    if (forUs > timeout) this.#store.endSession(index, incarnation, timeout)
  }
  /** A job manager that was paused or cut off asks whether its session has survived that. */
  #reconnect(group: LeaderGroup, incarnation: number): void {
    if (group.incarnation === incarnation && !this.kernel.isDead(group.process))
      group.toStore(V.RECONNECT, 0, incarnation, 0)
  }
  pauseTaskManager(index: number, forUs: number): boolean {
    const i = index % this.taskManagers
    const process = this.#managerProcess[i]!
    const { kernel } = this
    if (kernel.isDead(process) || kernel.isPaused(process)) return false
    const { incarnation } = this.#managers[i]!
    kernel.pause(process)
    kernel.schedule(forUs, this.#control, CONTROL_RESUME_MANAGER, i, incarnation)
    const timeout = this.plan.timing.unitUs * HEARTBEAT_TIMEOUT
    if (forUs > timeout) this.#lost(i, timeout)
    return true
  }
  /** The job manager that a task manager is registered with sees after a time that it is gone. */
  #lost(manager: number, afterUs: number): void {
    const { incarnation, epoch } = this.#managers[manager]!
    const leader = this.standbys ? epoch : this.leadingEpoch
    if (leader === 0) return
    const { jobManager } = this.addresses.leader(leader)
    this.kernel.schedule(afterUs, jobManager, J.LOST, manager, incarnation, 0, leader)
  }
  rescale(slots: number): boolean {
    const wanted = this.#shapes[Math.max(0, this.#shapes.length - slots)]!
    if (wanted === this.wanted || !this.leaderAlive || this.#jobIsOver) return false
    this.wanted = wanted
    this.kernel.local(this.leading.addresses.jobManager, J.RESCALE)
    return true
  }
  savepoint(): boolean {
    if (!this.leaderAlive || !this.jobManagerEntity.is('running')) return false
    this.kernel.local(this.leading.addresses.coordinator, C.REQUEST, SAVEPOINT, 0, NOBODY)
    return true
  }
  expireTransactions(): boolean {
    const expired = this.log.expire() + this.external.expire()
    return expired > 0
  }
}

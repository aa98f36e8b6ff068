/**
 * A job manager with all that lives in its process: the checkpoint coordinator and the split enumerators. One of the groups of a
 * cluster leads, the others stand by; a group that has led and was cut off or paused may not know yet that it does no more.
 *
 * Each start of the process is an incarnation of its own, numbered over all groups. A group campaigns under that number, and it
 * is its epoch once it leads: what was sent to an incarnation before does not reach the next one.
 */
import { ANY_GENERATION, type EntityId, type KernelEvent, type ProcessId } from '../kernel/index.ts'
import {
  C,
  type CheckpointCoordinator,
  type CompletedCheckpoint,
  type CoordinatorWiring,
  J,
  type Layout,
  N,
  type Observer,
  type Shape,
  T,
  TASK_RUNS,
  type Timing,
} from '../model/index.ts'
import type { ClusterContext, Execution, LeaderAddresses, Leadership } from './cluster-context.ts'
import type { EntryRefs } from './entry-refs.ts'
import type { JobManager } from './job-manager.ts'
import type { Network } from './network.ts'
import { tellRequest } from './overheard.ts'
import type { SplitEnumerator } from './split-enumerator.ts'

/** What a group needs of its cluster. */
export interface LeaderGroupHost {
  readonly context: ClusterContext
  readonly network: Network
  readonly refs: EntryRefs
  timing(): Timing
  /** The process of the group is to be ended and started again: it leads no more. */
  stepDown(group: number, incarnation: number): void
}

export class LeaderGroup implements CoordinatorWiring, Leadership {
  readonly index: number
  readonly process: ProcessId
  readonly addresses: LeaderAddresses = { jobManager: -1, coordinator: -1, enumerators: new Map() }
  /** Whom it asks about the job's metadata. */
  store: EntityId = -1
  storeInProcess = false
  jobManagerEntity!: JobManager
  coordinator!: CheckpointCoordinator
  readonly enumeratorEntities: SplitEnumerator[] = []
  incarnation = 0
  /** The last execution that this group has begun, in whatever incarnation. */
  current!: Execution
  /** Virtual time until which it is cut off from the store, microseconds. */
  cutUntilUs = 0
  readonly #host: LeaderGroupHost

  constructor(host: LeaderGroupHost, index: number, process: ProcessId) {
    this.#host = host
    this.index = index
    this.process = process
  }
  /** A run begins. @param nothing the execution before the first one */
  reset(nothing: Execution): void {
    this.incarnation = 0
    this.cutUntilUs = 0
    this.current = nothing
  }
  start(incarnation: number): void {
    const { kernel } = this
    this.incarnation = incarnation
    kernel.revive(this.process)
    const event: KernelEvent = { a: 0, b: 0, ref: 0 }
    for (const id of [this.addresses.jobManager, this.addresses.coordinator, ...this.addresses.enumerators.values()])
      kernel.setGeneration(id, incarnation)
    this.coordinator.receive(C.START, event)
    for (const enumerator of this.enumeratorEntities) enumerator.receive(N.START, event)
    this.jobManagerEntity.receive(J.START, event)
  }
  stepDown(): void {
    this.#host.stepDown(this.index, this.incarnation)
  }
  /** For how much longer nothing comes through between it and the store, microseconds. */
  get cutForUs(): number {
    return Math.max(0, this.cutUntilUs - this.kernel.now)
  }
  toStore(code: number, a: number, b: number, ref: number): void {
    const { metadataHistory } = this.#host.context
    if (metadataHistory !== null) tellRequest(metadataHistory, this.incarnation, code, b)
    if (this.storeInProcess) this.kernel.local(this.store, code, a, b, ref)
    else this.#host.network.service(this.store, code, a, b, ref, ANY_GENERATION, this.cutForUs)
  }

  // wiring of the coordinator
  get kernel(): ClusterContext['kernel'] {
    return this.#host.context.kernel
  }
  get layout(): Layout {
    return this.#host.context.layout
  }
  get observer(): Observer {
    return this.#host.context.observer
  }
  /** What runs now. */
  get shape(): Shape {
    return this.current.shape
  }
  get self(): EntityId {
    return this.addresses.coordinator
  }
  get jobManager(): EntityId {
    return this.addresses.jobManager
  }
  get storage(): EntityId {
    return this.#host.context.addresses.storage
  }
  get enumerators(): ReadonlyMap<number, EntityId> {
    return this.addresses.enumerators
  }
  timing(): Timing {
    return this.#host.timing()
  }
  toTask(vertex: number, effect: number, code: number, a: number, b: number): void {
    const { context, network } = this.#host
    if (code === T.TRIGGER && context.protocol.overtaking !== undefined) context.triggeredAtUs[a] ??= this.kernel.now
    const attempt = context.attemptIn(this.current, vertex)
    if (attempt === undefined) return // news of a checkpoint that was written while the job was rescaled
    network.rpc(effect, context.addresses.task(vertex, attempt.taskManager), code, a, b, 0, attempt.id)
  }
  toAnyAttempt(vertex: number, effect: number, code: number, a: number): void {
    const { context, network } = this.#host
    for (let i = 0; i < context.taskManagers; i += 1) {
      // the connection to a task manager that was given up is closed
      if (this.jobManagerEntity.registered.at(i) === 0) continue
      network.rpc(effect, context.addresses.task(vertex, i), code, a, 0, 0, ANY_GENERATION)
    }
  }
  toService(to: EntityId, code: number, a: number, b: number, ref: number): void {
    if (to === this.store) this.toStore(code, a, b, ref)
    else this.#host.network.service(to, code, a, b, ref)
  }
  toLocal(to: EntityId, code: number, a: number, b: number, ref: number): void {
    this.kernel.local(to, code, a, b, ref)
  }
  later(_hops: number, code: number, a: number, b: number): void {
    this.kernel.local(this.addresses.coordinator, code, a, b)
  }
  /** The schedule is on while all tasks run, and they stay until the last checkpoint is complete. */
  taskState(_vertex: number): typeof TASK_RUNS {
    return TASK_RUNS
  }
  vertexOfAttempt(attempt: number): number {
    return this.#host.context.attempt(attempt).vertex
  }
  executionOfAttempt(attempt: number): number {
    return this.#host.context.attempt(attempt).execution
  }
  currentExecution(): number {
    return this.current.number
  }
  putEntry(entry: CompletedCheckpoint): number {
    return this.#host.refs.put(entry)
  }
  entry(ref: number): CompletedCheckpoint {
    return this.#host.refs.entry(ref)
  }
  entries(ref: number): readonly CompletedCheckpoint[] {
    return this.#host.refs.list(ref)
  }
  enumeratorState(ref: number): readonly number[] {
    return this.enumeratorEntities[ref >> 16]!.state(ref & 0xffff)
  }
}

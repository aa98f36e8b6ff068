/** What the entities of one cluster share: the kernel, the network, who listens, and the run's plan. */
import type { JobGraph, OperatorParts, Split } from '../dataflow/index.ts'
import type { EntityId, Kernel, PayloadPool } from '../kernel/index.ts'
import type {
  Attempt,
  CompletedCheckpoint,
  FaultSource,
  Layout,
  MetadataHistory,
  Mutation,
  Observer,
  Plan,
  Protocol,
  Shape,
} from '../model/index.ts'
import type { Channel } from './channel.ts'
import type { ExternalSystems } from './external-systems.ts'
import type { Outlets } from './outlets.ts'
import type { ClusterParts } from './parts.ts'
import type { Redistributed } from './redistribute-state.ts'
import type { SnapshotFiles } from './snapshot-files.ts'
import type { TransactionalLog } from './transactional-log.ts'

/** One try to run the job: every vertex of its shape has one attempt in it. */
export interface Execution {
  readonly number: number
  readonly epoch: number
  readonly branch: number
  readonly basis: CompletedCheckpoint | null
  /** What of the layout runs. */
  readonly shape: Shape
  /** Attempt of each vertex of the shape, in its order. */
  readonly attempts: readonly Attempt[]
  /** What each vertex restores, if the basis is of another parallelism; null if each restores its own file. */
  readonly redistributed: ReadonlyMap<number, Redistributed> | null
}
export interface ClusterContext {
  readonly kernel: Kernel
  readonly graph: JobGraph
  readonly layout: Layout
  /** By vertex of the layout. */
  readonly outlets: readonly Outlets[]
  /** Per edge of the graph: whether barriers may overtake records on it. */
  readonly overtakable: readonly boolean[]
  readonly protocol: Protocol
  readonly mutation: Mutation
  readonly parts: ClusterParts & OperatorParts
  readonly pool: PayloadPool
  readonly taskManagers: number
  readonly addresses: Addresses
  /** Whether there are more job managers than the one that leads. */
  readonly standbys: boolean
  readonly files: SnapshotFiles
  readonly log: TransactionalLog
  /** What sinks of the user's own write to. */
  readonly external: ExternalSystems
  /** What of the layout the next execution is to run. */
  readonly wanted: Shape
  // of the run
  plan: Plan
  observer: Observer
  faults: FaultSource
  /** Who hears what the metadata store is asked and answers; null if nobody does. */
  metadataHistory: MetadataHistory | null
  /** Splits of each source of this run, by index in the graph. */
  splits: ReadonlyMap<number, readonly Split[]>
  readonly executions: Execution[]
  readonly attempts: Attempt[]
  /** When each checkpoint was triggered: what its barriers carry, by its id. */
  readonly triggeredAtUs: number[]
  /** For how long barriers may align; 0: not at all. */
  alignedTimeoutUs: number
  /** Channel of the layout as it lies with a receiver on a task manager. */
  channel(id: number, receiverManager: number): Channel
  /** The task whose entity id this is. */
  taskAt(id: EntityId): { notice(at: number): void }
  attempt(id: number): Attempt
  /** The attempt of a vertex in an execution; undefined if that runs at a parallelism that the vertex is not part of. */
  attemptIn(execution: Execution, vertex: number): Attempt | undefined
  execution(number: number): Execution
  /** The epoch of the leader that whoever looks for one finds now; 0: none. Flink: LeaderRetrievalService. */
  readonly leadingEpoch: number
  /** For how much longer the job manager of an epoch is cut off from the metadata store, microseconds. */
  cutForUs(epoch: number): number
}
/** Entity ids of what lives in the process of one job manager. */
export interface LeaderAddresses {
  jobManager: EntityId
  coordinator: EntityId
  /** By index of the source in the job graph. */
  readonly enumerators: Map<number, EntityId>
}
/** What the entities in the process of a job manager know of it. */
export interface Leadership {
  readonly addresses: LeaderAddresses
  /** The last execution that it has begun. */
  readonly current: Execution
  /** A message to the metadata store. */
  toStore(code: number, a: number, b: number, ref: number): void
  /** Ends the process, and starts it again to stand by. */
  stepDown(): void
}
/** Entity ids. */
export interface Addresses {
  storage: EntityId
  readonly taskManagers: EntityId[]
  /** Who leads under an epoch, or has led, or would. */
  leader(epoch: number): LeaderAddresses
  /** Task of a vertex on a task manager. */
  task(vertex: number, taskManager: number): EntityId
}

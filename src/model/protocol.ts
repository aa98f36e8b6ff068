/**
 * The seven points where a checkpoint protocol plugs in, and what it may do there. Protocols and cluster do not know each
 * other: they meet through these interfaces.
 */
import type { Entity, EntityId, Kernel } from '../kernel/index.ts'
import type { Overrides } from '../statechart/index.ts'
import type {
  ChannelPersister,
  ChannelStateHost,
  OvertakenInputs,
  PersistedChannel,
  RecordedInputs,
} from './channel-state.ts'
import type { Contract } from './finding.ts'
import type { Layout, Shape } from './layout.ts'
import type { Observer } from './observer.ts'
import type { Phase } from './phase.ts'
import type { Timing } from './plan.ts'
import type { QuorumControl } from './quorum-control.ts'
import type { CompletedCheckpoint } from './state.ts'
import type { SubtaskCheckpoints, SubtaskHost } from './subtask.ts'

/** What a task gives its protocol. Channels are numbered by input index. */
export interface TaskHost extends SubtaskHost {
  /** Inputs on which barriers come. */
  readonly inputs: number
  /** How many of these, the last ones, are feedback edges; none if left out. */
  readonly feedbackInputs?: number
  block(input: number): void
  unblock(input: number): void
  /** Puts "take the snapshot" into the mailbox, before everything else; comes back as `onSnapshotDue`. */
  requestSnapshot(checkpoint: number): void
  /** A timer of the protocol: comes back as `onTimer`. @param delayUs microseconds */
  timer(delayUs: number, code: number, a: number): void
  phase(phase: number): void
}
/** The same for a protocol whose barriers may overtake records. */
export interface OvertakingTaskHost extends TaskHost, OvertakenInputs {
  readonly channelState: ChannelStateHost
}
/** The same for a protocol that records its inputs. */
export interface RecordingTaskHost extends TaskHost, RecordedInputs {
  readonly channelState: ChannelStateHost
}
/** One task's side of a protocol; its fields are declared, its chart drives it. */
export interface TaskProtocol {
  /** What becomes of the snapshot itself; reset and told of notices by the protocol. */
  readonly subtask: SubtaskCheckpoints
  /** A new attempt begins. @param restored id of the restored checkpoint, 0 if none */
  reset(restored: number): void
  onControl(input: number, kind: number, checkpoint: number): void
  /** @param mayOvertake whether the coordinator lets its barriers overtake records: not those of a savepoint */
  onTrigger(checkpoint: number, mayOvertake: boolean): void
  onAbort(checkpoint: number): void
  onComplete(checkpoint: number): void
  /** The mailbox has come to the snapshot. True if it is taken: then `prepareSnapshot` has been asked for. */
  onSnapshotDue(checkpoint: number): boolean
  /** The snapshot has been taken and the barriers have been sent: its asynchronous part begins. */
  onSnapshotTaken(checkpoint: number): void
  onTimer(code: number, a: number): void
  /** The input's partition has ended: not even control elements come any more. Flink: EndOfPartitionEvent. */
  onEndOfInput(input: number): void
}

/** States of a task, as far as the plan of a checkpoint asks. Flink: ExecutionState. */
export const TASK_NOT_RUNNING = 0
export const TASK_RUNS = 1
export const TASK_FINISHED = 2

/** Time as the coordinator knows it: the kernel, or whatever replays a schedule. */
export type CoordinatorClock = Pick<Kernel, 'now' | 'decide' | 'schedule' | 'cancel'>

/** Who the coordinator talks to. */
export interface CoordinatorWiring {
  readonly kernel: CoordinatorClock
  /** The coordinator itself. */
  readonly self: EntityId
  readonly layout: Layout
  /** What runs now, as far as tasks run. Absent: all of the layout. */
  readonly shape?: Shape
  readonly observer: Observer
  readonly jobManager: EntityId
  readonly storage: EntityId
  readonly store: EntityId
  /** Enumerators by index of the source in the job graph. */
  readonly enumerators: ReadonlyMap<number, EntityId>
  /** Who wants to hear what becomes of requests and checkpoints. */
  readonly listener?: CheckpointListener
  timing(): Timing
  /** Sends a message to the running attempt of a vertex, under the faults of that effect; nowhere if it has none. */
  toTask(vertex: number, effect: number, code: number, a: number, b: number): void
  /** Sends it to whatever attempt of the vertex is alive when it arrives: what code that ignores attempt ids does. */
  toAnyAttempt(vertex: number, effect: number, code: number, a: number): void
  /** A message to a service outside, with a latency. */
  toService(to: EntityId, code: number, a: number, b: number, ref: number): void
  /** A message to another entity of the job manager's process. */
  toLocal(to: EntityId, code: number, a: number, b: number, ref: number): void
  /**
   * A message of the coordinator to itself: what is left to do now, but not in this handler.
   * @param hops executors that the work is handed through in Flink, each of them first in, first out; at least 1. Whoever
   * knows no executors delivers it at once.
   */
  later(hops: number, code: number, a: number, b: number): void
  taskState(vertex: number): typeof TASK_NOT_RUNNING | typeof TASK_RUNS | typeof TASK_FINISHED
  vertexOfAttempt(attempt: number): number
  executionOfAttempt(attempt: number): number
  currentExecution(): number
  /** Entries are references into a pool. */
  putEntry(entry: CompletedCheckpoint): number
  entry(ref: number): CompletedCheckpoint
  entries(ref: number): readonly CompletedCheckpoint[]
  enumeratorState(ref: number): readonly number[]
}

/** Hears what becomes of requests and checkpoints. Flink: the request's future, CheckpointStatsTracker. */
export interface CheckpointListener {
  /** @param request as in the message REQUEST */
  requestCompleted(request: number, checkpoint: number): void
  /** @param reason code; what the store itself has thrown is FINALIZE_CHECKPOINT_FAILURE */
  requestFailed(request: number, reason: number): void
  checkpointCompleted(checkpoint: number): void
  /** @param checkpoint -1: it failed before it had an id */
  checkpointFailed(checkpoint: number, reason: number): void
}

/** What is durable, for `recover` and its dry run. */
export interface DurableView {
  readonly completed: readonly CompletedCheckpoint[]
}
export interface CheckpointCoordinator extends Entity {
  /** Completed checkpoints as the coordinator remembers them, oldest first. */
  readonly memory: readonly CompletedCheckpoint[]
  /** True while the outcome of a metadata write is open. */
  readonly writing: boolean
  /** When the oldest checkpoint on its way was triggered, microseconds; Infinity if there is none. */
  readonly oldestPendingUs: number
}
/** Replaced guards, actions (by chart name) and pure parts: what a planted bug is. */
export interface Mutation {
  // Overrides name methods of entities that only their own folder knows, hence no entity type here.
  readonly charts?: Readonly<Record<string, Overrides<never>>>
  readonly parts?: Readonly<Record<string, (...args: never[]) => unknown>>
}
/** A sink as a contract wants to know it. */
export interface SinkPromise {
  readonly uid: string
  /** Whether nothing that it shows comes again after a restore. */
  readonly transactional: boolean
  /** What it may do all the same, of the kinds that oracles count. */
  readonly permits?: readonly string[]
}
/** What a protocol needs whose barriers may overtake records. */
export interface Overtaking {
  /** True: they begin aligned and overtake once that takes too long. */
  readonly aligns: boolean
  persister(channel: PersistedChannel, mutation: Mutation): ChannelPersister
}
export interface Protocol {
  readonly name: string
  readonly title: string
  readonly phases: readonly Phase[]
  /** @param cyclic whether the job has loops; none if left out */
  contract(sinks: readonly SinkPromise[], cyclic?: boolean): Contract
  coordinator(wiring: CoordinatorWiring, mutation: Mutation): CheckpointCoordinator
  /** @param host with `overtaking`: an OvertakingTaskHost; with `recordsInputs`: a RecordingTaskHost */
  task(host: TaskHost, name: string, mutation: Mutation): TaskProtocol
  /** Absent: barriers stay behind the records before them. Without `recordsInputs`, nothing in flight is saved then. */
  readonly overtaking?: Overtaking
  /**
   * What is in flight is written down by its receiver as it is read: on any input, or on feedback edges only. Not together with
   * `overtaking`. Its barriers go round loops as well; those of others do not, and their cuts hold nothing of what goes round.
   */
  readonly recordsInputs?: 'all' | 'feedback'
  /** The checkpoint to restore; null for none. Pure: oracles try it after every durable change. */
  recover(view: DurableView, mutation: Mutation): CompletedCheckpoint | null
}

/** What becomes of one effect under the plan's faults. */
export interface EffectFate {
  /** 0: nothing happens to it; else a code of FATE. */
  readonly fate: number
  /** Additional time of a delay or a slow write, microseconds. */
  readonly extraUs: number
}
export const FATE = {
  none: 0,
  drop: 1,
  duplicate: 2,
  delay: 3,
  slow: 4,
  fail: 5,
  ambiguousApplied: 6,
  ambiguousLost: 7,
  crash: 8,
  torn: 9,
} as const
/** Where faults come from, as the cluster sees them. */
export interface FaultSource {
  /** Asked when an effect starts. */
  effect(effect: number): EffectFate
}
/** What faults can do to processes, as the injector sees the cluster. Each returns false if there was nothing to hit. */
export interface ProcessControl {
  crashTask(operator: string, subtask: number): boolean
  crashTaskManager(index: number): boolean
  /** The one that leads. */
  crashJobManager(): boolean
  pauseJobManager(forUs: number): boolean
  /** Nothing comes through between it and the metadata store. */
  partitionJobManager(forUs: number): boolean
  pauseTaskManager(index: number, forUs: number): boolean
  expireTransactions(): boolean
  /** @param slots 1 or more; more than the job can use are as many as it can use */
  rescale(slots: number): boolean
  /** Absent: there is no quorum. */
  readonly quorum?: QuorumControl | undefined
  /** A user asks for a savepoint; the job does not wait for it. */
  savepoint(): boolean
}

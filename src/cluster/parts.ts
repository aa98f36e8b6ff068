/**
 * Named pure parts of the cluster's plumbing. They are looked up by name, so that a planted bug can replace one; charts cover
 * what happens when, parts cover what is done to data.
 */
import { type OperatorParts, operatorParts } from '../dataflow/index.ts'
import type { ChannelState, Key, Mutation, Partitioner, SnapshotContent, TimerEntry } from '../model/index.ts'
import { copyOf } from './state-backend.ts'

/** A transaction that a sink has prepared. */
export interface Committable {
  readonly transaction: number
  /** Checkpoint that it belongs to; 0 while it is open. */
  readonly checkpoint: number
  /** True if it holds the last records of the input. */
  readonly final: boolean
}
export const clusterParts = {
  /** The state that the asynchronous part of a snapshot works on. */
  copyForSnapshot: (live: SnapshotContent): SnapshotContent => copyOf(live),
  /** The state that a restored task works on. */
  copyForRestore: (stored: SnapshotContent): SnapshotContent => copyOf(stored),
  restoredTimers: (timers: readonly TimerEntry[]): readonly TimerEntry[] => timers,
  restoredLists: (lists: ReadonlyMap<string, readonly unknown[]>): ReadonlyMap<string, readonly unknown[]> => lists,
  restoredBroadcasts: (broadcasts: SnapshotContent['broadcasts'], _subtask: number): SnapshotContent['broadcasts'] =>
    broadcasts,
  /** Whether barriers have to stay behind the records of an edge, and of all others into the same vertex. */
  alignsAlways: (partitioner: Partitioner): boolean => partitioner === 'forward' || partitioner === 'broadcast',
  /** Whether what a barrier overtakes in an output becomes channel state. */
  writesOvertaken: (): boolean => true,
  /**
   * Place in the channel state of an input at which an element is written: of the `written` before it, `queued` lay in the input
   * when the checkpoint began. `arriving`: it has come just now.
   */
  placeInChannelState: (_arriving: boolean, _queued: number, written: number): number => written,
  /** What is in flight again after a restore. */
  restoredChannels: (channels: ChannelState): ChannelState => channels,
  /**
   * Whether what arrives between the end of a task's recovery and its start is read. Flink: SingleInputGate turns its recovered
   * channels into others in between.
   * @param dealtOut true if what was in flight has been dealt out anew, at another parallelism
   */
  survivesConversion: (_dealtOut: boolean): boolean => true,
  /** Whether the `nth` record on a logical input (from 1) of an attempt is handed to the operator. */
  handsOver: (_nth: number, _input: number, _restored: boolean, _subtask: number): boolean => true,
  /** Key under which a timer fires, given that of the timer before it. */
  timerKey: (own: Key, _before: Key | undefined): Key => own,
  /** Whether deleting a timer takes it out. */
  deletesTimer: (_restored: boolean): boolean => true,
  /** Position at which a restored reader goes on. */
  restoredPosition: (position: number): number => position,
  /** Up to which time event timers fire when the watermark is `watermarkMs`. */
  timersDueAt: (watermarkMs: number, _restored: boolean): number => watermarkMs,
  /** Whether the `n`-th emission of an operator is sent. */
  sendsEmission: (_n: number): boolean => true,
  /** Whether a task acknowledges before its snapshot is durable. */
  acknowledgesEarly: (): boolean => false,
  /** Whether a prepared transaction is committed when `completed` is announced. */
  commitsAt: (committable: Committable, completed: number): boolean => committable.checkpoint <= completed,
  /** Whether a transaction is committed as soon as it is prepared. */
  commitsAtSnapshot: (): boolean => false,
  /** Whether a failed write to the external log fails the task. */
  writeErrorFailsTask: (): boolean => true,
  /** Splits assigned after the restored checkpoint (and only those) go back to the enumerator. */
  goesBack: (assignedAfter: number, restored: number): boolean => assignedAfter >= restored,
}
export type ClusterParts = typeof clusterParts

/** The parts with those of a mutation in place. @throws if it names a part that nobody has */
export function partsOf(mutation: Mutation): ClusterParts & OperatorParts {
  const own = { ...clusterParts, ...operatorParts }
  for (const [name, part] of Object.entries(mutation.parts ?? {})) {
    if (name === 'recover') continue // the protocol's own part
    if (!(name in own))
      throw new Error(
        `there is no part '${name}'; parts are ${[...Object.keys(clusterParts), ...Object.keys(operatorParts), 'recover'].join(', ')}`,
      )
    Object.assign(own, { [name]: part })
  }
  return own
}

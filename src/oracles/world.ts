/** What oracles may look at: everything, but only to look. */
import type { Invariant, JobGraph, TemporalInvariant } from '../dataflow/index.ts'
import type { PayloadPool } from '../kernel/index.ts'
import {
  type AssumptionName,
  type CompletedCheckpoint,
  type Finding,
  type FindingClass,
  type Layout,
  type Plan,
  type RecordWindow,
  type Shape,
  type SnapshotFile,
  shapeOf,
} from '../model/index.ts'

export interface World {
  readonly graph: JobGraph
  readonly layout: Layout
  readonly pool: PayloadPool
  /** What the user requires besides the oracles. */
  readonly invariants: readonly Invariant[]
  readonly temporal: readonly TemporalInvariant[]
  plan(): Plan
  now(): number
  /** Lengths of the splits of this run, by source vertex of the graph. */
  splitLengths(source: number): readonly number[]
  /** What a source (by uid) has to read in this run. @throws RangeError if there is no such source */
  inputs(source: string): readonly unknown[]
  /** What readers of the external systems see, by the name of the system. */
  committed(): Readonly<Record<string, readonly unknown[]>>
  /** Epoch of the leader that was elected last, 0: none has been. */
  leadingEpoch(): number
  /** The store's entries, oldest first. */
  entries(): readonly CompletedCheckpoint[]
  /** The coordinator's memory of them; null while nobody leads or a write's outcome is open. */
  managerMemory(): readonly CompletedCheckpoint[] | null
  /** When the oldest checkpoint on its way was triggered, microseconds; Infinity if there is none. */
  oldestPendingUs(): number
  /** What a recovery would restore, tried and not done. */
  recover(completed: readonly CompletedCheckpoint[]): CompletedCheckpoint | null
  file(id: number): SnapshotFile
  /** Execution that is current. */
  execution(): number
  jobRuns(): boolean
  /** True if the current execution has something to do. */
  workLeft(): boolean
  /** Who waits for whom, one line per task. */
  describeTasks(): readonly string[]
  /** Faults that have struck, and until when the last of them has an effect, microseconds. */
  strikes(): number
  /** Nodes of the metadata quorum; 0: there is none. */
  readonly quorum: number
  lastFaultUntil(): number
}
/** The part of the layout that a checkpoint is of. */
export function shapeOfCut({ layout }: World, entry: CompletedCheckpoint): Shape {
  return shapeOf(
    layout,
    entry.files.findIndex((file) => file >= 0),
  )
}
/** Where findings and counts go. */
export interface Reporter {
  report(finding: Omit<Finding, 'fingerprint' | 'atUs'>): void
  /** @param window what exactly, if it is a range of records */
  permit(kind: string, count: number, window?: RecordWindow): void
  assumption(name: AssumptionName): void
}
/** The common shape of a report. */
export function finding(
  oracle: string,
  kind: string,
  message: string,
  extra: { part?: string; class?: FindingClass; expected?: unknown; actual?: unknown } = {},
): Omit<Finding, 'fingerprint' | 'atUs'> {
  return {
    oracle,
    kind,
    class: extra.class ?? 'safety',
    part: extra.part ?? '',
    message,
    ...(extra.expected === undefined ? {} : { expected: extra.expected }),
    ...(extra.actual === undefined ? {} : { actual: extra.actual }),
  }
}

/**
 * What a trace says of the job's settings: it is accepted if there is a job that our machines would let behave like this. Single
 * lines may be damaged, so what most of them say counts.
 */
import type { TraceEvent } from './trace-event.ts'

export interface TracedSettings {
  readonly mode: CheckpointMode
  readonly maxConcurrentCheckpoints: number
  /** Failed checkpoints in a row that the job survives; Infinity: more than there are. */
  readonly tolerableFailedCheckpoints: number
  readonly retainedCheckpoints: number
  /** Sources whose coordinators take part in checkpoints. */
  readonly sourceCoordinators: number
}
/** How barriers go past records. */
export type CheckpointMode = 'aligned' | 'at-least-once' | 'unaligned' | 'aligned-timeout'

/** Flink: CheckpointFailureManager.UNLIMITED_TOLERABLE_FAILURE_NUMBER. */
const UNLIMITED = 2_147_483_647

/** @param sources names of the tasks without inputs */
export function inferSettings(events: readonly TraceEvent[], sources: ReadonlySet<string>): TracedSettings {
  return {
    mode: modeOf(events, sources),
    maxConcurrentCheckpoints: mostAtOnce(events),
    tolerableFailedCheckpoints: tolerable(events),
    retainedCheckpoints: retained(events),
    sourceCoordinators: sourceCoordinators(events),
  }
}

function modeOf(events: readonly TraceEvent[], sources: ReadonlySet<string>): CheckpointMode {
  const snapshots = { ofSources: 0, ofOthers: 0 }
  const overtaking = { ofSources: 0, ofOthers: 0 }
  /** Whether snapshots begin before or after the line that says that all barriers are there. */
  let balance = 0
  const begun = new Set<string>()
  for (const e of events) {
    if (e.event === 'sync_done') {
      const whose = sources.has(e.who) ? 'ofSources' : 'ofOthers'
      snapshots[whose] += 1
      if (e.detail.unaligned) overtaking[whose] += 1
    } else if (e.event === 'checkpoint_start') begun.add(`${e.who} ${e.attempt} ${e.checkpoint}`)
    else if (e.event === 'aligned') balance += begun.has(`${e.who} ${e.attempt} ${e.checkpoint}`) ? 1 : -1
  }
  if (overtaking.ofSources * 2 > snapshots.ofSources) return 'unaligned'
  if (overtaking.ofOthers > 0) return 'aligned-timeout'
  return balance < 0 ? 'at-least-once' : 'aligned'
}

function mostAtOnce(events: readonly TraceEvent[]): number {
  const pending = new Set<number>()
  let most = 1
  for (const e of events) {
    if (e.event === 'trigger') pending.add(e.checkpoint)
    else if (e.event === 'completed' || e.event === 'failed') pending.delete(e.checkpoint)
    most = Math.max(most, pending.size)
  }
  return most
}

/** How many failures in a row a line counts before its own; null if it does not say. */
export function failuresBefore(detail: string): number | null {
  const count = /\((\d+) consecutive failed attempts/.exec(detail)?.[1]
  return count === undefined ? null : Number(count)
}
/** True if a line about a restart blames no task. */
export const isGlobal = (detail: string): boolean => detail.includes('global failure')

/**
 * The job restarts at the first failure above what is tolerable. Where it never does, failures are counted and there are too
 * few of them, or there is no limit: then Flink does not count at all.
 */
function tolerable(events: readonly TraceEvent[]): number {
  const reached: number[] = []
  let uncounted = 0
  let last: number | null = null
  let blamed = 0
  for (const e of events) {
    if (e.event === 'expired' || e.event === 'declined') blamed = e.checkpoint
    else if (e.event === 'failed' && e.checkpoint === blamed) {
      const before = failuresBefore(e.detail)
      if (last === 0 && before === 0) uncounted += 1
      last = before
    } else if (e.event === 'completed') last = null
    else if (e.event === 'restart_region') {
      if (isGlobal(e.detail) && last !== null) reached.push(last)
      last = null
    }
  }
  return mostCommon(reached) ?? (uncounted > 0 ? UNLIMITED : Number.POSITIVE_INFINITY)
}

/** A completion lets the oldest go: so many completed checkpoints are newer than that one. */
function retained(events: readonly TraceEvent[]): number {
  const completed: number[] = []
  const newest = new Map<string, number>()
  const kept: number[] = []
  for (const e of events) {
    if (e.event === 'completed') completed.push(e.checkpoint)
    else if (e.event === 'notify_complete') newest.set(e.who, e.checkpoint)
    else if (e.event === 'notify_subsumed') {
      const by = newest.get(e.who) ?? 0
      kept.push(completed.filter((id) => id > e.checkpoint && id <= by).length)
    }
  }
  return Math.max(1, mostCommon(kept) ?? completed.length)
}

function sourceCoordinators(events: readonly TraceEvent[]): number {
  const lines = new Map<number, number>()
  for (const e of events) if (e.event === 'coord_snapshot') lines.set(e.checkpoint, (lines.get(e.checkpoint) ?? 0) + 1)
  return mostCommon([...lines.values()]) ?? 0
}

/** The value that comes most often, the smallest of several; undefined of an empty list. */
function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [first] = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
  return first?.[0]
}

import type { VertexRuntime } from './vertex-runtime.ts'

/** What a task asks of its sink besides what it asks of every vertex. What there is to commit is named by numbers from 0 on. */
export interface SinkVertex extends VertexRuntime {
  /** One step of the recovery. @returns true when the sink is ready */
  recoverStep(): boolean
  /** First phase, before the barrier goes on. @returns true if there was something to prepare */
  prepare(checkpoint: number): boolean
  /** What this completion lets commit next; -1 if there is nothing. */
  nextToCommit(completed: number): number
  /** What was prepared last; -1 if there is nothing. */
  lastPrepared(): number
  /** Tries to commit. @returns true if the outcome is known and final */
  commit(which: number): boolean
}

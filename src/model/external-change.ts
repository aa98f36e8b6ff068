/**
 * What the code of a user's sink does to the external systems, as ghosts hear of it: every call as it is made, and every change
 * as it takes effect, which may be later than the call and may outlive the attempt that made it.
 */
import type { Key } from './key-group.ts'
import type { Attempt } from './observer.ts'

export type ExternalChange =
  // a log
  | {
      readonly what: 'began' | 'prepared' | 'committed' | 'aborted'
      readonly system: string
      readonly transaction: string
    }
  | { readonly what: 'appended'; readonly system: string; readonly transaction: string; readonly row: unknown }
  /** A commit came for a transaction that is gone. */
  | { readonly what: 'lost'; readonly system: string; readonly transaction: string; readonly timedOut: boolean }
  // an object store
  | { readonly what: 'stored'; readonly system: string; readonly path: string; readonly content: unknown }
  | { readonly what: 'renamed'; readonly system: string; readonly path: string; readonly to: string }
  | { readonly what: 'deleted'; readonly system: string; readonly path: string }
  // a key-value store; undefined: the key was deleted
  | { readonly what: 'set'; readonly system: string; readonly key: Key; readonly value: unknown }

export interface ExternalObserver {
  /** The writer of a sink has handed over what is to be committed once a checkpoint is complete. */
  committablesMade(attempt: Attempt, checkpoint: number): void
  /**
   * A sink calls an external system.
   * @param call number of the call in this run, rising
   * @param committing the checkpoint whose committables are being committed; 0 if none are
   */
  calling(attempt: Attempt, call: number, committing: number): void
  /** A call has taken effect. */
  external(attempt: Attempt, call: number, change: ExternalChange): void
}

/**
 * Whether readers of an external system see an object or a key of this name: what begins with '.' or '_' is the writer's own.
 * Flink's and Hadoop's readers of folders skip such files.
 */
export function isVisibleName(name: Key): boolean {
  if (typeof name !== 'string') return true
  const last = name.slice(name.lastIndexOf('/') + 1)
  return !last.startsWith('.') && !last.startsWith('_')
}

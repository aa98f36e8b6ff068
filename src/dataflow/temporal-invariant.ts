/**
 * Invariants over time: what must always hold, must hold in the end, or must be seen to happen. They look at what the outside
 * world sees (the committed output) and at what would survive a crash (the keyed state of the newest completed checkpoint),
 * never at a running task, whose state a crash takes back.
 *
 * ```
 *   checkpoint 1 complete      commit          checkpoint 2 complete      commit               job finished
 *   ──────┬───────────────────────┬─────────────────────┬────────────────────┬──────────────────────┬────
 *    state of cut 1         state of cut 1        state of cut 2       state of cut 2         state of last cut
 *    nothing committed      output of 1           output of 1          output of 1 and 2      all output
 * ```
 */
import type { Guarantee, Key } from '../model/index.ts'
import { inWords, JobError } from './job-error.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from './state.ts'

/** What a run looks like at one moment. Everything in it is read-only. */
export interface RunView {
  /** What has just happened: a checkpoint is complete, output has become visible, or the job has finished. */
  readonly moment: 'checkpoint' | 'commit' | 'end'
  /** The newest completed checkpoint, whose cut `state` reads; undefined before the first one. */
  readonly checkpointId: number | undefined
  /**
   * What readers of a log or another external system see, in the order in which it became visible.
   * @throws Error if no sink of the job writes to a log of this name
   */
  committed<T = unknown>(log: string): readonly T[]
  /**
   * Keyed state in the newest completed checkpoint, by key: of all subtasks, in the order of the encoded keys. Empty before the
   * first one. Give the descriptor for its type, and for state with a time to live; by its name alone, state is as it is stored.
   * @param uid the operator
   * @throws Error if there is no such operator, or it has no such state
   */
  state<T>(uid: string, descriptor: ValueStateDescriptor<T> | ReducingStateDescriptor<T>): ReadonlyMap<Key, T>
  state<T>(uid: string, descriptor: ListStateDescriptor<T>): ReadonlyMap<Key, readonly T[]>
  state<K extends Key, V>(uid: string, descriptor: MapStateDescriptor<K, V>): ReadonlyMap<Key, ReadonlyMap<K, V>>
  /** The accumulator, not the result. */
  state<In, Acc, Out>(uid: string, descriptor: AggregatingStateDescriptor<In, Acc, Out>): ReadonlyMap<Key, Acc>
  state(uid: string, name: string): ReadonlyMap<Key, unknown>
  /**
   * Records in flight in the newest completed checkpoint: what a restore makes come before all others. Empty before the first
   * one, and under protocols whose cuts have nothing in flight.
   * @param to the operator that they are on their way to; if left out, all of them
   * @throws Error if there is no such operator
   */
  inFlight<T = unknown>(to?: string): readonly T[]
  /**
   * What a source has to read in this run: the values of its splits, split after split.
   * @throws Error if there is no such source
   */
  inputs<T = unknown>(source: string): readonly T[]
  /**
   * What of that the newest completed checkpoint has not read: what a restore reads, and perhaps reads again.
   * @throws Error if there is no such source
   */
  unread<T = unknown>(source: string): readonly T[]
}

/** True if it holds; false if not, or a sentence that says why not. Must be synchronous and pure. */
export type RunPredicate = (view: RunView) => boolean | string

/** See `always`, `eventually` and `sometimes`. */
export interface TemporalInvariant {
  readonly kind: 'always' | 'eventually' | 'sometimes'
  readonly name: string
  readonly holds: RunPredicate
  readonly needs?: Guarantee
  readonly outsideLoops?: true
}

export interface TemporalOptions {
  /** What the protocol has to guarantee for state; under one that gives less the invariant is skipped. Nothing, if left out. */
  readonly needs?: Guarantee
  /** True if it does not depend on records that go round a loop: what becomes of these does not matter then. */
  readonly outsideLoops?: true
}

/**
 * Must hold at every completed checkpoint, at every commit, and when the job has finished.
 *
 * ```ts
 * always('no account is overdrawn', ({ state }) => [...state('accounts', BALANCE).values()].every((cents) => cents >= 0))
 * ```
 *
 * @param name unique within the scenario; becomes part of the finding's fingerprint
 * @throws JobError if the name is no text of 1 to 100 characters in one line
 */
export const always = (name: string, holds: RunPredicate, options?: TemporalOptions): TemporalInvariant =>
  invariant('always', name, holds, options)

/** Must hold when the job has finished. @param name as of `always` @throws as `always` */
export const eventually = (name: string, holds: RunPredicate, options?: TemporalOptions): TemporalInvariant =>
  invariant('eventually', name, holds, options)

/**
 * Must hold at one moment at least, in one run of a check at least: a goal of coverage. A check that never comes to it is
 * vacuous: it says little about what was to be tested.
 * @param name as of `always`
 * @throws as `always`
 */
export const sometimes = (name: string, holds: RunPredicate, options?: TemporalOptions): TemporalInvariant =>
  invariant('sometimes', name, holds, options)

const LONGEST_NAME = 100

function invariant(
  kind: TemporalInvariant['kind'],
  name: string,
  holds: RunPredicate,
  { needs, outsideLoops }: TemporalOptions = {},
): TemporalInvariant {
  if (typeof name !== 'string' || /[\n\r]/.test(name) || name.trim() === '' || name.length > LONGEST_NAME)
    throw new JobError(
      `the name of an invariant must be a text of 1 to ${LONGEST_NAME} characters in one line, but is ${inWords(name)}`,
    )
  if (typeof holds !== 'function')
    throw new JobError(
      `${kind}('${name}', …) takes a function from a view of the run to true or false, but got ${inWords(holds)}`,
    )
  return {
    kind,
    name,
    holds,
    ...(needs === undefined ? {} : { needs }),
    ...(outsideLoops === undefined ? {} : { outsideLoops }),
  }
}

export const isTemporal = (invariant: object): invariant is TemporalInvariant => 'holds' in invariant

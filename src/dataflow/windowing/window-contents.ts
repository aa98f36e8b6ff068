/**
 * What the windows of the current key hold: a map state with an entry for each window, either what a fold has made of the
 * elements so far, or, where an evictor or the order of event time asks for it, the elements one by one.
 */
import type { Key } from '../../model/index.ts'
import { inWords, JobError } from '../job-error.ts'
import type { OperatorContext } from '../operator.ts'
import { type MapState, mapState } from '../state.ts'
import type { Evictor, EvictorContext, TimestampedValue } from './evictor.ts'
import type { Window } from './window.ts'
import type { WindowFold } from './window-fold.ts'
import { itemsOf, listFold } from './window-fold.ts'

/** Windows are named by their key in state. */
export interface WindowContents {
  add(window: Key, value: unknown, timestampMs: number): void
  has(window: Key): boolean
  clear(window: Key): void
  /** Moves the contents of windows, earliest first, into one that has none. */
  merge(from: readonly Key[], into: Key): void
  /** Gives the function what the window holds, if it holds anything. @returns what the function returns */
  fire(key: Key, window: Window, use: (items: readonly unknown[]) => unknown): unknown
}
export type MakeContents = (context: OperatorContext) => WindowContents

const contentsState = mapState<Key, unknown>('window-contents')

/** Elements are folded as they come. */
export class FoldedContents implements WindowContents {
  readonly #fold: WindowFold<unknown, unknown, unknown>
  readonly #contents: MapState<Key, unknown>

  constructor(context: OperatorContext, fold: WindowFold<unknown, unknown, unknown>) {
    this.#fold = fold
    this.#contents = context.getMapState(contentsState)
  }
  add(window: Key, value: unknown): void {
    const contents = this.#contents
    const next = contents.contains(window) ? this.#fold.next(value, contents.get(window)) : this.#fold.first(value)
    contents.put(window, next)
  }
  has(window: Key): boolean {
    return this.#contents.contains(window)
  }
  clear(window: Key): void {
    this.#contents.remove(window)
  }
  merge(from: readonly Key[], into: Key): void {
    mergeContents(this.#contents, this.#fold.merge!, from, into)
  }
  fire(key: Key, _window: Window, use: (items: readonly unknown[]) => unknown): unknown {
    if (!this.has(key)) return undefined
    return use(this.#fold.items(this.#contents.get(key)))
  }
}

type Elements = readonly TimestampedValue<unknown>[]
const elementsFold = listFold<TimestampedValue<unknown>>()

/** Elements are kept with their timestamps, and folded when the window fires. */
export class BufferedContents implements WindowContents {
  readonly #fold: WindowFold<unknown, unknown, unknown>
  readonly #evictor: Evictor<unknown, Window> | undefined
  readonly #byTime: boolean
  readonly #evictorContext: EvictorContext
  readonly #contents: MapState<Key, Elements>

  /** @param byTime a firing sees the elements in the order of their timestamps instead of their arrival */
  constructor(
    context: OperatorContext,
    fold: WindowFold<unknown, unknown, unknown>,
    evictor: Evictor<unknown, Window> | undefined,
    byTime: boolean,
  ) {
    this.#fold = fold
    this.#evictor = evictor
    this.#byTime = byTime
    this.#evictorContext = {
      getCurrentWatermark: () => context.currentWatermark(),
      getCurrentProcessingTime: () => context.currentProcessingTime(),
    }
    this.#contents = context.getMapState(contentsState) as MapState<Key, Elements>
  }
  add(window: Key, value: unknown, timestampMs: number): void {
    const element = { value, timestampMs: Number.isNaN(timestampMs) ? undefined : timestampMs }
    this.#contents.put(window, [...(this.#contents.get(window) ?? []), element])
  }
  has(window: Key): boolean {
    return this.#contents.contains(window)
  }
  clear(window: Key): void {
    this.#contents.remove(window)
  }
  merge(from: readonly Key[], into: Key): void {
    mergeContents(this.#contents, elementsFold.merge!, from, into)
  }
  fire(key: Key, window: Window, use: (items: readonly unknown[]) => unknown): unknown {
    const held = this.#contents.get(key)
    if (held === undefined) return undefined
    const ordered = this.#byTime ? held.toSorted((a, b) => timeOf(a) - timeOf(b)) : held
    const evictor = this.#evictor
    const before = evictor === undefined ? ordered : listed(evictor.evictBefore(ordered, window, this.#evictorContext))
    const items = itemsOf(
      this.#fold,
      before.map(({ value }) => value),
    )
    const returned = items === undefined ? undefined : use(items)
    if (evictor === undefined) return returned
    const left = listed(evictor.evictAfter(before, window, this.#evictorContext))
    if (left.length === 0) this.#contents.remove(key)
    else if (left.length < held.length) this.#contents.put(key, left)
    return returned
  }
}

const timeOf = ({ timestampMs = Number.NEGATIVE_INFINITY }: TimestampedValue<unknown>): number => timestampMs

function listed(elements: Elements): Elements {
  if (Array.isArray(elements)) return elements
  throw new JobError(`an evictor must return the elements that stay, as an array, but returned ${inWords(elements)}`)
}

function mergeContents<Acc>(
  contents: MapState<Key, Acc>,
  merge: (a: Acc, b: Acc) => Acc,
  from: readonly Key[],
  into: Key,
): void {
  const held = from.filter((window) => contents.contains(window)).map((window) => contents.get(window) as Acc)
  for (const window of from) contents.remove(window)
  if (held.length > 0)
    contents.put(
      into,
      held.reduce((a, b) => merge(a, b)),
    )
}

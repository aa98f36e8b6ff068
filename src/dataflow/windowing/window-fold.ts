/** How elements become the contents of a window, and the contents what the window function is given. */
import type { AggregateFunction } from '../state.ts'

export interface WindowFold<In, Acc, Item> {
  first(value: In): Acc
  next(value: In, contents: Acc): Acc
  /** Contents of two windows that merge; the first began earlier. Absent: such windows cannot be used. */
  merge?(a: Acc, b: Acc): Acc
  items(contents: Acc): readonly Item[]
  /** What the function is given of a window whose elements an evictor has all taken; undefined: it is not called. */
  readonly none: readonly Item[] | undefined
}

/** All elements in one list, in the order of their arrival. */
export function listFold<T>(): WindowFold<T, readonly T[], T> {
  return {
    first: (value) => [value],
    next: (value, elements) => [...elements, value],
    merge: (a, b) => [...a, ...b],
    items: (elements) => elements,
    none: [],
  }
}

/** One value. Nothing can be made of no element: then there is no result (in Flink, the function gets null). */
export function reduceFold<T>(reduce: (a: T, b: T) => T): WindowFold<T, T, T> {
  return {
    first: (value) => value,
    next: (value, sum) => reduce(sum, value),
    merge: reduce,
    items: (sum) => [sum],
    none: undefined,
  }
}

/** One accumulator. */
export function aggregateFold<In, Acc, Result>(
  aggregate: AggregateFunction<In, Acc, Result>,
): WindowFold<In, Acc, Result> {
  return {
    first: (value) => aggregate.add(value, aggregate.createAccumulator()),
    next: (value, accumulator) => aggregate.add(value, accumulator),
    ...(aggregate.merge === undefined ? {} : { merge: (a: Acc, b: Acc) => aggregate.merge!(a, b) }),
    items: (accumulator) => [aggregate.getResult(accumulator)],
    get none() {
      return [aggregate.getResult(aggregate.createAccumulator())]
    },
  }
}

/** What the function is given of elements that were kept one by one; undefined: it is not called. */
export function itemsOf<In, Acc, Item>(
  fold: WindowFold<In, Acc, Item>,
  values: readonly In[],
): readonly Item[] | undefined {
  const [first, ...others] = values
  if (values.length === 0) return fold.none
  return fold.items(others.reduce((contents, value) => fold.next(value, contents), fold.first(first as In)))
}

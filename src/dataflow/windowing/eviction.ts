import type { Evictor, TimestampedValue } from './evictor.ts'
import type { Window } from './window.ts'

/** An evictor with one rule, which is applied before the window function or after it. */
export abstract class Eviction<T> implements Evictor<T, Window> {
  readonly #after: boolean

  constructor(after: boolean) {
    this.#after = after
  }
  evictBefore(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<unknown>[] {
    return this.#after ? elements : this.kept(elements)
  }
  evictAfter(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<unknown>[] {
    return this.#after ? this.kept(elements) : elements
  }
  protected abstract kept(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<unknown>[]
}

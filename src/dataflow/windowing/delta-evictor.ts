import { inWords, JobError } from '../job-error.ts'
import type { DeltaFunction } from './delta-function.ts'
import { Eviction } from './eviction.ts'
import type { TimestampedValue } from './evictor.ts'

/** Keeps the elements that are less than a threshold away from the last one. Flink: DeltaEvictor. */
export class DeltaEvictor<T> extends Eviction<T> {
  readonly #threshold: number
  readonly #delta: DeltaFunction<T>

  private constructor(threshold: number, delta: DeltaFunction<T>, after: boolean) {
    super(after)
    this.#threshold = threshold
    this.#delta = delta
  }
  /**
   * @param threshold elements at this distance or more go
   * @param doEvictAfter evicts after the window function instead of before
   */
  static of<T>(threshold: number, delta: DeltaFunction<T>, doEvictAfter = false): DeltaEvictor<T> {
    if (typeof delta !== 'function')
      throw new JobError(`DeltaEvictor.of takes a function of two elements, but got ${inWords(delta)}`)
    return new DeltaEvictor(threshold, delta, doEvictAfter)
  }
  protected override kept(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<unknown>[] {
    const last = elements.at(-1)
    return elements.filter(({ value }) => this.#delta(value, last!.value) < this.#threshold)
  }
}

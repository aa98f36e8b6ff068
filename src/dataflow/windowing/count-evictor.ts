import { integerIn } from '../job-error.ts'
import { Eviction } from './eviction.ts'
import type { TimestampedValue } from './evictor.ts'

/** Keeps the last elements. Flink: CountEvictor. */
export class CountEvictor extends Eviction<unknown> {
  readonly #maxCount: number

  private constructor(maxCount: number, after: boolean) {
    super(after)
    this.#maxCount = maxCount
  }
  /**
   * @param maxCount elements that are kept, at least 0
   * @param doEvictAfter evicts after the window function instead of before
   * @throws JobError if the count is out of range
   */
  static of(maxCount: number, doEvictAfter = false): CountEvictor {
    return new CountEvictor(integerIn(maxCount, 'the count of a CountEvictor', 0), doEvictAfter)
  }
  protected override kept(elements: readonly TimestampedValue<unknown>[]): readonly TimestampedValue<unknown>[] {
    return elements.slice(Math.max(0, elements.length - this.#maxCount))
  }
}

import type { Duration } from '../duration.ts'
import { durationMs } from '../duration.ts'
import { Eviction } from './eviction.ts'
import type { TimestampedValue } from './evictor.ts'

/**
 * Keeps the elements whose timestamp is less than a span before the latest one. Without timestamps it keeps all. Flink:
 * TimeEvictor.
 */
export class TimeEvictor extends Eviction<unknown> {
  readonly #spanMs: number

  private constructor(spanMs: number, after: boolean) {
    super(after)
    this.#spanMs = spanMs
  }
  /**
   * @param span at least 0 ms
   * @param doEvictAfter evicts after the window function instead of before
   * @throws JobError if the span is out of range
   */
  static of(span: Duration, doEvictAfter = false): TimeEvictor {
    return new TimeEvictor(durationMs(span, 'the span of a TimeEvictor'), doEvictAfter)
  }
  protected override kept(elements: readonly TimestampedValue<unknown>[]): readonly TimestampedValue<unknown>[] {
    const latestMs = elements.reduce((latest, { timestampMs }) => Math.max(latest, timestampMs ?? latest), -Infinity)
    return elements.filter(({ timestampMs }) => timestampMs === undefined || timestampMs > latestMs - this.#spanMs)
  }
}

import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import type { KeyedStateDescriptor } from './state.ts'

/** How long state lives after it was touched, in processing time. Flink: StateTtlConfig. */
export interface StateTtl {
  readonly ttlMs: number
  /** Whether reading counts as touching; writing always does. Flink: UpdateType. */
  readonly updateOnRead: boolean
  /** Whether what has expired may still be read until something cleans it up. Flink: StateVisibility. */
  readonly returnExpired: boolean
}

export interface StateTtlOptions {
  /** 'on-create-and-write' if left out. */
  readonly update?: 'on-create-and-write' | 'on-read-and-write'
  /** 'never' if left out. */
  readonly returnExpired?: 'never' | 'until-cleaned-up'
}

/** @param ttl at least 1 ms @throws JobError if it is not */
export const stateTtl = (ttl: Duration, options: StateTtlOptions = {}): StateTtl => ({
  ttlMs: durationMs(ttl, 'the time to live of state', 1),
  updateOnRead: options.update === 'on-read-and-write',
  returnExpired: options.returnExpired === 'until-cleaned-up',
})

/**
 * The same state with a time to live: of the value, of each element of a list, of each entry of a map. Flink:
 * StateDescriptor.enableTimeToLive.
 */
export const withTtl = <Descriptor extends KeyedStateDescriptor>(
  descriptor: Descriptor,
  ttl: StateTtl,
): Descriptor => ({
  ...descriptor,
  ttl,
})

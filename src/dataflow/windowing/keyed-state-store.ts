import type { RuntimeContext } from '../functions.ts'

/** State under the current key. Flink: KeyedStateStore. */
export type KeyedStateStore = Pick<
  RuntimeContext,
  'getState' | 'getListState' | 'getMapState' | 'getReducingState' | 'getAggregatingState'
>

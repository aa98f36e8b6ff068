import type { Suite } from './suite.ts'
import { aligned } from './suites/aligned.ts'
import { atLeastOnce } from './suites/at-least-once.ts'
import { channelStatePersister } from './suites/channel-state-persister.ts'
import { coordinator } from './suites/coordinator.ts'
import { dataflow } from './suites/dataflow.ts'
import { failoverRegion } from './suites/failover-region.ts'
import { failureManager } from './suites/failure-manager.ts'
import { alternating, unaligned } from './suites/input-gate.ts'
import { keyGroups } from './suites/key-groups.ts'
import { restartStrategies } from './suites/restart-strategies.ts'
import { subtask } from './suites/subtask.ts'
import { traces } from './suites/traces.ts'

/** All replayers there are. A file that none of them is for is reported, not skipped. */
export const suites: readonly Suite[] = [
  aligned,
  alternating,
  atLeastOnce,
  channelStatePersister,
  coordinator,
  dataflow,
  failoverRegion,
  failureManager,
  keyGroups,
  restartStrategies,
  subtask,
  traces,
  unaligned,
]

import type { Protocol } from '../model/index.ts'
import { aligned } from './aligned.ts'
import { atLeastOnce } from './at-least-once.ts'

export { aligned } from './aligned.ts'
export { alignedTaskChart } from './aligned-task.chart.ts'
export type { AlignedTask } from './aligned-task.ts'
export { atLeastOnce } from './at-least-once.ts'
export { atLeastOnceTaskChart } from './at-least-once-task.chart.ts'
export type { AtLeastOnceTask } from './at-least-once-task.ts'
export { checkpointCoordinatorChart } from './checkpoint-coordinator.chart.ts'
export { BarrierCoordinator } from './checkpoint-coordinator.ts'
export { checkpointTriggerChart } from './checkpoint-trigger.chart.ts'
export { pendingCheckpointChart } from './pending-checkpoint.chart.ts'
export type { PendingCheckpoint } from './pending-checkpoint.ts'
export { protocolForMode } from './protocol-for-mode.ts'
/** Protocols by name. */
export const protocols: readonly Protocol[] = [aligned, atLeastOnce]

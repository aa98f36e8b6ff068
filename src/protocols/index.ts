import type { Protocol } from '../model/index.ts'
import { aligned } from './aligned.ts'
import { alignedTimeout } from './aligned-timeout.ts'
import { atLeastOnce } from './at-least-once.ts'
import { barriersCyclic } from './barriers-cyclic.ts'
import { chandyLamport } from './chandy-lamport.ts'
import { unaligned } from './unaligned.ts'

export { aligned } from './aligned.ts'
export { alignedTaskChart } from './aligned-task.chart.ts'
export type { AlignedTask } from './aligned-task.ts'
export { alignedTimeout } from './aligned-timeout.ts'
export { asyncCheckpointChart } from './async-checkpoint.chart.ts'
export type { AsyncCheckpoint } from './async-checkpoint.ts'
export { atLeastOnce } from './at-least-once.ts'
export { atLeastOnceTaskChart } from './at-least-once-task.chart.ts'
export type { AtLeastOnceTask } from './at-least-once-task.ts'
export { barriersCyclic } from './barriers-cyclic.ts'
export { barriersCyclicTaskChart } from './barriers-cyclic-task.chart.ts'
export type { BarriersCyclicTask } from './barriers-cyclic-task.ts'
export { chandyLamport } from './chandy-lamport.ts'
export { chandyLamportTaskChart } from './chandy-lamport-task.chart.ts'
export type { ChandyLamportTask } from './chandy-lamport-task.ts'
export { channelStatePersisterChart } from './channel-state-persister.chart.ts'
export type { ChannelStatePersister } from './channel-state-persister.ts'
export { checkpointCoordinatorChart } from './checkpoint-coordinator.chart.ts'
export { BarrierCoordinator } from './checkpoint-coordinator.ts'
export { checkpointTriggerChart } from './checkpoint-trigger.chart.ts'
export { pendingCheckpointChart } from './pending-checkpoint.chart.ts'
export type { PendingCheckpoint } from './pending-checkpoint.ts'
export { protocolForMode } from './protocol-for-mode.ts'
export { subtaskCheckpointCoordinatorChart } from './subtask-checkpoint-coordinator.chart.ts'
export type { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'
export { unaligned } from './unaligned.ts'
export { unalignedTaskChart } from './unaligned-task.chart.ts'
export type { UnalignedTask } from './unaligned-task.ts'
/** Protocols by name. */
export const protocols: readonly Protocol[] = [
  aligned,
  atLeastOnce,
  unaligned,
  alignedTimeout,
  chandyLamport,
  barriersCyclic,
]

import type { FaultClass } from '../model/index.ts'

/** Names for several classes of faults at once. */
export const FAULT_GROUPS = {
  crash: ['crash-task', 'crash-taskmanager', 'crash-jobmanager'],
  rpc: ['delay', 'drop', 'duplicate'],
  storage: ['put', 'metadata', 'fetch'],
} as const satisfies Record<string, readonly FaultClass[]>
export type FaultGroup = keyof typeof FAULT_GROUPS

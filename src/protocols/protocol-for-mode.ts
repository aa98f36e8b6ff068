import type { CheckpointingMode } from '../dataflow/index.ts'
import type { Protocol } from '../model/index.ts'
import { aligned } from './aligned.ts'
import { atLeastOnce } from './at-least-once.ts'

/** The protocol that a job's checkpointing mode asks for. Flink: InputProcessorUtil.createCheckpointBarrierHandler. */
export const protocolForMode = (mode: CheckpointingMode): Protocol => (mode === 'AT_LEAST_ONCE' ? atLeastOnce : aligned)

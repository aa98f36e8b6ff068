/**
 * Barriers that block nothing: Flink's mode AT_LEAST_ONCE. Channels must be FIFO. What was received between the barrier of an input
 * and the last barrier is in the snapshot although its sender will send it again: nothing is lost, some of it comes twice.
 */
import { PHASE_NAMES, type Protocol } from '../model/index.ts'
import { AtLeastOnceTask } from './at-least-once-task.ts'
import { barrierContract } from './barrier-contract.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'

export const atLeastOnce: Protocol = {
  name: 'at-least-once',
  title: 'barriers without alignment, at least once',
  phases: PHASE_NAMES,
  contract: (sinks, cyclic) => barrierContract('at-least-once', sinks, cyclic === true ? ['loop-loss'] : []),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, atLeastOnce, mutation),
  task: (host, name, mutation) => new AtLeastOnceTask(host, name, mutation),
  recover: recoverNewest,
}

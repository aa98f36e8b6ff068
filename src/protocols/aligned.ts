/** Aligned exactly-once barriers, Flink's default. Channels must be FIFO and can be blocked; channel state is empty. */
import { PHASE_NAMES, type Protocol } from '../model/index.ts'
import { AlignedTask } from './aligned-task.ts'
import { barrierContract } from './barrier-contract.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'

export const aligned: Protocol = {
  name: 'aligned',
  title: 'aligned barriers, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks, cyclic) => barrierContract('exactly-once', sinks, cyclic === true ? ['loop-loss'] : []),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, aligned, mutation),
  task: (host, name, mutation) => new AlignedTask(host, name, mutation),
  recover: recoverNewest,
}

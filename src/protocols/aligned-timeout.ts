/**
 * Aligned barriers that overtake records once aligning takes too long. Flink: execution.checkpointing.aligned-checkpoint-timeout
 * with unaligned checkpoints enabled.
 */
import { type OvertakingTaskHost, PHASE_NAMES, type Protocol } from '../model/index.ts'
import { barrierContract } from './barrier-contract.ts'
import { ChannelStatePersister } from './channel-state-persister.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'
import { UnalignedTask } from './unaligned-task.ts'

export const alignedTimeout: Protocol = {
  name: 'aligned-timeout',
  title: 'aligned barriers that overtake records after a timeout, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks, cyclic) => ({
    // the first barrier of a subtask may come past the head that its records go to: a cut may know of these, not of their sending
    ...barrierContract('exactly-once', sinks, cyclic === true ? ['loop-loss', 'loop-repeat'] : []),
    inFlight: true,
  }),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, alignedTimeout, mutation, { unaligned: true }),
  task: (host: OvertakingTaskHost, name, mutation) => new UnalignedTask(host, name, mutation),
  overtaking: { aligns: true, persister: (channel, mutation) => new ChannelStatePersister(channel, mutation) },
  recover: recoverNewest,
}

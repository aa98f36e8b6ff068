/**
 * Barriers that overtake records at once, exactly once. Channels must be FIFO besides; what is overtaken is part of the checkpoint,
 * at most one of which is under way. Flink: execution.checkpointing.unaligned.enabled, FLIP-76.
 */
import { type OvertakingTaskHost, PHASE_NAMES, type Protocol } from '../model/index.ts'
import { barrierContract } from './barrier-contract.ts'
import { ChannelStatePersister } from './channel-state-persister.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'
import { UnalignedTask } from './unaligned-task.ts'

export const unaligned: Protocol = {
  name: 'unaligned',
  title: 'barriers that overtake records, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks, cyclic) => ({
    // the first barrier of a subtask may come past the head that its records go to: a cut may know of these, not of their sending
    ...barrierContract('exactly-once', sinks, cyclic === true ? ['loop-loss', 'loop-repeat'] : []),
    inFlight: true,
  }),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, unaligned, mutation, { unaligned: true }),
  task: (host: OvertakingTaskHost, name, mutation) => new UnalignedTask(host, name, mutation),
  overtaking: { aligns: false, persister: (channel, mutation) => new ChannelStatePersister(channel, mutation) },
  recover: recoverNewest,
}

/**
 * The distributed snapshot of Chandy and Lamport (1985). Channels must be FIFO; nothing is blocked and nothing overtakes. Any task
 * may begin a checkpoint; what is on its way meanwhile is recorded by whom it is on its way to. Facts: checkpointing.md 1.5.
 */
import { PHASE_NAMES, type Protocol, type RecordingTaskHost } from '../model/index.ts'
import { barrierContract } from './barrier-contract.ts'
import { ChandyLamportTask } from './chandy-lamport-task.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'

export const chandyLamport: Protocol = {
  name: 'chandy-lamport',
  title: 'markers behind the records, channels recorded, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks) => ({ ...barrierContract('exactly-once', sinks), inFlight: true, splitsBroadcasts: true }),
  coordinator: (wiring, mutation) =>
    new BarrierCoordinator(wiring, chandyLamport, mutation, { anyTaskInitiates: true }),
  task: (host: RecordingTaskHost, name, mutation) => new ChandyLamportTask(host, name, mutation),
  recordsInputs: 'all',
  recover: recoverNewest,
}

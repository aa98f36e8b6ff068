/**
 * Aligned barriers that go round loops, exactly once: asynchronous barrier snapshotting for graphs with loops (Carbone et al.
 * 2015). Channels must be FIFO and can be blocked; of channel state there is the log of back edges. Flink has no such protocol: its
 * iterations lose what goes round. Facts: checkpointing.md 1.4.
 */
import { PHASE_NAMES, type Protocol, type RecordingTaskHost } from '../model/index.ts'
import { barrierContract } from './barrier-contract.ts'
import { BarriersCyclicTask } from './barriers-cyclic-task.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'
import { recoverNewest } from './recover-newest.ts'

export const barriersCyclic: Protocol = {
  name: 'barriers-cyclic',
  title: 'aligned barriers that go round loops, back edges logged, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks) => ({ ...barrierContract('exactly-once', sinks), inFlight: true }),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, barriersCyclic, mutation),
  task: (host: RecordingTaskHost, name, mutation) => new BarriersCyclicTask(host, name, mutation),
  recordsInputs: 'feedback',
  recover: recoverNewest,
}

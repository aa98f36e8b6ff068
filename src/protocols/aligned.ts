/** Aligned exactly-once barriers, Flink's default. Channels must be FIFO and can be blocked; channel state is empty. */
import type { CompletedCheckpoint, Contract, DurableView, Mutation, Protocol } from '../model/index.ts'
import { PHASE_NAMES } from '../model/index.ts'
import { AlignedTask } from './aligned-task.ts'
import { BarrierCoordinator } from './checkpoint-coordinator.ts'

/** The newest completed checkpoint. */
export function recoverNewest(view: DurableView): CompletedCheckpoint | null {
  return view.completed[view.completed.length - 1] ?? null
}

export const aligned: Protocol = {
  name: 'aligned',
  title: 'aligned barriers, exactly once',
  phases: PHASE_NAMES,
  contract: (sinks): Contract => ({
    state: 'exactly-once',
    output: Object.fromEntries(sinks.map((sink) => [sink.uid, sink.transactional ? 'exactly-once' : 'at-least-once'])),
    // what an append log has shown comes again after a restore; a zombie may read a file that was subsumed meanwhile
    permits: [
      'zombie-read',
      ...(sinks.every((sink) => sink.transactional) ? [] : ['rewind-duplicate']),
      ...new Set(sinks.flatMap(({ permits = [] }) => permits)),
    ],
    assumes: [
      'transaction-timeout-over-outage',
      'checkpoint-timeout-over-duration',
      'restart-budget',
      'durable-store',
      'pure-functions',
    ],
  }),
  coordinator: (wiring, mutation) => new BarrierCoordinator(wiring, aligned, mutation),
  task: (host, name, mutation) => new AlignedTask(host, name, mutation),
  recover(view, mutation: Mutation) {
    const replaced = mutation.parts?.recover as ((view: DurableView) => CompletedCheckpoint | null) | undefined
    return (replaced ?? recoverNewest)(view)
  },
}

import type { JobGraph } from '../dataflow/index.ts'
import type { Plan, Protocol } from '../model/index.ts'
import { InputError } from './input-error.ts'

/** Whether a plan gives the job another number of slots: its cluster then knows the job at every parallelism. */
export function isRescaled({ faults }: Pick<Plan, 'faults'>): boolean {
  for (let i = 0; i < faults.length; i += 1) if (faults[i]!.what === 'rescale') return true
  return false
}

/** Why a job cannot be rescaled here, as the rest of a sentence; null if it can. */
function obstacle(graph: JobGraph, protocol: Pick<Protocol, 'name' | 'overtaking'>): string | null {
  const own = graph.vertices.find(({ sink }) => sink?.kind === 'own')
  if (own !== undefined)
    return `what the sink '${own.uid}' of your own has written is judged subtask by subtask: leave 'rescale' out of the faults`
  if (protocol.overtaking !== undefined)
    return `what is in flight under the protocol '${protocol.name}' is restored at the same parallelism only: take 'aligned' or 'at-least-once', or leave 'rescale' out of the faults`
  return null
}
export const mayBeRescaled = (graph: JobGraph, protocol: Pick<Protocol, 'name' | 'overtaking'>): boolean =>
  obstacle(graph, protocol) === null

/** @throws InputError if the simulator has no rule for a rescale of this job under this protocol */
export function requireRescalable(graph: JobGraph, protocol: Pick<Protocol, 'name' | 'overtaking'>): void {
  const why = obstacle(graph, protocol)
  if (why !== null) throw new InputError(`the job cannot be rescaled: ${why}`)
}

import type { JobGraph } from '../dataflow/index.ts'
import type { Plan, Protocol } from '../model/index.ts'
import { InputError } from './input-error.ts'

/** Whether a plan gives the job another number of slots: its cluster then knows the job at every parallelism. */
export function isRescaled({ faults }: Pick<Plan, 'faults'>): boolean {
  for (let i = 0; i < faults.length; i += 1) if (faults[i]!.what === 'rescale') return true
  return false
}

/** @throws InputError if there is no rule for a rescale of this job under this protocol */
export function requireRescalable(graph: JobGraph, protocol: Pick<Protocol, 'name' | 'recordsInputs'>): void {
  if (graph.edges.some(({ feedback }) => feedback === true))
    throw new InputError(
      "the job cannot be rescaled: it has a loop, and there is no rule for what goes round: leave 'rescale' out of the faults",
    )
  const own = graph.vertices.find(({ sink }) => sink?.kind === 'own')
  if (own !== undefined)
    throw new InputError(
      `the job cannot be rescaled: what the sink '${own.uid}' of your own has written is judged subtask by subtask: leave 'rescale' out of the faults`,
    )
  if (protocol.recordsInputs !== 'all') return
  const { vertices, edges } = graph
  const fixed = edges.find(
    ({ to, partitioner }) =>
      (partitioner === 'forward' || partitioner === 'broadcast') && vertices[to]!.parallelism > 1,
  )
  if (fixed !== undefined)
    throw new InputError(
      `the job cannot be rescaled under '${protocol.name}': what is in flight on the ${fixed.partitioner} edge '${fixed.name}' belongs to one subtask, and cannot be dealt out anew: leave 'rescale' out of the faults (--faults all), or take another protocol`,
    )
}

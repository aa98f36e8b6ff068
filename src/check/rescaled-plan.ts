import type { JobGraph } from '../dataflow/index.ts'
import type { Plan } from '../model/index.ts'
import { InputError } from './input-error.ts'

/** Whether a plan gives the job another number of slots: its cluster then knows the job at every parallelism. */
export function isRescaled({ faults }: Pick<Plan, 'faults'>): boolean {
  for (let i = 0; i < faults.length; i += 1) if (faults[i]!.what === 'rescale') return true
  return false
}

/** @throws InputError if the oracles have no rule for a rescale of this job */
export function requireRescalable(graph: JobGraph): void {
  const own = graph.vertices.find(({ sink }) => sink?.kind === 'own')
  if (own !== undefined)
    throw new InputError(
      `the job cannot be rescaled: what the sink '${own.uid}' of your own has written is judged subtask by subtask: leave 'rescale' out of the faults`,
    )
}

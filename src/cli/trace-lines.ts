/** The kept events of a run, with names in place of numbers. */
import type { Runner } from '../check/index.ts'
import {
  COORDINATOR_MESSAGES,
  ENUMERATOR_MESSAGES,
  JOB_MANAGER_MESSAGES,
  STORAGE_MESSAGES,
  STORE_MESSAGES,
  TASK_MANAGER_MESSAGES,
  TASK_MESSAGES,
} from '../model/index.ts'
import type { TraceLine } from './check-messages.ts'

/** By the beginning of an entity's name; a task is `uid[subtask]@tm0`. */
const MESSAGES: readonly (readonly [entity: RegExp, names: readonly string[]])[] = [
  [/@tm\d+$/, TASK_MESSAGES],
  [/^checkpoint-coordinator$/, COORDINATOR_MESSAGES],
  [/^job-manager$/, JOB_MANAGER_MESSAGES],
  [/^task manager /, TASK_MANAGER_MESSAGES],
  [/^enumerator of /, ENUMERATOR_MESSAGES],
  [/^snapshot-storage$/, STORAGE_MESSAGES],
  [/^completed-checkpoint-store$/, STORE_MESSAGES],
]

/** Oldest first. A message without a name (of the injector, the watcher, a chart's timer) is its code. */
export function traceLines(runner: Runner): TraceLine[] {
  return Array.from(runner.trace.entries(), ({ time, to, code, a, b }) => {
    const entity = runner.entityName(to)
    const names = MESSAGES.find(([name]) => name.test(entity))?.[1]
    return { time, entity, message: names?.[code] ?? String(code), a, b }
  })
}

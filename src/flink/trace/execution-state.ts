/**
 * The states of a task as the job manager knows it, and what may follow on each. They are finer than those of the simulator's
 * tasks, which step along (task-life.ts). Flink: ExecutionState, Execution.
 */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['SCHEDULED', 'CANCELED', 'FAILED'],
  SCHEDULED: ['DEPLOYING', 'CANCELED', 'FAILED'],
  DEPLOYING: ['INITIALIZING', 'RUNNING', 'FINISHED', 'CANCELING', 'CANCELED', 'FAILED'],
  INITIALIZING: ['RUNNING', 'FINISHED', 'CANCELING', 'CANCELED', 'FAILED'],
  RUNNING: ['FINISHED', 'CANCELING', 'CANCELED', 'FAILED'],
  CANCELING: ['CANCELED', 'FAILED'],
  FINISHED: [],
  CANCELED: [],
  FAILED: [],
}

export const statesAfter = (state: string): readonly string[] => AFTER[state] ?? []
/** True if nothing follows on this state. */
export const isTerminal = (state: string): boolean => state in AFTER && statesAfter(state).length === 0

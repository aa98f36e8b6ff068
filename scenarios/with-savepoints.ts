import type { Scenario } from '../src/index.ts'

/** The scenario, with users who take savepoints of its job. */
export const withSavepoints = (scenario: Scenario): Scenario => ({ ...scenario, savepoints: true })

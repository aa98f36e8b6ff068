/** The plans of the reference workload: 2 sources x 2 keyed operators x 1 transactional sink, 50 records per source. */
import { ENGINE } from '../src/check/index.ts'
import { Decisions, site } from '../src/kernel/index.ts'
import type { Fault, Plan } from '../src/model/index.ts'

const UNIT = 1000
const CRASH = site('reference crash')
const decisions = new Decisions()
const parallelism = { numbers: 2, count: 2, sink: 1 }

/** What a bench sets; costs in units of 1 ms. */
export interface Reference {
  readonly protocol: string
  readonly operatorCost: number
  readonly channelCapacity: number
}

/** One to two crashes of any task, at any time of the run. */
export function referencePlan(index: number, { protocol, operatorCost, channelCapacity }: Reference): Plan {
  const seed = `reference/${index}`
  decisions.seed(seed)
  const crash = (k: number): Fault => ({
    what: 'crash-task',
    target: {
      operator: ['numbers', 'count', 'sink'][decisions.decide(CRASH, k, 3)]!,
      subtask: decisions.decide(CRASH, k + 10, 2),
    },
    when: { at: decisions.decide(CRASH, k + 20, 2200) * UNIT },
  })
  return {
    engine: ENGINE,
    scenario: 'keyed-state',
    protocol,
    seed,
    records: 100,
    parallelism,
    taskManagers: 2,
    timing: {
      unitUs: UNIT,
      sourceCostUs: 14 * UNIT,
      operatorCostUs: operatorCost * UNIT,
      channelCapacity,
      checkpointIntervalUs: 700 * UNIT,
      checkpointTimeoutUs: 2500 * UNIT,
      minPauseUs: 0,
      maxConcurrentCheckpoints: 1,
      tolerableFailedCheckpoints: 3,
      retainedCheckpoints: 1,
      restartDelayUs: 100 * UNIT,
      restartAttempts: 12,
    },
    faults: index % 2 === 0 ? [crash(1)] : [crash(1), crash(2)],
    overrides: [],
  }
}

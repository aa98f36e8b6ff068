/** Runs programs on the simulated cluster, without faults. */
import { ENGINE, Runner, type RunResult } from '../../../src/check/index.ts'
import { type Scenario, scenario } from '../../../src/index.ts'
import type { Plan, Timing } from '../../../src/model/index.ts'
import { aligned } from '../../../src/protocols/index.ts'
import type { Difference } from '../suite.ts'
import { buildJob } from './build-job.ts'
import { sinkDifference } from './compare-output.ts'
import type { ProgramCase } from './program.ts'
import type { Recorded } from './recording-sink.ts'

const UNIT_US = 100
/** Time that an entry has to take effect: a record needs at most 75 units for a hop, and no program is deeper than ten. */
const ENTRY_UNITS = 1_000
const INTERVAL_MS = 300
export const ENTRY_US = UNIT_US * ENTRY_UNITS

export function scenarioOf({ id, program, input }: ProgramCase): Scenario {
  return scenario(id.replaceAll('_', '-').toLowerCase(), (env) => {
    env.enableCheckpointing(INTERVAL_MS)
    buildJob(env, program, input, 1_000_000 / ENTRY_US)
  })
}

/** Costs that are small against the time that an entry has. */
export const TIMING: Timing = {
  unitUs: UNIT_US,
  sourceCostUs: 1,
  operatorCostUs: 1,
  channelCapacity: 6,
  checkpointIntervalUs: INTERVAL_MS * 1000,
  checkpointTimeoutUs: 20 * INTERVAL_MS * 1000,
  minPauseUs: 0,
  maxConcurrentCheckpoints: 1,
  tolerableFailedCheckpoints: 1_000,
  retainedCheckpoints: 1,
  restartDelayUs: 50 * UNIT_US,
  restartAttempts: 1_000,
}

export function planOf(of: Scenario, seed: string): Plan {
  const graph = of.graph()
  return {
    engine: ENGINE,
    scenario: of.name,
    protocol: aligned.name,
    seed,
    records: 2_147_483_647,
    parallelism: Object.fromEntries(graph.vertices.map((v) => [v.uid, v.parallelism])),
    taskManagers: 2,
    timing: TIMING,
    faults: [],
    overrides: [],
  }
}

/** Where what the sinks recorded is not what Flink's did; undefined if nowhere. */
export function sinkDifferences(
  { expected }: ProgramCase,
  committed: RunResult['committed'],
  compared: { readonly watermarks: boolean },
): Difference | undefined {
  for (const [name, output] of Object.entries(expected.sinks)) {
    const difference = sinkDifference(name, output, (committed[name] ?? []) as readonly Recorded[], compared)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** Runs a program without faults, and with few checkpoints: what those might change is for the runs with crashes. */
export function runProgram(program: ProgramCase): Difference | undefined {
  const built = scenarioOf(program)
  const plan = planOf(built, program.id)
  const timing = { ...plan.timing, checkpointIntervalUs: 10 * plan.timing.checkpointIntervalUs }
  const { finding, end, committed } = new Runner(built, aligned).run({ ...plan, timing, taskManagers: 1 })
  if (finding !== null) return { message: `${finding.fingerprint}: ${finding.message}` }
  if (end !== 'done') return { message: `the job did not finish: ${end}` }
  return sinkDifferences(program, committed, { watermarks: true })
}

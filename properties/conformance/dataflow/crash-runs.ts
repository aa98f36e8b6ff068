/**
 * Programs under crashes: every operator is checkpointed, so after any number of restores a program has put out what it puts
 * out without one. Oracles judge every run; what the program recorded is compared with Flink's rows as well.
 *
 * Watermarks are not compared: operators begin without one after a restore, as Flink's do, and the sources say theirs again.
 */
import { Runner, type RunResult } from '../../../src/check/index.ts'
import type { Scenario } from '../../../src/index.ts'
import { Decisions, site } from '../../../src/kernel/index.ts'
import type { Fault, Plan, Protocol } from '../../../src/model/index.ts'
import type { Difference } from '../suite.ts'
import type { ProgramCase } from './program.ts'
import { ENTRY_US, planOf, scenarioOf, sinkDifferences } from './run-program.ts'

const DRAW = site('crashes of a program')
const MOST_FAULTS = 4

/** One to four crashes of tasks, task managers and the job manager at drawn times. @param entries length of the schedule */
export function crashPlan(of: Scenario, entries: number, seed: string): Plan {
  const decisions = new Decisions()
  decisions.seed(seed)
  let drawn = 0
  const below = (n: number): number => {
    drawn += 1
    return decisions.decide(DRAW, drawn, n)
  }
  const plan = planOf(of, seed)
  const { vertices } = of.graph()
  const faults = Array.from({ length: 1 + below(MOST_FAULTS) }, (): Fault => {
    const when = { at: below((entries + 4) * ENTRY_US) }
    const kind = below(5)
    if (kind === 0) return { what: 'crash-jobmanager', target: 'job-manager', when }
    if (kind === 1) return { what: 'crash-taskmanager', target: { taskManager: below(plan.taskManagers) }, when }
    const { uid, parallelism } = vertices[below(vertices.length)]!
    return { what: 'crash-task', target: { operator: uid, subtask: below(parallelism) }, when }
  })
  return { ...plan, faults: faults.sort((a, b) => ('at' in a.when && 'at' in b.when ? a.when.at - b.when.at : 0)) }
}

export interface CrashRun {
  readonly seed: string
  readonly restores: number
  /** What an oracle found; undefined if nothing. */
  readonly finding: string | undefined
  /** Where the rows are not Flink's; undefined if nowhere. */
  readonly difference: Difference | undefined
}

/** Runs a program under crashes, `runs` times. @param seed each run draws from `seed/index` */
export function* crashRuns(program: ProgramCase, protocol: Protocol, runs: number, seed: string): Generator<CrashRun> {
  const built = scenarioOf(program)
  const runner = new Runner(built, protocol)
  for (let i = 0; i < runs; i += 1) {
    const of = `${seed}/${i}`
    const result = runner.run(crashPlan(built, program.input.length, of), { twinned: true })
    yield { seed: of, restores: result.tally.restores, finding: findingIn(result), difference: rowsIn(program, result) }
  }
}

function findingIn({ finding, end }: RunResult): string | undefined {
  if (finding !== null) return `${finding.fingerprint}: ${finding.message}`
  return end === 'done' ? undefined : `the job did not finish: ${end}`
}
const rowsIn = (program: ProgramCase, result: RunResult): Difference | undefined =>
  sinkDifferences(program, result.committed, { watermarks: false })

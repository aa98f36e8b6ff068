import { StreamExecutionEnvironment } from './environment.ts'
import { integerIn, inWords, isPromise, JobError } from './job-error.ts'
import type { Invariant, Scenario } from './job-graph.ts'

export interface ScenarioOptions {
  /** One line for lists; the name if left out. */
  readonly title?: string
  /** How many records a run reads: drawn from [min, max]; one run in `fullEvery` reads all there are. 20 to 100 if left out. */
  readonly records?: Scenario['records']
  /** Checks on what a run has committed, in addition to the oracles. */
  readonly invariants?: readonly Invariant[]
}

/**
 * A runnable dataflow.
 * @param name letters in lower case, digits and -, since it becomes part of tokens
 * @param build writes the job; called once, when the job graph is first asked for
 * @throws JobError if name or options are out of range; `graph()` throws one if the job cannot be run
 */
export function scenario(
  name: string,
  build: (env: StreamExecutionEnvironment) => void,
  options: ScenarioOptions = {},
): Scenario {
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new JobError(`the name of a scenario must be letters in lower case, digits and -, but is ${inWords(name)}`)
  }
  const records = options.records ?? { min: 20, max: 100 }
  integerIn(records.min, `the least number of records of scenario '${name}'`, 1)
  integerIn(records.max, `the greatest number of records of scenario '${name}'`, records.min)
  if (records.fullEvery !== undefined) integerIn(records.fullEvery, `fullEvery of scenario '${name}'`, 1)
  let environment: StreamExecutionEnvironment | undefined
  return {
    name,
    title: options.title ?? name,
    records,
    invariants: options.invariants ?? [],
    graph(parallelism = {}) {
      environment ??= built(name, build)
      return environment.jobGraph(parallelism)
    },
  }
}

function built(name: string, build: (env: StreamExecutionEnvironment) => unknown): StreamExecutionEnvironment {
  const environment = new StreamExecutionEnvironment()
  if (isPromise(build(environment))) {
    throw new JobError(
      `the function that builds scenario '${name}' returned a promise: read files with csvFile, jsonLinesFile or textFile, which are synchronous`,
    )
  }
  return environment
}

import { hashText } from '../kernel/index.ts'
import { type HighAvailability, METADATA_STORES } from '../model/index.ts'
import { StreamExecutionEnvironment } from './environment.ts'
import { integerIn, inWords, isPromise, JobError } from './job-error.ts'
import type { Invariant, Scenario } from './job-graph.ts'
import type { ScenarioInputOptions } from './scenario-input.ts'
import { isTemporal, type TemporalInvariant } from './temporal-invariant.ts'

export interface ScenarioOptions {
  /** One line for lists; the name if left out. */
  readonly title?: string
  /** How many records a run reads: drawn from [min, max]; one run in `fullEvery` reads all there are. 20 to 100 if left out. */
  readonly records?: Scenario['records']
  /**
   * True: runs restore the job at other parallelisms, too, as if `--faults all,rescale` had been given. What the job means must
   * then not depend on its parallelism.
   */
  readonly rescales?: boolean
  /** True: users ask for savepoints in its runs, too, as if `--faults all,savepoint` had been given. */
  readonly savepoints?: boolean
  /**
   * Job managers that stand by, and the store through which one of them is elected; its faults are then drawn, too. What is left
   * out is the store `single`, two job managers, and a quorum of three.
   */
  readonly highAvailability?: Partial<HighAvailability>
  /**
   * What must hold in addition to the oracles, each under a name of its own: `always`, `eventually` and `sometimes`, or a check
   * on what a run has committed in the end.
   */
  readonly invariants?: readonly (Invariant | TemporalInvariant)[]
}

/**
 * A runnable dataflow.
 * @param name letters in lower case, digits and -, since it becomes part of tokens
 * @param build writes the job, over the text of `options.input` if there is one; called once, when the job graph is first
 * asked for
 * @throws JobError if name or options are out of range; `graph()` throws one if the job cannot be run
 */
export function scenario(
  name: string,
  build: (env: StreamExecutionEnvironment) => void,
  options?: ScenarioOptions & { readonly input?: never },
): Scenario
export function scenario(
  name: string,
  build: (env: StreamExecutionEnvironment, text: string) => void,
  options: ScenarioOptions & { readonly input: ScenarioInputOptions },
): Scenario
export function scenario(
  name: string,
  build: (env: StreamExecutionEnvironment, text: string) => void,
  options: ScenarioOptions & { readonly input?: ScenarioInputOptions } = {},
): Scenario {
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new JobError(`the name of a scenario must be letters in lower case, digits and -, but is ${inWords(name)}`)
  }
  const records = options.records ?? { min: 20, max: 100 }
  integerIn(records.min, `the least number of records of scenario '${name}'`, 1)
  integerIn(records.max, `the greatest number of records of scenario '${name}'`, records.min)
  if (records.fullEvery !== undefined) integerIn(records.fullEvery, `fullEvery of scenario '${name}'`, 1)
  const { title = name, input, rescales, savepoints } = options
  const common = {
    name,
    title,
    records,
    ...(rescales === true ? { rescales } : {}),
    ...(options.highAvailability === undefined ? {} : { highAvailability: available(name, options.highAvailability) }),
    ...(savepoints === true ? { savepoints } : {}),
    ...invariantsOf(name, options.invariants ?? []),
  }
  if (input === undefined) return { ...common, graph: graphOf(name, (env) => build(env, '')) }
  if (typeof input.describe !== 'string' || typeof input.default !== 'function') {
    throw new JobError(
      `the input of scenario '${name}' must be { describe: 'a text file', default: () => text }, but is ${inWords(input)}`,
    )
  }
  const over = (give: () => unknown): Scenario => {
    const text = once(() => checkedText(name, give()))
    const hash = once(() => (hashText(text()) >>> 0).toString(16).padStart(8, '0'))
    const read = (other: string): Scenario => over(() => other)
    return {
      ...common,
      graph: graphOf(name, (env) => build(env, text())),
      input: { describe: input.describe, hash, read },
    }
  }
  return over(input.default)
}

/** @throws JobError if a number is out of range, or there is no such store */
function available(
  scenario: string,
  { store = 'single', jobManagers = 2, quorum = 3 }: Partial<HighAvailability>,
): HighAvailability {
  if (!METADATA_STORES.includes(store))
    throw new JobError(
      `the metadata store of scenario '${scenario}' must be one of ${METADATA_STORES.join(', ')}, but is ${inWords(store)}`,
    )
  integerIn(jobManagers, `the number of job managers of scenario '${scenario}'`, 1, MOST_JOB_MANAGERS)
  if (quorum !== 3 && quorum !== 5)
    throw new JobError(`the quorum of scenario '${scenario}' must have 3 or 5 nodes, but has ${inWords(quorum)}`)
  return { store, jobManagers, quorum }
}
const MOST_JOB_MANAGERS = 9

/** @throws JobError if two have the same name: findings are told apart by it */
function invariantsOf(
  scenario: string,
  all: readonly (Invariant | TemporalInvariant)[],
): Pick<Scenario, 'invariants' | 'temporal'> {
  const names = all.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    throw new JobError(`scenario '${scenario}' has two invariants called '${twice}': give one of them another name`)
  return {
    invariants: all.filter((invariant): invariant is Invariant => !isTemporal(invariant)),
    temporal: all.filter(isTemporal),
  }
}

function graphOf(name: string, build: (env: StreamExecutionEnvironment) => unknown): Scenario['graph'] {
  const environment = once(() => built(name, build))
  return (parallelism = {}) => environment().jobGraph(parallelism)
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

function checkedText(name: string, text: unknown): string {
  if (typeof text === 'string') return text
  throw new JobError(`the input of scenario '${name}' must be a text, but is ${inWords(text)}`)
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

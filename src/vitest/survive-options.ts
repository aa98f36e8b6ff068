/** What `toSurvive` takes, and how it is read. */
import {
  type BugDefinition,
  type CheckSettings,
  FAULT_GROUPS,
  type FaultGroup,
  InputError,
  type PlanNames,
  Runner,
  scenarioOf,
} from '../check/index.ts'
import { type Duration, durationMs, type Scenario } from '../dataflow/index.ts'
import {
  ALL_FAULT_CLASSES,
  type FaultClass,
  METADATA_STORES,
  type MetadataStoreName,
  type Protocol,
} from '../model/index.ts'
import { protocolForMode, protocols } from '../protocols/index.ts'

/** What is checked, besides the scenario. */
export interface SubjectOptions {
  /** The checkpoint protocol, by name ('aligned') or as an object of your own; that of the job's checkpointing mode if left out. */
  readonly protocol?: string | Protocol | undefined
  /** A bug that is planted in it on purpose. */
  readonly bug?: BugDefinition | undefined
}

/** How much is checked. */
export interface EffortOptions {
  /**
   * How long runs are made, in milliseconds or as '10s'. It must fit into the test's timeout. If neither this nor `runs` is
   * given: half of what is left of the timeout, but at most 10 s.
   */
  readonly time?: Duration | undefined
  /** How many runs are made, at least 1; with `time` at most. */
  readonly runs?: number | undefined
  /**
   * The same seed gives the same runs: up to 100 characters without '/'. If left out: the environment variable CUTLINE_SEED,
   * else '1'.
   */
  readonly seed?: string | undefined
  /** The kinds of faults that may strike; all if left out, none if the list is empty. */
  readonly faults?: readonly (FaultClass | FaultGroup)[] | undefined
  /** What the job's metadata are entrusted to; that of the bug, else what the scenario says, if left out. */
  readonly store?: MetadataStoreName | undefined
}

/** A check of many drawn runs. */
export interface CheckOptions extends SubjectOptions, EffortOptions {
  readonly token?: never
}

/** The one run of a token. */
export interface ReplayOptions extends SubjectOptions {
  /** A token that a failure has printed: its run is made in place of drawn ones. */
  readonly token: string
  readonly time?: never
  readonly runs?: never
  readonly seed?: never
  readonly faults?: never
  readonly store?: never
}

export type SurviveOptions = CheckOptions | ReplayOptions

/** The longest seed, as on the command line. */
const SEED_LENGTH = 100
/** What the options are called. */
export const OPTION_NAMES: readonly string[] = ['time', 'runs', 'seed', 'faults', 'store', 'protocol', 'bug', 'token']

/** How much was asked for, read. */
export interface Effort {
  readonly timeMs: number | undefined
  readonly runs: number | undefined
}

/** @throws InputError if an option is not what it must be */
export function readEffort({ time, runs }: EffortOptions): Effort {
  if (runs !== undefined && !(Number.isSafeInteger(runs) && runs >= 1))
    throw new InputError(`runs must be a whole number of at least 1, but is ${String(runs)}`)
  return { timeMs: time === undefined ? undefined : durationMs(time, 'time', 1), runs }
}

/** @throws InputError if the scenario is none, or an option is not what it must be */
export function readSettings(scenario: unknown, options: SubjectOptions & EffortOptions): CheckSettings {
  const { bug, faults, store } = options
  const checked = asScenario(scenario)
  return {
    scenario: checked,
    protocol: protocolOf(checked, options),
    seed: readSeed(options.seed),
    ...(bug === undefined ? {} : { bug }),
    ...(faults === undefined ? {} : { faults: faultClasses(faults) }),
    ...(store === undefined ? {} : { store: storeNamed(store) }),
  }
}

/** @throws InputError naming the first option that nobody reads: a misspelt one must not change what is checked */
export function refuseUnknown(options: object, known: readonly string[] = OPTION_NAMES): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new InputError(`there is no option '${unknown}': the options are ${known.join(', ')}`)
}

/** @throws InputError if it is no scenario */
export function asScenario(value: unknown): Scenario {
  if (typeof value === 'object' && value !== null && 'graph' in value && typeof value.graph === 'function')
    return value as Scenario
  const came = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
  throw new InputError(`expected a scenario, as scenario('name', (env) => …) makes it, but got ${came}`)
}

/** @throws InputError if there is no protocol of this name; JobError if the job cannot be built */
export function protocolOf(scenario: Scenario, { protocol, bug }: SubjectOptions): Protocol {
  const named = protocol ?? bug?.protocol
  if (named === undefined) return protocolForMode(scenario.graph().settings.mode)
  return typeof named === 'string' ? protocolNamed(named) : named
}

function protocolNamed(named: string): Protocol {
  const found = protocols.find(({ name }) => name === named)
  if (found !== undefined) return found
  throw new InputError(`there is no protocol '${named}': choose one of ${protocols.map(({ name }) => name).join(', ')}`)
}

/** The seed that a test has if it names none: fixed, so that a test does not fail by chance; CI can try others. */
export function readSeed(seed = process.env.CUTLINE_SEED || '1'): string {
  if (seed === '' || seed.includes('/') || seed.length > SEED_LENGTH)
    throw new InputError(`seed must be a text of up to ${SEED_LENGTH} characters without '/', but is '${seed}'`)
  return seed
}

export function faultClasses(names: readonly (FaultClass | FaultGroup)[]): FaultClass[] {
  const named = new Set<string>(
    names.flatMap((name) => (Object.hasOwn(FAULT_GROUPS, name) ? FAULT_GROUPS[name as FaultGroup] : [name])),
  )
  const unknown = [...named].find((name) => !(ALL_FAULT_CLASSES as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new InputError(
      `there is no kind of fault '${unknown}': choose among ${[...ALL_FAULT_CLASSES, ...Object.keys(FAULT_GROUPS)].join(', ')}`,
    )
  return ALL_FAULT_CLASSES.filter((known) => named.has(known))
}

/** @throws InputError if there is no metadata store of this name */
export function storeNamed(name: MetadataStoreName): MetadataStoreName {
  if (METADATA_STORES.includes(name)) return name
  throw new InputError(`there is no metadata store '${name}': choose one of ${METADATA_STORES.join(', ')}`)
}

export type Resolver = (names: PlanNames) => Runner

/**
 * Gives the runner for what a token names, if that is one of these scenarios and bugs.
 * @throws InputError in the returned function: it is none of them
 */
export function resolver(
  scenarios: readonly Scenario[],
  options: { readonly protocol?: string | Protocol | undefined; readonly bugs: readonly BugDefinition[] },
): Resolver {
  return (names) => {
    const { protocol: own } = options
    const protocol = typeof own === 'object' && own.name === names.protocol ? own : protocolNamed(names.protocol)
    const scenario = scenarios.find(({ name }) => name === names.scenario)
    if (scenario === undefined)
      throw new InputError(
        `the token is of the scenario '${names.scenario}', but known here is ${scenarios.map(({ name }) => `'${name}'`).join(', ') || 'none'}: give that scenario to the test`,
      )
    if (names.bug === undefined) return new Runner(scenario, protocol)
    const bug = options.bugs.find(({ id }) => id === names.bug)
    if (bug === undefined)
      throw new InputError(
        `the token is of a run with the planted bug '${names.bug}': give it to the test with the others`,
      )
    return new Runner(scenarioOf({ scenario, bug }), protocol, bug.mutation)
  }
}

/** One run of a written plan, with everything that was heard in it. */
import keyedState from '../../scenarios/keyed-state.ts'
import { ENGINE, Runner, type RunResult } from '../../src/check/index.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import {
  type Attempt,
  type Fault,
  type Mutation,
  type Observer,
  PHASE_NAMES,
  type Phase,
  type Plan,
  type Timing,
} from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

/** Microseconds in the time unit of these plans. */
export const UNIT = 2000

const timing: Timing = {
  unitUs: UNIT,
  sourceCostUs: 12 * UNIT,
  operatorCostUs: 8 * UNIT,
  channelCapacity: 4,
  checkpointIntervalUs: 500 * UNIT,
  checkpointTimeoutUs: 1500 * UNIT,
  minPauseUs: 0,
  maxConcurrentCheckpoints: 1,
  tolerableFailedCheckpoints: 3,
  retainedCheckpoints: 1,
  restartDelayUs: 100 * UNIT,
  restartAttempts: 12,
}

export interface Script extends Partial<Timing> {
  readonly scenario?: Scenario
  readonly mutation?: Mutation
  readonly faults?: readonly Fault[]
  readonly records?: number
  readonly seed?: string
  readonly parallelism?: Readonly<Record<string, number>>
  readonly twinned?: boolean
}
export interface Heard {
  /** Microseconds. */
  readonly at: number
  /** The name of the observation. */
  readonly what: keyof Observer
  readonly args: readonly unknown[]
}
export interface Played {
  readonly plan: Plan
  readonly result: RunResult
  readonly heard: readonly Heard[]
  /** Times of an observation's calls. */
  timesOf(what: keyof Observer): number[]
  /** The first arguments of an observation's calls. */
  firstsOf<T = number>(what: keyof Observer): T[]
  /** Times at which a phase occurred. */
  phaseTimes(phase: Phase): number[]
}

const OBSERVATIONS: readonly (keyof Observer)[] = [
  'phase',
  'basisRead',
  'fork',
  'restarting',
  'attemptFailed',
  'jobFailed',
  'jobRunning',
  'splitAssigned',
  'splitAdded',
  'splitFinished',
  'enumeratorReset',
  'read',
  'send',
  'receive',
  'sync',
  'upload',
  'restored',
  'fileDurable',
  'fileDeleted',
  'fileMissing',
  'entryDurable',
  'entryRemoved',
  'triggered',
  'expired',
  'completed',
  'notified',
  'transactionOpened',
  'written',
  'prepared',
  'committed',
  'commitLost',
  'appended',
  'finished',
]

/** The plan of a script. */
export function planOf(script: Script): Plan {
  const {
    scenario = keyedState,
    mutation: _m,
    faults = [],
    records = 100,
    seed = 's/1',
    parallelism,
    twinned: _t,
    ...times
  } = script
  return {
    engine: ENGINE,
    scenario: scenario.name,
    protocol: aligned.name,
    seed,
    records,
    parallelism: parallelism ?? Object.fromEntries(scenario.graph().vertices.map((v) => [v.uid, v.parallelism])),
    taskManagers: 2,
    timing: { ...timing, ...times },
    faults,
    overrides: [],
  }
}

const runners = new Map<Scenario, Runner>()
/** Runs a script; correct systems share a runner. */
export function play(script: Script = {}): Played {
  const { scenario = keyedState, mutation, twinned = true } = script
  const plan = planOf(script)
  let runner = mutation === undefined ? runners.get(scenario) : undefined
  if (runner === undefined) {
    runner = new Runner(scenario, aligned, mutation)
    if (mutation === undefined) runners.set(scenario, runner)
  }
  const heard: Heard[] = []
  const observer: Partial<Record<keyof Observer, (...args: unknown[]) => unknown>> = {}
  for (const what of OBSERVATIONS) observer[what] = (...args) => heard.push({ at: runner.now, what, args })
  const result = runner.run(plan, { twinned, listener: { observer: observer as Partial<Observer> } })
  const of = (what: keyof Observer) => heard.filter((h) => h.what === what)
  return {
    plan,
    result,
    heard,
    timesOf: (what) => of(what).map(({ at }) => at),
    firstsOf: <T>(what: keyof Observer) => of(what).map(({ args }) => args[0] as T),
    phaseTimes: (phase) =>
      of('phase')
        .filter(({ args }) => PHASE_NAMES[args[0] as number] === phase)
        .map(({ at }) => at),
  }
}
/** Attempts that read or received something, in the order in which they first did. */
export function attemptsAtWork({ heard }: Played): Attempt[] {
  const seen = new Map<number, Attempt>()
  for (const { what, args } of heard) {
    if (what !== 'read' && what !== 'receive') continue
    const attempt = args[0] as Attempt
    if (!seen.has(attempt.id)) seen.set(attempt.id, attempt)
  }
  return [...seen.values()]
}

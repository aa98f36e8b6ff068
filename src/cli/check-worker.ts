/** A worker thread: makes batches of runs, shrinks, replays and explains. The main thread watches its pulse. */
import { parentPort, workerData } from 'node:worker_threads'
import {
  Check,
  explain,
  InputError,
  indexInOrder,
  planOfToken,
  type Runner,
  replay,
  scenarioOf,
  shrinkFailure,
  shrinkToken,
  spaceTime,
  tokenOf,
} from '../check/index.ts'
import { JobError } from '../dataflow/index.ts'
import type { Finding, Plan } from '../model/index.ts'
import type { Bundle } from './bundle-files.ts'
import {
  type BatchRequest,
  type Blame,
  type CheckNames,
  type FromWorker,
  type OwnScenario,
  PULSE,
  type Question,
  type Questions,
  type ToWorker,
  type WorkerData,
} from './check-messages.ts'
import { exportedScenarios } from './exported-scenarios.ts'
import { loadBundle } from './load-bundle.ts'
import { adoptScenarios, runnersOver, scenarioByName, scenarios, settingsOf, termsOf } from './registry.ts'
import { asSentence, closed } from './sentence.ts'
import { traceLines } from './trace-lines.ts'
import { UsageError } from './usage-error.ts'
import { UserCodeFailure } from './user-code-failure.ts'
import { userLine } from './user-line.ts'

const { pulse, bundle } = workerData as WorkerData
const port = parentPort!

const beat = (): void => void Atomics.add(pulse, PULSE.beats, 1)
const toStop = (): boolean => Atomics.load(pulse, PULSE.stop) === 1
/** Asked before every run: so it tells that the one before has returned. */
const beatAndStop = (): boolean => {
  beat()
  return toStop()
}

let check: Check | null = null
let checkKey = ''
/** The last check is kept: its clusters are built, and its code is warm. */
function checkOf(names: CheckNames): Check {
  const key = JSON.stringify(names)
  if (check === null || key !== checkKey) {
    check = new Check(settingsOf(names))
    checkKey = key
  }
  return check
}

function* indices({ from, to, runs, order }: BatchRequest): Generator<number> {
  for (let k = from; k < to; k += 1) {
    const index = indexInOrder(order, k, runs)
    Atomics.store(pulse, PULSE.index, index)
    yield index
  }
}

/** The user's scenarios: loaded once, and found by name from then on. */
const own: Promise<readonly OwnScenario[]> = bundle === null ? Promise.resolve([]) : load(bundle)
own.catch(() => {}) // whoever asks is told

async function load(bundle: Bundle): Promise<OwnScenario[]> {
  const found = exportedScenarios(
    await loadBundle(bundle),
    scenarios.map(({ name }) => name),
  )
  adoptScenarios(found.map(({ scenario }) => scenario))
  return found.map(({ file, scenario }) => ({ name: scenario.name, file }))
}

/** A finding about user code, with the line that has thrown: the run is made again, since errors do not travel. */
function withUserLine<F extends Finding | null>(finding: F, runner: Runner, plan: Plan): F {
  if (bundle === null || finding?.class !== 'user') return finding
  const line = userLine(runner.run(plan, { twinned: true }).cause, bundle.inputs)
  return line === null ? finding : { ...finding, message: `${finding.message.replace(/\.$/, '')} (${line}).` }
}

const answers: {
  [K in Question]: (ask: Questions[K]['ask']) => Questions[K]['answer'] | Promise<Questions[K]['answer']>
} = {
  own: () => own,
  describe({ scenario }) {
    const { name, title, records, graph } = scenarioByName(scenario)
    return { name, title, records, vertices: graph().vertices.map(({ uid }) => uid) }
  },
  terms: termsOf,
  batch(ask) {
    const check = checkOf(ask.check)
    const aggregate = check.batch(indices(ask), toStop, beat)
    const { failure } = aggregate
    if (failure !== null)
      aggregate.failure = { ...failure, finding: withUserLine(failure.finding, check.runner, failure.plan) }
    return aggregate
  },
  plan: (ask) => checkOf(ask.check).plan(ask.index),
  token({ check, failure: { plan, finding, digest } }) {
    return tokenOf(scenarioOf(settingsOf(check)), plan, finding.fingerprint, digest)
  },
  repeat: (ask) => ({ digest: checkOf(ask.check).run(ask.index).result.digest }),
  shrink(ask) {
    const check = checkOf(ask.check)
    const shrunk = shrinkFailure(check, ask.failure, beatAndStop)
    return { ...shrunk, finding: withUserLine(shrunk.finding, check.runner, shrunk.plan) }
  },
  shrinkToken({ token, input }) {
    const resolve = runnersOver(input)
    const shrunk = shrinkToken(token, resolve, beatAndStop)
    return { ...shrunk, finding: withUserLine(shrunk.finding, resolve(shrunk.plan), shrunk.plan) }
  },
  replay({ token, input, traced }) {
    const { result, runner, ...answered } = replay(token, runnersOver(input))
    const trace = traced ? traceLines(runner) : []
    return { ...answered, finding: withUserLine(answered.finding, runner, answered.plan), trace }
  },
  explain({ token, input, drawn }) {
    const { plan, runner } = planOfToken(token, runnersOver(input))
    return { story: explain(runner, plan), diagram: drawn ? spaceTime(runner, plan) : null }
  },
}

port.on('message', async ({ kind, ask }: ToWorker) => port.postMessage(await answered(kind, ask)))

async function answered(kind: Question, ask: Questions[Question]['ask']): Promise<FromWorker> {
  try {
    await own
    return { ok: true, answer: await answers[kind](ask as never) }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { ok: false, ...(await blame(error, message, ask)), stack }
  }
}

/** Whose fault an error is, and its message, which begins with the user's line that has led to it. */
async function blame(
  error: unknown,
  message: string,
  ask: Questions[Question]['ask'],
): Promise<{ readonly fault: Blame; readonly message: string }> {
  if (error instanceof UsageError) return { fault: 'usage', message }
  if (error instanceof UserCodeFailure) return { fault: 'user-code', message }
  if (error instanceof InputError) return { fault: 'usage', message: asSentence(message) }
  const inputs = bundle?.inputs ?? []
  if (error instanceof JobError) {
    const place = userLine(error, inputs) ?? fileOf(ask, await own)
    return { fault: 'usage', message: `${place === null ? '' : `${place}: `}${asSentence(message)}` }
  }
  const line = userLine(error, inputs, true)
  return line === null ? { fault: 'cutline', message } : { fault: 'user-code', message: `${line}: ${closed(message)}` }
}

/** The user's file with the scenario that a question is about. */
function fileOf(ask: Questions[Question]['ask'], own: readonly OwnScenario[]): string | null {
  const scenario = 'check' in ask ? ask.check.scenario : 'scenario' in ask ? ask.scenario : undefined
  return own.find(({ name }) => name === scenario)?.file ?? null
}

/** A worker thread: makes batches of runs, shrinks, replays and explains. The main thread watches its pulse. */
import { parentPort, workerData } from 'node:worker_threads'
import {
  Check,
  explain,
  InputError,
  indexInOrder,
  planOfToken,
  replay,
  shrinkFailure,
  shrinkToken,
} from '../check/index.ts'
import { JobError } from '../dataflow/index.ts'
import {
  type BatchRequest,
  type CheckNames,
  type FromWorker,
  PULSE,
  type Question,
  type Questions,
  type ToWorker,
} from './check-messages.ts'
import { runnersOver, settingsOf } from './registry.ts'
import { asSentence } from './sentence.ts'
import { traceLines } from './trace-lines.ts'
import { UsageError } from './usage-error.ts'

const pulse = workerData as Int32Array
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

const answers: { [K in Question]: (ask: Questions[K]['ask']) => Questions[K]['answer'] } = {
  batch: (ask) => checkOf(ask.check).batch(indices(ask), toStop, beat),
  repeat: (ask) => ({ digest: checkOf(ask.check).run(ask.index).result.digest }),
  shrink: (ask) => shrinkFailure(checkOf(ask.check), ask.failure, beatAndStop),
  shrinkToken: ({ token, input }) => shrinkToken(token, runnersOver(input), beatAndStop),
  replay({ token, input, traced }) {
    const { result, runner, ...answered } = replay(token, runnersOver(input))
    return { ...answered, trace: traced ? traceLines(runner) : [] }
  },
  explain({ token, input }) {
    const { plan, runner } = planOfToken(token, runnersOver(input))
    return explain(runner, plan)
  },
}

port.on('message', ({ kind, ask }: ToWorker) => port.postMessage(answered(() => answers[kind](ask as never))))

function answered(answer: () => Questions[Question]['answer']): FromWorker {
  try {
    return { ok: true, answer: answer() }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    const usage = error instanceof UsageError || error instanceof InputError || error instanceof JobError
    return { ok: false, usage, message: usage ? asSentence(message) : message, stack }
  }
}

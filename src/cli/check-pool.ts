/**
 * Runs a check in worker threads: batches in order, so that the failing run that is reported is the first one in that order,
 * whatever the number of workers. A worker without a pulse is in user code that does not return, and that is the finding.
 */
import {
  type Aggregate,
  emptyAggregate,
  type Failure,
  merge,
  nondeterminism,
  type Order,
  type Shrunk,
} from '../check/index.ts'
import type { Plan } from '../model/index.ts'
import type { CheckNames } from './check-messages.ts'
import { NoPulse } from './no-pulse.ts'
import { WatchedWorker } from './watched-worker.ts'

/** What the pool needs of a worker. */
export type PoolWorker = Pick<WatchedWorker, 'ask' | 'beats' | 'stop' | 'end'>

export interface CheckRequest {
  readonly check: CheckNames
  /** How many runs; with a time limit at most. */
  readonly runs: number
  readonly timeMs?: number
  readonly workers: number
  readonly order: Order
  /** Whether a failure is shrunk. */
  readonly shrink: boolean
  readonly signal: AbortSignal
  onProgress(runs: number): void
  /** Called as soon as a failing run has its token, before it is shrunk. */
  onFailure(failure: Failure, token: string): void
  /** @param runs made so far to shrink the failure */
  onShrink(runs: number): void
}
export interface CheckOutcome {
  /** Of all batches up to the one that failed: the same for any number of workers. */
  readonly aggregate: Aggregate
  /** Whether the check came to its end: all runs, the time limit or a failure, but no interruption. */
  readonly complete: boolean
  readonly seconds: number
  /** Token of the failure as it was found; null if there is none, or it is a nondeterminism, which does not come again. */
  readonly token: string | null
  readonly shrunk: { readonly shrunk: Shrunk; readonly seconds: number } | null
}

const BATCH = 200
const LOOK_EVERY_MS = 100
/** A shrink that takes longer ends with what it has reached. */
const SHRINK_MS = 30_000

/** @param start starts a worker; another one in tests */
export async function runCheck(
  request: CheckRequest,
  start: () => PoolWorker = () => new WatchedWorker(),
): Promise<CheckOutcome> {
  const startedAt = performance.now()
  const { aggregate, outOfTime } = await runBatches(request, start, startedAt)
  const seconds = (performance.now() - startedAt) / 1000
  const complete = aggregate.failure !== null || outOfTime || aggregate.runs >= request.runs
  if (aggregate.failure === null) return { aggregate, complete, seconds, token: null, shrunk: null }
  return { aggregate, complete, seconds, ...(await lookAtFailure(request, aggregate, start)) }
}

/** Asks a worker of its own, so that none that is at work is disturbed. */
async function withWorker<T>(start: () => PoolWorker, ask: (worker: PoolWorker) => Promise<T>): Promise<T> {
  const worker = start()
  try {
    return await ask(worker)
  } finally {
    worker.end()
  }
}

async function runBatches(request: CheckRequest, start: () => PoolWorker, startedAt: number) {
  const { check, runs, order, signal, timeMs = Number.POSITIVE_INFINITY } = request
  const total = emptyAggregate()
  const parts = new Map<number, Aggregate>()
  const atWork = new Map<PoolWorker, { readonly batch: number; readonly beats: number }>()
  let given = 0
  /** Batches from here on are not needed: an earlier one has failed. */
  let needed = Math.ceil(runs / BATCH)
  /** Batches below are in the total. */
  let merged = 0
  let outOfTime = false

  const stopAll = (): void => {
    for (const worker of workers) worker.stop()
  }
  const takeInOrder = (): void => {
    for (; merged < needed && parts.has(merged); merged += 1) {
      merge(total, parts.get(merged)!)
      parts.delete(merged)
    }
  }
  const take = (batch: number, aggregate: Aggregate): void => {
    parts.set(batch, aggregate)
    // A failure ends later batches. Earlier ones go on, since one of them may fail as well.
    if (aggregate.failure !== null) needed = Math.min(needed, batch + 1)
    for (const [worker, at] of atWork) if (at.batch >= needed) worker.stop()
    takeInOrder()
  }
  const work = async (worker: PoolWorker): Promise<void> => {
    while (given < needed && !signal.aborted && !outOfTime) {
      const batch = given
      given += 1
      atWork.set(worker, { batch, beats: worker.beats })
      const ask = { check, from: batch * BATCH, to: Math.min(runs, (batch + 1) * BATCH), runs, order }
      try {
        take(batch, await worker.ask('batch', ask))
      } catch (error) {
        if (!(error instanceof NoPulse)) throw error
        const { index } = error
        const plan = await withWorker(start, (fresh) => fresh.ask('plan', { check, index }))
        take(batch, { ...emptyAggregate(), failure: hanging(check, plan, error) })
        return
      } finally {
        atWork.delete(worker)
      }
    }
  }
  const look = (): void => {
    let done = total.runs
    for (const part of parts.values()) done += part.runs
    for (const [worker, { beats }] of atWork) done += Math.min(BATCH, worker.beats - beats)
    request.onProgress(Math.min(runs, done))
    outOfTime ||= performance.now() - startedAt > timeMs
    if (outOfTime || signal.aborted) stopAll()
  }

  const workers = Array.from({ length: Math.min(request.workers, needed) }, start)
  const timer = setInterval(look, LOOK_EVERY_MS)
  signal.addEventListener('abort', stopAll)
  try {
    await Promise.all(workers.map(work))
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', stopAll)
    for (const worker of workers) worker.end()
  }
  // what an interruption or the time limit has left without its predecessors
  if (total.failure === null) for (const [batch, part] of parts) if (batch < needed) merge(total, part)
  return { aggregate: total, outOfTime }
}

/** Names the failure and makes it smaller, in a fresh thread. */
async function lookAtFailure(
  request: CheckRequest,
  aggregate: Aggregate,
  start: () => PoolWorker,
): Promise<Pick<CheckOutcome, 'token' | 'shrunk'>> {
  const failure = aggregate.failure!
  return withWorker(start, async (worker) => {
    const token = await worker.ask('token', { check: request.check, failure })
    request.onFailure(failure, token)
    const shrunk = await shrinkFresh(request, aggregate, worker)
    return { token: aggregate.failure!.finding.class === 'nondeterminism' ? null : token, shrunk }
  })
}

/**
 * Makes the failing run once more in a thread that has made none, and shrinks it there. Whatever goes wrong, the failure
 * stands; one that is not the same in the fresh thread becomes a nondeterminism.
 */
async function shrinkFresh(
  request: CheckRequest,
  aggregate: Aggregate,
  worker: PoolWorker,
): Promise<CheckOutcome['shrunk']> {
  const { check, shrink, signal } = request
  const failure = aggregate.failure!
  if (failure.finding.class === 'nondeterminism' || failure.finding.kind === HANGS || signal.aborted) return null
  const startedAt = performance.now()
  const stop = (): void => worker.stop()
  const timer = setTimeout(stop, SHRINK_MS)
  const looking = setInterval(() => request.onShrink(worker.beats), LOOK_EVERY_MS)
  signal.addEventListener('abort', stop)
  try {
    const { digest } = await worker.ask('repeat', { check, index: failure.index })
    if (digest !== failure.digest) {
      aggregate.failure = nondeterminism(failure.index, failure.plan, failure.digest, digest)
      return null
    }
    if (!shrink) return null
    const shrunk = await worker.ask('shrink', { check, failure })
    return { shrunk, seconds: (performance.now() - startedAt) / 1000 }
  } catch (error) {
    // a smaller plan may lead user code into a loop that the found one does not reach
    if (error instanceof NoPulse) return null
    throw error
  } finally {
    clearTimeout(timer)
    clearInterval(looking)
    signal.removeEventListener('abort', stop)
  }
}

/** Kind of the finding that user code does not return. */
export const HANGS = 'does-not-return'

/** The failure that a run without an end is. */
function hanging(check: CheckNames, plan: Plan, { index, message }: NoPulse): Failure {
  return {
    index,
    plan,
    digest: '0'.repeat(16),
    finding: {
      oracle: 'user',
      kind: HANGS,
      class: 'user',
      part: '',
      fingerprint: `user/${HANGS}`,
      message: `Run ${index} of '${check.scenario}': ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
      atUs: 0,
    },
  }
}

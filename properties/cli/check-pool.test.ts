/** The pool on workers that are made up: what it reports must not depend on how many there are, nor on who is faster. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aggregate, emptyAggregate, type Failure } from '../../src/check/index.ts'
import type { BatchRequest, Question, Questions } from '../../src/cli/check-messages.ts'
import { type CheckRequest, type PoolWorker, runCheck } from '../../src/cli/check-pool.ts'
import { NoPulse } from '../../src/cli/no-pulse.ts'

const check = { scenario: 'keyed-state', protocol: 'aligned', seed: '1' }

function request(changed: Partial<CheckRequest> = {}): CheckRequest {
  return {
    check,
    runs: 1000,
    workers: 2,
    order: 'forward',
    shrink: false,
    signal: new AbortController().signal,
    onProgress: () => {},
    onFailure: () => {},
    onShrink: () => {},
    ...changed,
  }
}

const failureAt = (index: number): Failure => ({
  index,
  plan: {} as Failure['plan'],
  digest: `digest ${index}`,
  finding: {
    oracle: 'made-up',
    kind: 'wrong',
    class: 'safety',
    part: '',
    fingerprint: 'made-up/wrong',
    message: `Run ${index} is wrong.`,
    atUs: 0,
  },
})

/** What a worker answers to a batch in which the runs of these indices fail. */
function batchOf({ from, to }: BatchRequest, failing: readonly number[]): Aggregate {
  const index = failing.filter((i) => i >= from && i < to).sort((a, b) => a - b)[0]
  const runs = (index === undefined ? to : index + 1) - from
  return {
    ...emptyAggregate(),
    runs,
    digestLow: from * 7 + runs,
    failure: index === undefined ? null : failureAt(index),
  }
}

/** Asks take as long as `delays` say, in turn. */
function madeUp(
  failing: readonly number[],
  delays: readonly number[],
  digestOf = (index: number) => `digest ${index}`,
) {
  const log = { shrinks: 0, started: 0, ended: 0 }
  let asked = 0
  const start = (): PoolWorker => {
    log.started += 1
    let stopped = false
    return {
      beats: 0,
      stop: () => {
        stopped = true
      },
      end: () => {
        log.ended += 1
      },
      async ask<K extends Question>(kind: K, ask: Questions[K]['ask']) {
        const delay = delays[asked % delays.length]!
        asked += 1
        for (let i = 0; i < delay; i += 1) await new Promise((resolve) => setImmediate(resolve))
        if (kind === 'shrink') log.shrinks += 1
        const answer =
          kind === 'batch'
            ? stopped
              ? { ...emptyAggregate(), runs: 1 }
              : batchOf(ask as BatchRequest, failing)
            : kind === 'token'
              ? `token of run ${(ask as Questions['token']['ask']).failure.index}`
              : kind === 'plan'
                ? { seed: `1/${(ask as Questions['plan']['ask']).index}` }
                : { digest: digestOf((ask as Questions['repeat']['ask']).index) }
        return answer as Questions[K]['answer']
      },
    }
  }
  return { start, log }
}

describe('a check over workers', () => {
  it('reports the first failing run, and counts what came before it, for any number of workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.nat(5000), { maxLength: 5 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
        async (runs, failing, workers, delays) => {
          const first = failing.filter((i) => i < runs).sort((a, b) => a - b)[0]
          const { start, log } = madeUp(failing, delays)
          const { aggregate, complete, token } = await runCheck(request({ runs, workers }), start)
          expect(complete).toBe(true)
          expect(token).toBe(first === undefined ? null : `token of run ${first}`)
          expect(aggregate.failure?.index).toBe(first)
          expect(aggregate.runs).toBe(first === undefined ? runs : first + 1)
          const alone = await runCheck(request({ runs, workers: 1 }), madeUp(failing, [0]).start)
          expect(aggregate).toEqual(alone.aggregate)
          expect(log.ended).toBe(log.started)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells of the failure before it is shrunk', async () => {
    const seen: unknown[] = []
    const { start, log } = madeUp([300], [0])
    const onFailure = ({ index }: Failure, token: string) => seen.push(index, token, log.shrinks)
    await runCheck(request({ shrink: true, onFailure }), start)
    expect(seen).toEqual([300, 'token of run 300', 0])
    expect(log.shrinks).toBe(1)
  })

  it('a failure with another digest in a fresh thread is a nondeterminism, and is not shrunk', async () => {
    const { start, log } = madeUp([300], [0], () => 'another')
    const { aggregate, shrunk, token } = await runCheck(request({ shrink: true }), start)
    expect(token).toBe(null)
    expect(aggregate.failure!.finding).toMatchObject({
      class: 'nondeterminism',
      expected: 'digest 300',
      actual: 'another',
    })
    expect([shrunk, log.shrinks]).toEqual([null, 0])
  })

  it('a worker without a pulse is the failure, unless an earlier run fails', async () => {
    for (const [failing, fingerprint, index] of [
      [[], 'user/does-not-return', 450],
      [[500], 'user/does-not-return', 450],
      [[100], 'made-up/wrong', 100],
    ] as const) {
      const { start } = madeUp(failing, [3, 1])
      const hanging = (): PoolWorker => {
        const worker = start()
        return {
          ...worker,
          async ask(kind, ask) {
            if (kind === 'batch' && (ask as BatchRequest).from === 400) throw new NoPulse(450, 10_000)
            return worker.ask(kind, ask)
          },
        }
      }
      const { aggregate } = await runCheck(request({ shrink: true }), hanging)
      expect(aggregate.failure!.index).toBe(index)
      expect(aggregate.failure!.finding.fingerprint).toBe(fingerprint)
      if (index === 450) expect(aggregate.failure!.plan.seed).toBe('1/450')
    }
  })

  it('ends with what there is when it is interrupted or its time is over', async () => {
    const controller = new AbortController()
    const { start } = madeUp([], [1])
    const interrupted = runCheck(request({ runs: 1e9, signal: controller.signal }), start)
    setTimeout(() => controller.abort(), 20)
    const partial = await interrupted
    expect(partial.complete).toBe(false)
    expect(partial.aggregate.runs).toBeGreaterThan(0)
    const timed = await runCheck(request({ runs: 1e9, timeMs: 20 }), madeUp([], [1]).start)
    expect(timed.complete).toBe(true)
    expect(timed.aggregate.runs).toBeGreaterThan(0)
  })

  it('passes an error of a worker on, and ends all workers', async () => {
    const { start, log } = madeUp([], [1])
    const broken = (): PoolWorker => ({ ...start(), ask: async () => Promise.reject(new Error('out of order')) })
    await expect(runCheck(request(), broken)).rejects.toThrow('out of order')
    expect(log.ended).toBe(log.started)
  })
})

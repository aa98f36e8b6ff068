import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import {
  type Aggregate,
  Check,
  digestOf,
  emptyAggregate,
  indexInOrder,
  merge,
  type Order,
} from '../../src/check/index.ts'
import { CheckpointingMode, fromArray, scenario, transactionalLog } from '../../src/dataflow/index.ts'
import { aligned, protocols } from '../../src/protocols/index.ts'
import { GOLDENS, GOLDENS_OF_OTHERS } from './goldens.ts'

const ORDERS: readonly Order[] = ['forward', 'reverse', 'shuffled']
const inOrder = (order: Order, runs: number): number[] =>
  Array.from({ length: runs }, (_, k) => indexInOrder(order, k, runs))
const checkOf = (of = keyedState, seed = '1'): Check => new Check({ scenario: of, protocol: aligned, seed })
/** Without what depends on which runs were repeated at the end of a batch. */
const comparable = (total: Aggregate) => ({ ...total, digest: digestOf(total) })

describe('a check', () => {
  const RUNS = 72
  const whole = comparable(checkOf().batch(inOrder('forward', RUNS)))

  it.each(ORDERS)('gives the same in %s order', (order) => {
    expect(comparable(checkOf().batch(inOrder(order, RUNS)))).toEqual(whole)
  })

  it('gives the same however it is cut into batches, and over one or several workers', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: RUNS - 1 }), { maxLength: 5 })
    const checks = [checkOf(), checkOf(), checkOf()]
    fc.assert(
      fc.property(cuts, fc.nat({ max: 2 }), (at, workers) => {
        const edges = [0, ...at.sort((a, b) => a - b), RUNS]
        const total = emptyAggregate()
        edges.slice(1).forEach((to, i) => {
          const indices = inOrder('shuffled', RUNS).slice(edges[i], to)
          merge(total, checks[i % (workers + 1)]!.batch(indices))
        })
        expect(comparable(total)).toEqual(whole)
      }),
      { numRuns: 5 },
    )
  })

  it('gives the same in a fresh process', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutline-check-'))
    try {
      const outfile = join(folder, 'check.mjs')
      const root = fileURLToPath(new URL('../..', import.meta.url))
      buildSync({
        stdin: {
          contents: `
            import keyedState from './scenarios/keyed-state.ts'
            import { Check, digestOf } from './src/check/index.ts'
            import { aligned } from './src/protocols/index.ts'
            const check = new Check({ scenario: keyedState, protocol: aligned, seed: '1' })
            console.log(digestOf(check.batch(Array.from({ length: ${RUNS} }, (_, i) => i))))`,
          resolveDir: root,
          loader: 'ts',
        },
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        outfile,
      })
      const { stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(stdout.trim()).toBe(whole.digest)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 30_000)

  it('of another seed is another one; the plan of a run is a function of seed and index', () => {
    expect(digestOf(checkOf(keyedState, '2').batch([0, 1, 2]))).not.toBe(digestOf(checkOf().batch([0, 1, 2])))
    const [check, other] = [checkOf(), checkOf()]
    check.batch([5])
    expect(check.plan(17)).toEqual(other.plan(17))
    expect(JSON.stringify(check.plan(17))).not.toBe(JSON.stringify(check.plan(18)))
  })

  it('stops when it is asked to, before the next run, and shows after each that it is alive', () => {
    const beats: number[] = []
    const total = checkOf().batch(
      inOrder('forward', 50),
      () => beats.length === 3,
      (runs) => void beats.push(runs),
    )
    expect(total.runs).toBe(3)
    expect(beats).toEqual([1, 2, 3, 3]) // run 0 is made once more
  })

  it('keeps to the faults that are allowed', () => {
    const calm = new Check({ scenario: keyedState, protocol: aligned, seed: '1', faults: [] }).batch(
      inOrder('forward', 10),
    )
    expect([calm.faults, calm.restores, calm.failure]).toEqual([{}, 0, null])
    const puts = new Check({ scenario: keyedState, protocol: aligned, seed: '1', faults: ['put'] }).batch(
      inOrder('forward', 40),
    )
    expect(Object.keys(puts.faults).sort()).toEqual(['ambiguous put', 'fail put', 'slow put'])
  })

  it('sees the phases of all its runs', () => {
    const { phases } = checkOf().batch(inOrder('forward', 60))
    expect(phases.filter((seen) => seen === 1).length).toBeGreaterThan(40)
  })
})

describe('the order of runs', () => {
  it('has every index once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ORDERS), fc.integer({ min: 1, max: 500 }), (order, runs) => {
        expect(inOrder(order, runs).sort((a, b) => a - b)).toEqual(Array.from({ length: runs }, (_, i) => i))
      }),
    )
    expect(inOrder('reverse', 4)).toEqual([3, 2, 1, 0])
    expect(inOrder('shuffled', 10)).not.toEqual(inOrder('forward', 10))
  })
})

describe('golden digests', () => {
  /** A text that does not change when somebody mends the README. */
  const TEXT = 'crash it and run it and crash it again and see what it counts '.repeat(6)
  it.each(scenarios.map((of) => [of.name, of] as const))('%s', (name, of) => {
    const total = checkOf(of.input?.read(TEXT) ?? of).batch(inOrder('forward', name === 'keyed-state' ? 200 : 100))
    expect(total.failure).toBe(null)
    expect(digestOf(total)).toBe(GOLDENS[name as keyof typeof GOLDENS])
  })
  it.each(GOLDENS_OF_OTHERS.map(({ digest, ...of }) => [Object.values(of).join(', '), of, digest] as const))(
    '%s',
    (_, of, digest) => {
      const check = new Check({
        scenario: scenarios.find(({ name }) => name === of.scenario)!,
        protocol: protocols.find(({ name }) => name === of.protocol)!,
        ...('store' in of ? { store: of.store } : {}),
        seed: '1',
      })
      const total = check.batch(inOrder('forward', 50))
      expect(total.failure).toBe(null)
      expect(digestOf(total)).toBe(digest)
    },
  )
})

describe('a finding', () => {
  it('ends the batch, with the plan to see it again', () => {
    const broken = scenario(
      'broken',
      (env) => {
        env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
        env
          .fromSource(fromArray([1, 2, 3, 4]), 'numbers')
          .sinkTo(transactionalLog('out'))
          .uid('sink')
      },
      { invariants: [{ name: 'no fours', check: ({ out = [] }) => (out.includes(4) ? 'there is a 4' : undefined) }] },
    )
    const check = checkOf(broken)
    const total = check.batch([3, 4, 5])
    expect(total.runs).toBe(1)
    expect(total.failure).toMatchObject({
      index: 3,
      finding: { fingerprint: 'invariant/no fours', message: "The invariant 'no fours' does not hold: there is a 4." },
    })
    const { finding, digest } = check.runner.run(total.failure!.plan)
    expect([finding, digest]).toEqual([total.failure!.finding, total.failure!.digest])
  })
})

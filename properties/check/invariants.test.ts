/** Invariants of the user's: when they are asked, what they see, and what becomes of their answers. */
import { describe, expect, it } from 'vitest'
import { grouped } from '../../scenarios/records.ts'
import {
  Check,
  type CheckSettings,
  emptyAggregate,
  judgedInvariants,
  merge,
  shrinkFailure,
  verdictOf,
} from '../../src/check/index.ts'
import {
  aggregatingState,
  always,
  CheckpointingMode,
  type Collector,
  eventually,
  generatedSequence,
  type Invariant,
  listState,
  mapState,
  type ProcessContext,
  type ProcessFunction,
  type RunPredicate,
  type RuntimeContext,
  type RunView,
  reducingState,
  scenario,
  sometimes,
  stateTtl,
  type TemporalInvariant,
  type TemporalOptions,
  transactionalLog,
  valueState,
  withTtl,
} from '../../src/dataflow/index.ts'
import { aligned, atLeastOnce, chandyLamport, unaligned } from '../../src/protocols/index.ts'

type Count = readonly [key: number, count: number]
const COUNT = valueState<number>('count')
const SEEN = listState<number>('seen')
const BY_PARITY = mapState<string, number>('by parity')
const SUM = reducingState<number>('sum', (a, b) => a + b)
const MEAN = aggregatingState<number, readonly [number, number], number>('mean', {
  createAccumulator: () => [0, 0],
  add: (value, [sum, n]) => [sum + value, n + 1],
  getResult: ([sum, n]) => sum / n,
})
const FOR_EVER = stateTtl('1000 d')
const LAST = withTtl(valueState<number>('last'), FOR_EVER)
const ALL = withTtl(listState<number>('all'), FOR_EVER)
const TIMES = withTtl(mapState<number, string>('times'), FOR_EVER)

/** Counts numbers by their last digit, in every kind of state there is. */
class Keeper implements ProcessFunction<number, Count, number> {
  #keep!: (value: number, digit: number) => number
  open(context: RuntimeContext): void {
    const [count, seen, parity] = [context.getState(COUNT), context.getListState(SEEN), context.getMapState(BY_PARITY)]
    const [sum, mean] = [context.getReducingState(SUM), context.getAggregatingState(MEAN)]
    const [last, all, times] = [context.getState(LAST), context.getListState(ALL), context.getMapState(TIMES)]
    this.#keep = (value) => {
      count.update((count.value() ?? 0) + 1)
      seen.add(value)
      const side = value % 20 < 10 ? 'even ten' : 'odd ten'
      parity.put(side, (parity.get(side) ?? 0) + 1)
      sum.add(value)
      mean.add(value)
      last.update(value)
      all.add(value)
      times.put(value, `at ${value}`)
      return count.value()!
    }
  }
  processElement(value: number, context: ProcessContext<number>, out: Collector<Count>): void {
    out.collect([context.getCurrentKey(), this.#keep(value, context.getCurrentKey())])
  }
}

const job = (...invariants: (Invariant | TemporalInvariant)[]) =>
  scenario(
    'counting',
    (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 60, splits: 3 }), 'numbers')
        .keyBy((value) => value % 10, 'int')
        .process(() => new Keeper())
        .uid('count')
        .sinkTo(transactionalLog('counts'))
        .uid('sink')
    },
    { records: { min: 20, max: 60 }, invariants },
  )
const checkOf = (invariants: (Invariant | TemporalInvariant)[], settings: Partial<CheckSettings> = {}) =>
  new Check({ scenario: job(...invariants), protocol: aligned, seed: 'invariants', ...settings })
const RUNS = Array.from({ length: 60 }, (_, i) => i)

describe('an invariant is asked', () => {
  it('always: at each completed checkpoint, each commit and the end; eventually: at the end', () => {
    let asked: string[] = []
    const check = checkOf([
      always('always', ({ moment }) => asked.push(moment) > 0),
      eventually('eventually', ({ moment }) => asked.push(`eventually ${moment}`) > 0),
      { name: 'old', check: () => void asked.push('old') },
    ])
    let runs = 0
    for (const index of RUNS) {
      asked = []
      const { end, finding, tally } = check.run(index).result
      expect(finding).toBe(null)
      if (tally.assumptions.size > 0) continue
      runs += 1
      const count = (moment: string) => asked.filter((other) => other === moment).length
      expect(count('checkpoint')).toBe(tally.checkpointsCompleted)
      expect(count('commit')).toBe(tally.commits)
      expect(asked.slice(-3)).toEqual(end === 'done' ? ['end', 'eventually end', 'old'] : asked.slice(-3))
      expect(count('end')).toBe(end === 'done' ? 1 : 0)
    }
    expect(runs).toBeGreaterThan(40)
  })

  it('under a protocol that gives what it needs, and is skipped under another', () => {
    const asked = new Set<string>()
    const of = (name: string, options?: TemporalOptions) => sometimes(name, () => asked.add(name).size > 0, options)
    const invariants = [of('plain'), of('strict', { needs: 'exactly-once' })]
    const total = checkOf(invariants, { protocol: atLeastOnce }).batch([0, 1, 2])
    expect([...asked]).toEqual(['plain'])
    expect(total.sometimes).toEqual({ plain: 3 })
    expect(judgedInvariants(job(...invariants), atLeastOnce).skipped.map(({ name }) => name)).toEqual(['strict'])
    expect(checkOf(invariants).batch([0, 1, 2]).sometimes).toEqual({ plain: 3, strict: 3 })
  })

  it('no more once the plan has broken an assumption', () => {
    const after: string[] = []
    const check = checkOf([always('always', ({ moment }) => after.push(moment) > 0)], { faults: ['external'] })
    let broken = 0
    for (const index of RUNS.concat(RUNS.map((i) => i + 100))) {
      after.length = 0
      const { tally } = check.run(index).result
      if (tally.assumptions.size === 0) continue
      broken += 1
      expect(after).not.toContain('end')
    }
    expect(broken).toBeGreaterThan(0)
  })
})

describe('what it sees', () => {
  it('is the cut of the newest checkpoint, in every kind of state, and the output that it covers', () => {
    const views: string[] = []
    const sees: RunPredicate = ({ moment, state, committed, inputs }) => {
      views.push(moment)
      const counts = state('count', COUNT)
      const kinds: readonly ReadonlyMap<unknown, unknown>[] = [
        state('count', SEEN),
        state('count', BY_PARITY),
        state('count', SUM),
        state('count', MEAN),
        state('count', LAST),
        state('count', ALL),
        state('count', TIMES),
      ]
      const keys = [...counts.keys()]
      expect(keys).toEqual([...keys].sort((a, b) => Number(a) - Number(b)))
      for (const other of kinds) expect([...other.keys()]).toEqual(keys)
      const byKey = grouped(inputs<number>('numbers'), (value) => value % 10)
      for (const [key, count] of counts) {
        const seen = state('count', SEEN).get(key)!
        const sum = seen.reduce((a, b) => a + b)
        expect(seen).toHaveLength(count)
        expect(byKey.get(Number(key))).toEqual(expect.arrayContaining([...seen]))
        expect(new Set(seen).size).toBe(count)
        expect([...state('count', BY_PARITY).get(key)!.values()].reduce((a, b) => a + b)).toBe(count)
        expect(state('count', SUM).get(key)).toBe(sum)
        expect(state('count', MEAN).get(key)).toEqual([sum, count])
        expect(state('count', LAST).get(key)).toBe(seen.at(-1))
        expect(state('count', ALL).get(key)).toEqual(seen)
        expect([...state('count', TIMES).get(key)!]).toEqual(
          [...seen].sort((a, b) => a - b).map((value) => [value, `at ${value}`]),
        )
        if (moment === 'end') expect(seen).toHaveLength(byKey.get(Number(key))!.length)
      }
      // what readers see has been counted in the cut, each number once
      const shown = grouped(committed<Count>('counts'), ([key]) => key)
      for (const [key, rows] of shown) {
        expect(rows.map(([, count]) => count).sort((a, b) => a - b)).toEqual(rows.map((_, i) => i + 1))
        expect(rows.length).toBeLessThanOrEqual(counts.get(key)!)
        if (moment === 'end') expect(rows).toHaveLength(counts.get(key)!)
      }
      return true
    }
    // an expectation that fails is thrown by the invariant, and so it is the finding
    const check = checkOf([always('sees', sees)])
    for (const index of RUNS) {
      views.length = 0
      expect(check.run(index).result.finding).toBe(null)
    }
  })

  it.each([aligned, unaligned, chandyLamport])(
    'is every number once under $name: to be read, on its way, or in state',
    (protocol) => {
      let onTheirWay = 0
      const sees: RunPredicate = ({ state, inputs, unread, inFlight, checkpointId }) => {
        const kept = [...state('count', SEEN).values()].flat()
        const cut = [...unread<number>('numbers'), ...inFlight<number>('count'), ...kept]
        expect(cut.sort((a, b) => a - b)).toEqual([...inputs<number>('numbers')].sort((a, b) => a - b))
        expect(inFlight()).toHaveLength(inFlight('count').length + inFlight('sink').length)
        if (checkpointId === undefined) expect(unread('numbers')).toEqual(inputs('numbers'))
        onTheirWay += inFlight().length
        return true
      }
      const check = checkOf([always('every number once', sees)], { protocol })
      for (const index of RUNS.slice(0, 20)) expect(check.run(index).result.finding).toBe(null)
      expect(onTheirWay > 0).toBe(protocol !== aligned)
    },
  )

  it.each([
    [
      'committed',
      ({ committed }: RunView) => (committed('counts') as unknown[]).push(1) > 0,
      /object is not extensible/,
    ],
    [
      'a value',
      ({ state }: RunView) => (state('count', SEEN).get(1) as number[] | undefined)?.push(1) !== 0,
      /extensible/,
    ],
    [
      'a map',
      ({ state }: RunView) => (state('count', COUNT) as Map<unknown, unknown>).clear() === undefined,
      /not a func/,
    ],
  ])('cannot be changed: %s', (_, change, message) => {
    const finding = checkOf([always('changes', change)]).batch(RUNS).failure?.finding
    expect(finding).toMatchObject({ class: 'user', fingerprint: 'user/threw:changes' })
    expect(finding!.message).toMatch(message)
  })
})

describe('an answer', () => {
  const failureOf = (...invariants: (Invariant | TemporalInvariant)[]) =>
    checkOf(invariants).batch(RUNS).failure?.finding

  it('false or a sentence is a finding with the name in its fingerprint', () => {
    const few: RunPredicate = ({ committed }) => committed('counts').length < 10
    expect(failureOf(always('few rows', few))).toMatchObject({
      oracle: 'invariant',
      class: 'safety',
      fingerprint: 'invariant/few rows',
      message: expect.stringMatching(
        /^The invariant 'few rows' does not hold after a commit, with checkpoint \d+ complete\.$/,
      ),
    })
    expect(failureOf(always('cut', ({ state }) => state('count', COUNT).size < 5 || 'five keys.'))?.message).toMatch(
      /^The invariant 'cut' does not hold when checkpoint \d+ is complete: five keys\.$/,
    )
    expect(failureOf(eventually('few rows', few))).toMatchObject({
      fingerprint: 'invariant/few rows',
      message: "The invariant 'few rows' does not hold when the job has finished.",
    })
    expect(failureOf({ name: 'old', check: () => 'it is old' })).toMatchObject({
      fingerprint: 'invariant/old',
      message: "The invariant 'old' does not hold: it is old.",
    })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
      'boom',
    ],
    ['reads the clock', () => Date.now() > 0, /^it uses Date, which a replay cannot repeat; /],
    ['draws', () => Math.random() < 2, /^it uses Math\.random, /],
    [
      'is asynchronous',
      (async () => true) as unknown as RunPredicate,
      'it must say true, false, or why not, but says a promise: write it without async',
    ],
    ['says a number', (() => 1) as unknown as RunPredicate, 'it must say true, false, or why not, but says 1'],
    [
      'names no operator',
      ({ state }: RunView) => state('cuont', COUNT).size > 0,
      "there is no operator 'cuont': there is numbers, count, sink",
    ],
    [
      'names no state',
      ({ state, checkpointId }: RunView) => checkpointId === undefined || state('count', 'cuont').size > 0,
      "'count' has no keyed state 'cuont': it has all, by parity, count, last, mean, seen, sum, times",
    ],
    [
      'names a sink',
      ({ state, checkpointId }: RunView) => checkpointId === undefined || state('sink', 'count').size > 0,
      "'sink' has no keyed state 'count': it has none",
    ],
    [
      'names no log',
      ({ committed }: RunView) => committed('cuonts').length >= 0,
      "no sink writes to 'cuonts': there is counts",
    ],
    [
      'names no receiver',
      ({ inFlight }: RunView) => inFlight('cuont').length >= 0,
      "there is no operator 'cuont': there is numbers, count, sink",
    ],
    [
      'names no source to be read',
      ({ unread }: RunView) => unread('count').length >= 0,
      "there is no source 'count': there is numbers",
    ],
    [
      'names no source',
      ({ inputs }: RunView) => inputs('count').length >= 0,
      "there is no source 'count': there is numbers",
    ],
  ] as readonly (readonly [string, RunPredicate, string | RegExp])[])(
    'that %s is an error of the user',
    (name, holds, what) => {
      for (const kind of [always, eventually, sometimes]) {
        const finding = failureOf(kind(name, holds))
        expect(finding).toMatchObject({ oracle: 'user', class: 'user', fingerprint: `user/threw:${name}` })
        const [, message] = /^The invariant '[^']+' failed: (.*)\.$/.exec(finding!.message)!
        if (typeof what === 'string') expect(message).toBe(what)
        else expect(message).toMatch(what)
      }
    },
  )

  it('of the old kind that throws is one as well, and its cause is known', () => {
    const check = checkOf([
      {
        name: 'old',
        check() {
          throw new TypeError('older')
        },
      },
    ])
    const { failure } = check.batch(RUNS)
    expect(failure?.finding).toMatchObject({
      fingerprint: 'user/threw:old',
      message: "The invariant 'old' failed: older.",
    })
    expect(check.run(failure!.index).result.cause).toEqual(new TypeError('older'))
  })

  it('is kept by shrinking, and the small run has it', () => {
    const check = checkOf([
      always('never after a restore', ({ state }) => [...state('count', COUNT).values()].every((count) => count < 2)),
    ])
    const { failure } = check.batch(RUNS)
    const { finding, to } = shrinkFailure(check, failure!, () => false)
    expect(finding.fingerprint).toBe('invariant/never after a restore')
    expect(to).toMatchObject({ faults: 0, parallelism: 1 })
    expect(to.records).toBeLessThanOrEqual(11)
  })
})

describe('sometimes', () => {
  const holdsIn = (...of: readonly (readonly [string, RunPredicate])[]) =>
    checkOf(of.map(([name, holds]) => sometimes(name, holds))).batch(RUNS)

  it('is counted by runs, over all parts of a check', () => {
    const total = holdsIn(
      ['a restore', ({ committed, moment }) => moment === 'end' && committed('counts').length > 40],
      ['anything', () => true],
    )
    expect(total.sometimes.anything).toBe(total.runs)
    const often = total.sometimes['a restore']!
    expect(often).toBeGreaterThan(0)
    expect(often).toBeLessThan(total.runs)
    expect(verdictOf(total, true).verdict).toBe('holds')
    const sum = emptyAggregate()
    merge(sum, total)
    merge(sum, total)
    expect(sum.sometimes).toEqual({ anything: 2 * total.runs, 'a restore': 2 * often })
  })

  it('that never was makes the check vacuous', () => {
    const total = holdsIn(['the impossible', () => false], ['anything', () => true], ['the unlikely', () => false])
    expect(verdictOf(total, true)).toEqual({
      verdict: 'vacuous',
      why: "'the impossible' and 'the unlikely' should hold sometimes, but never did in 60 runs: make more runs, or change the scenario until it can",
    })
    expect(verdictOf(total, false).verdict).toBe('inconclusive')
  })
})

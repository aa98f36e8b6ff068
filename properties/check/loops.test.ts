/** Jobs with loops, under every protocol: what goes round is lost where the contract says so, and nowhere else. */
import { describe, expect, it } from 'vitest'
import ranking from '../../scenarios/ranking.ts'
import { Check, InputError, judgedInvariants } from '../../src/check/index.ts'
import {
  CheckpointingMode,
  generatedSequence,
  OutputTag,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import type { Mutation, Protocol } from '../../src/model/index.ts'
import {
  type AlignedTask,
  aligned,
  alignedTimeout,
  atLeastOnce,
  barriersCyclic,
  chandyLamport,
  unaligned,
} from '../../src/protocols/index.ts'

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const batch = (protocol: Protocol, of = ranking, runs = 12) =>
  new Check({ scenario: of, protocol, seed: 'loops' }).batch(indices(runs))

describe('ranking', () => {
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('may lose what goes round under $name', (protocol) => {
    const { failure, permitted, restores } = batch(protocol)
    expect(failure).toBe(null)
    expect(restores).toBeGreaterThan(5)
    expect(permitted['loop-loss']).toBeGreaterThan(50)
  })
  it.each([barriersCyclic, chandyLamport])('loses nothing under $name', (protocol) => {
    const { failure, permitted, restores, inFlightRecords } = batch(protocol)
    expect(failure).toBe(null)
    expect(restores).toBeGreaterThan(5)
    expect(permitted).toEqual({})
    expect(inFlightRecords).toBeGreaterThan(200)
  })
  it('asks of each protocol what it promises of loops', () => {
    const asked = (protocol: Protocol): string[] => judgedInvariants(ranking, protocol).checked.map(({ name }) => name)
    expect(asked(barriersCyclic)).toEqual(['ranks are exact', 'the ranks of a member are numbered, each once'])
    expect(asked(aligned)).toEqual(['no rank is above the exact one', 'the ranks of a member are numbered, each once'])
    expect(asked(unaligned)).toEqual(['the ranks of a member are numbered, each once'])
    expect(asked(atLeastOnce)).toEqual(['the ranks of a member have no gap'])
  })
  it('cannot be rescaled', () => {
    expect(() => new Check({ scenario: ranking, protocol: aligned, seed: 's', faults: ['rescale'] })).toThrow(
      InputError,
    )
  })
})

describe('what goes wrong in a loop', () => {
  const broken = (mutation: Mutation, protocol: Protocol): (string | undefined)[] => {
    const bug = { id: 'b', title: '', mechanism: '', scenario: 'ranking', protocol: protocol.name, mutation }
    const check = new Check({
      scenario: ranking,
      protocol,
      seed: 'broken',
      bug: { ...bug, oracles: ['delivery'], verdict: 'safety' },
    })
    return indices(12).map((index) => check.run(index).result.finding?.fingerprint)
  }
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout, barriersCyclic, chandyLamport])(
    'is seen under $name, whatever a restore may lose there: a record that gets lost on its way',
    (protocol) => {
      const found = broken({ parts: { sendsEmission: (n: number) => n % 64 !== 0 } }, protocol)
      expect(found).toContain('delivery/lost:operator')
      expect(
        found.filter((fingerprint) => /^(delivery|cut|in-flight)\//.test(fingerprint ?? '')).length,
      ).toBeGreaterThan(8)
    },
  )
  it('is seen under aligned as well: alignment that does not block, before the loop and behind its head', () => {
    const align = (task: AlignedTask): void => {
      task.arrived += 1
    }
    const found = broken({ charts: { 'aligned-task': { actions: { align } } } }, aligned)
    expect(found.filter((fingerprint) => fingerprint?.startsWith('cut/')).length).toBeGreaterThan(3)
  })
  it('is told of a loop that never ends', () => {
    const endless = scenario('endless', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      const loop = env.fromSource(generatedSequence({ count: 5 }), 'numbers').iterate()
      loop.closeWith(loop.filter((n) => n === 3))
      loop.filter((n) => n !== 3).sinkTo(transactionalLog('out'))
    })
    const settings = { scenario: endless, protocol: barriersCyclic, seed: 's', faults: [] }
    expect(new Check(settings).run(0).result.finding).toMatchObject({ oracle: 'progress', kind: 'stuck' })
  })
})

describe('event time', () => {
  interface Step {
    readonly n: number
    readonly left: number
  }
  const steps = (count: number, left: (n: number) => number) =>
    generatedSequence<Step>({ count, value: (n) => ({ n, left: left(n) }), splits: 2 })
  const monotonous = WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ n }: Step) => n * 10)
  const timed = scenario('timed', (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const others = env.fromSource(
      steps(12, () => 2),
      'others',
      monotonous,
    )
    const loop = env
      .fromSource(
        steps(30, (n) => 1 + (n % 4)),
        'numbers',
        monotonous,
      )
      .iterate()
    const less = loop
      .union(others)
      .keyBy(({ n, left }) => n + left)
      .process<Step>(() => ({
        processElement({ n, left }, context, out) {
          if (left % 3 === 0) context.timerService().registerEventTimeTimer(context.timestamp()! + 50)
          out.collect({ n, left: left - 1 })
        },
        onTimer: (timestampMs, _, out) => out.collect({ n: timestampMs, left: 1 }),
      }))
    loop.closeWith(less.filter(({ left }) => left > 0))
    less
      .filter(({ left }) => left <= 0)
      .keyBy(({ n }) => n % 3)
      .window(TumblingEventTimeWindows.of(100))
      .reduce((a, b) => ({ n: a.n + b.n, left: 0 }))
      .sinkTo(transactionalLog('sums'))
  })
  it.each([aligned, unaligned, barriersCyclic, chandyLamport])(
    'goes past a loop, and not round it: timers and windows fire in time under $name, with a second source in the loop',
    (protocol) => {
      const { failure, commits } = batch(protocol, timed, 6)
      expect(failure).toBe(null)
      expect(commits).toBeGreaterThan(10)
    },
  )
})

describe('a loop that is over', () => {
  it('takes nothing any more: a function that emits into it in endInput is told so', () => {
    const late = new OutputTag<number>('late')
    const talkative = scenario('talkative', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      const loop = env
        .fromSource(generatedSequence({ count: 5 }), 'numbers')
        .iterate()
        .uid('loop')
      const rest = loop.process<number>(() => ({
        processElement: (n, context, out) => (n > 2 ? context.output(late, n - 1) : out.collect(n)),
        endInput: (out) => out.collect(-1),
      }))
      loop.closeWith(rest.getSideOutput(late))
      loop.closeWith(rest.filter((n) => n < 0))
      rest.sinkTo(transactionalLog('out'))
    })
    const { finding } = new Check({ scenario: talkative, protocol: aligned, seed: 's', faults: [] }).run(0).result
    expect(finding).toMatchObject({ oracle: 'user', kind: 'threw', class: 'user' })
    expect(finding!.message).toContain("a record has come back to 'loop' after the loop was over")
  })
})

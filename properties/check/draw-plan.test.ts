import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import ownSink from '../../scenarios/own-sink.ts'
import { ALL_RECORDS, drawPlan, ENGINE } from '../../src/check/draw-plan.ts'
import { MAX_CREDIT } from '../../src/cluster/index.ts'
import {
  CheckpointingMode,
  fixedDelayRestart,
  fromArray,
  scenario,
  transactionalLog,
} from '../../src/dataflow/index.ts'
import {
  EFFECTS,
  FAULT_CLASSES,
  type Fault,
  type FaultClass,
  LEADER_FAULT_CLASSES,
  PHASE_NAMES,
  type Plan,
  QUORUM_EFFECTS,
  QUORUM_PHASES,
} from '../../src/model/index.ts'

const graph = keyedState.graph()
const drawn = (index: number, faults?: readonly FaultClass[], seed = 'plans'): Plan =>
  drawPlan(keyedState, graph, `${seed}/${index}`, index, {
    protocol: 'aligned',
    ...(faults === undefined ? {} : { faults }),
  })
const MANY = Array.from({ length: 4000 }, (_, i) => drawn(i))
const ownGraph = ownSink.graph()
/** Plans of a job whose sink calls external systems. */
const calling = (index: number, faults?: readonly FaultClass[]): Plan =>
  drawPlan(ownSink, ownGraph, `calls/${index}`, index, {
    protocol: 'aligned',
    ...(faults === undefined ? {} : { faults }),
  })
const CALLING = Array.from({ length: 4000 }, (_, i) => calling(i))
const share = (holds: (plan: Plan) => boolean): number => MANY.filter(holds).length / MANY.length

const LEADER_FAULTS: readonly string[] = LEADER_FAULT_CLASSES

/** The class that a fault belongs to. */
function classOf({ what, target }: Fault): FaultClass {
  if (typeof target === 'object' && 'effect' in target) {
    const { effect } = target
    if (effect === 'put' || effect === 'metadata' || effect === 'fetch') return effect
    if (effect === 'sink-write' || effect === 'sink-commit') return what === 'crash' ? 'crash-task' : 'external'
    return effect === 'commit' || effect === 'write' ? 'external' : (what as FaultClass)
  }
  if (what === 'pause-taskmanager') return 'pause'
  return what === 'expire-transactions' ? 'external' : (what as FaultClass)
}

describe('a drawn plan', () => {
  it('is a pure function of scenario, seed and index', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), (index) => {
        const plan = drawn(index)
        drawn(index + 1)
        expect(drawn(index)).toEqual(plan)
      }),
    )
    expect(new Set(MANY.map((plan) => JSON.stringify({ ...plan, seed: '' }))).size).toBe(MANY.length)
  })

  it('is within its ranges, whatever the scenario', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scenarios), fc.nat({ max: 1e6 }), (of, index) => {
        const own = of.graph()
        const plan = drawPlan(of, own, `r/${index}`, index, { protocol: 'aligned', bug: 'some-bug' })
        const { timing, faults, records } = plan
        expect(plan).toMatchObject({
          engine: ENGINE,
          scenario: of.name,
          protocol: 'aligned',
          bug: 'some-bug',
          taskManagers: 2,
        })
        expect(plan.parallelism).toEqual(Object.fromEntries(own.vertices.map((v) => [v.uid, v.parallelism])))
        const whole = of.records.fullEvery !== undefined && index % of.records.fullEvery === of.records.fullEvery - 1
        if (whole) expect(records).toBe(ALL_RECORDS)
        else {
          expect(records).toBeGreaterThanOrEqual(of.records.min)
          expect(records).toBeLessThanOrEqual(3 * of.records.max)
        }
        for (const [name, value] of Object.entries(timing)) {
          expect(Number.isSafeInteger(value), name).toBe(true)
          expect(value, name).toBeGreaterThanOrEqual(
            name === 'tolerableFailedCheckpoints' || name === 'minPauseUs' ? 0 : 1,
          )
        }
        expect(timing.channelCapacity).toBeLessThanOrEqual(MAX_CREDIT)
        expect(timing.checkpointIntervalUs).toBe(1_000_000)
        // up to three rescales, and up to three faults of leaders, come in addition where the scenario asks for them
        const rescales = faults.filter(({ what }) => what === 'rescale').length
        const ofLeaders = faults.filter(({ what }) => LEADER_FAULTS.includes(what)).length
        expect(faults.length - rescales - ofLeaders).toBeLessThanOrEqual(6)
        expect(rescales).toBeLessThanOrEqual(of.rescales === true ? 3 : 0)
        expect(ofLeaders).toBeLessThanOrEqual(of.highAvailability === undefined ? 0 : 3)
        expect(plan.store).toBe(of.highAvailability?.store)
        for (const { what, target, when, forUs } of faults) {
          if (typeof target === 'object' && 'effect' in target) {
            expect(EFFECTS[target.effect].kinds).toContain(what)
            expect(when).toMatchObject({ phase: EFFECTS[target.effect].phase })
          }
          if (typeof target === 'object' && 'operator' in target) {
            const width = plan.parallelism[target.operator]!
            expect(target.subtask).toBeLessThan(width)
          }
          if ('at' in when) expect(when.at).toBeLessThan(3 * 3500 * timing.unitUs)
          else expect(when.nth).toBeGreaterThanOrEqual(1)
          const lasts =
            what === 'delay' || what === 'slow' || what === 'pause-taskmanager' || LEADER_FAULTS.includes(what)
          expect(forUs === undefined).toBe(!lasts)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('keeps to what the job has set', () => {
    const strict = scenario('strict', (env) => {
      env.enableCheckpointing('7s', CheckpointingMode.EXACTLY_ONCE).setRestartStrategy(fixedDelayRestart(4, '3s'))
      const config = env.getCheckpointConfig()
      config.setCheckpointTimeout('50s')
      config.setMinPauseBetweenCheckpoints('2s')
      config.setMaxConcurrentCheckpoints(1)
      config.setTolerableCheckpointFailureNumber(9)
      env
        .fromSource(fromArray([1]), 'one')
        .sinkTo(transactionalLog('out'))
        .uid('sink')
    })
    for (let i = 0; i < 50; i += 1) {
      const { timing } = drawPlan(strict, strict.graph(), `s/${i}`, i, { protocol: 'aligned' })
      expect(timing).toMatchObject({
        checkpointIntervalUs: 7_000_000,
        checkpointTimeoutUs: 50_000_000,
        minPauseUs: 2_000_000,
        maxConcurrentCheckpoints: 1,
        tolerableFailedCheckpoints: 9,
        restartDelayUs: 3_000_000,
        restartAttempts: 4,
      })
    }
  })

  it.each(FAULT_CLASSES)('with %s alone has no other faults', (only) => {
    for (const draw of [drawn, calling]) {
      const faults = Array.from({ length: 200 }, (_, i) => draw(i, [only])).flatMap((plan) => plan.faults)
      expect(faults.length).toBeGreaterThan(100)
      expect(new Set(faults.map(classOf))).toEqual(new Set([only]))
    }
  })

  it('without faults that are allowed has none', () => {
    expect(drawn(3, []).faults).toEqual([])
  })
})

/** 'fail put' for each fault of an effect. */
const effectKinds = ({ faults }: Plan): string[] =>
  faults.flatMap(({ what, target }) =>
    typeof target === 'object' && 'effect' in target ? [`${what} ${target.effect}`] : [],
  )

describe('the mix of plans', () => {
  it('hits the calls of sinks that make some, and the log of the others', () => {
    const ofCalls = /^(crash|fail|ambiguous|slow) sink-(write|commit)$/
    const ofLog = /^(fail|ambiguous) (write|commit)$/
    expect(MANY.flatMap(effectKinds).filter((kind) => ofCalls.test(kind))).toEqual([])
    expect(CALLING.flatMap(effectKinds).filter((kind) => ofLog.test(kind))).toEqual([])
    const hit = CALLING.filter((plan) => effectKinds(plan).some((kind) => ofCalls.test(kind))).length
    expect(hit / CALLING.length).toBeGreaterThan(0.2)
  })

  it('has every class, every kind and every phase, but those of a quorum', () => {
    const faults = MANY.flatMap((plan) => plan.faults)
    expect([...new Set(faults.map(classOf))].sort()).toEqual([...FAULT_CLASSES].sort())
    const ofQuorum = (effect: string): boolean => (QUORUM_EFFECTS as readonly string[]).includes(effect)
    const kinds = Object.entries(EFFECTS).flatMap(([effect, { kinds }]) =>
      ofQuorum(effect) ? [] : kinds.map((what) => `${what} ${effect}`),
    )
    const drawnKinds = MANY.flatMap(effectKinds)
    expect([...new Set([...drawnKinds, ...CALLING.flatMap(effectKinds)])].sort()).toEqual(kinds.sort())
    const phases = new Set(faults.flatMap(({ when }) => ('phase' in when ? [when.phase] : [])))
    expect(phases.size).toBe(PHASE_NAMES.length - QUORUM_PHASES.length)
  })

  it('has these shares', () => {
    const crashesWith = (plan: Plan): boolean => plan.faults.some(({ what }) => what.startsWith('crash'))
    const anchored = (fault: Fault): boolean => 'phase' in fault.when
    const shares = {
      'no fault': share(({ faults }) => faults.length === 0),
      'three times longer': share(({ records }) => records > keyedState.records.max),
      'a crash': share(crashesWith),
      'a timed fault': share(({ faults }) => faults.some((fault) => !anchored(fault))),
      'counted from a restore': share(({ faults }) => faults.some(({ when }) => 'restore' in when)),
      'two concurrent checkpoints': share(({ timing }) => timing.maxConcurrentCheckpoints === 2),
      'two retained': share(({ timing }) => timing.retainedCheckpoints === 2),
      'a credit of one': share(({ timing }) => timing.channelCapacity === 1),
    }
    expect(
      Object.fromEntries(Object.entries(shares).map(([name, of]) => [name, of.toFixed(3)])),
    ).toMatchInlineSnapshot(`
      {
        "a crash": "0.580",
        "a credit of one": "0.384",
        "a timed fault": "0.306",
        "counted from a restore": "0.123",
        "no fault": "0.112",
        "three times longer": "0.131",
        "two concurrent checkpoints": "0.244",
        "two retained": "0.503",
      }
    `)
  })
})

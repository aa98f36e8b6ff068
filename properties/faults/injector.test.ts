import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FaultInjector } from '../../src/faults/index.ts'
import { Kernel } from '../../src/kernel/index.ts'
import {
  E,
  EFFECT_NAMES,
  EFFECTS,
  effectCode,
  FATE,
  type Fault,
  P,
  type ProcessControl,
} from '../../src/model/index.ts'

const FOREVER = 2 ** 53 - 1

/** An injector with a kernel whose events are phases, and a control that writes down what it is told. */
function rig(faults: readonly Fault[], { hits = true, seed = 's' } = {}) {
  const kernel = new Kernel()
  const injector = new FaultInjector(kernel)
  injector.id = kernel.register(injector, kernel.process())
  const happenings: (() => void)[] = []
  const stage = { name: 'stage', receive: (code: number) => happenings[code]!() }
  const stageId = kernel.register(stage, kernel.process())
  const log: string[] = []
  const did = (what: string): boolean => {
    log.push(`${kernel.now} ${what}`)
    return hits
  }
  const control: ProcessControl = {
    crashTask: (operator, subtask) => did(`crash ${operator}[${subtask}]`),
    crashTaskManager: (index) => did(`crash tm${index}`),
    crashJobManager: () => did('crash jm'),
    pauseJobManager: (forUs) => did(`pause jm ${forUs}`),
    partitionJobManager: (forUs) => did(`cut jm ${forUs}`),
    pauseTaskManager: (index, forUs) => did(`pause tm${index} ${forUs}`),
    expireTransactions: () => did('expire'),
    rescale: (slots) => did(`rescale ${slots}`),
    savepoint: () => did('savepoint'),
  }
  kernel.reset(seed)
  injector.start(faults, control)
  return {
    kernel,
    injector,
    log,
    at(time: number, happening: () => void) {
      happenings.push(happening)
      kernel.schedule(time, stageId, happenings.length - 1)
    },
    run: () => kernel.run(10_000, FOREVER),
  }
}

describe('process faults', () => {
  it('strike at their time, each by its own control', () => {
    const { injector, log, run } = rig([
      { what: 'crash-task', target: { operator: 'count', subtask: 5 }, when: { at: 10 } },
      { what: 'crash-taskmanager', target: { taskManager: 1 }, when: { at: 20 } },
      { what: 'crash-jobmanager', target: 'job-manager', when: { at: 30 } },
      { what: 'pause-taskmanager', target: { taskManager: 0 }, when: { at: 40 }, forUs: 7 },
      { what: 'expire-transactions', target: 'external', when: { at: 50 } },
    ])
    run()
    expect(log).toEqual(['10 crash count[5]', '20 crash tm1', '30 crash jm', '40 pause tm0 7', '50 expire'])
    expect([...injector.fired]).toEqual([1, 1, 1, 1, 1])
    expect(injector.strikes).toBe(5)
  })

  it('last as long as the pause: until then the run is not expected to move', () => {
    const { injector, run } = rig([
      { what: 'pause-taskmanager', target: { taskManager: 0 }, when: { at: 40 }, forUs: 100 },
      { what: 'crash-jobmanager', target: 'job-manager', when: { at: 60 } },
    ])
    run()
    expect(injector.lastEffectUntil).toBe(140)
  })

  it('that find nothing to strike have not fired', () => {
    const { injector, log, run } = rig([{ what: 'crash-jobmanager', target: 'job-manager', when: { at: 30 } }], {
      hits: false,
    })
    run()
    expect(log).toEqual(['30 crash jm'])
    expect([injector.fired[0], injector.strikes, injector.lastEffectUntil]).toEqual([0, 0, 0])
  })

  it('anchored at the n-th phase strike right after that event, once, and at no other occurrence', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 8 }), (nth, times) => {
        const { injector, log, at, run } = rig([
          { what: 'crash-taskmanager', target: { taskManager: 0 }, when: { phase: 'ack-sent', nth } },
        ])
        for (let i = 1; i <= times; i += 1) at(i * 10, () => injector.phase(P['ack-sent']))
        for (let i = 1; i <= 9; i += 1) at(i * 10 + 5, () => injector.phase(P['ack-received']))
        run()
        expect(log).toEqual(nth <= times ? [`${nth * 10} crash tm0`] : [])
        expect(injector.seen[P['ack-sent']]).toBe(times > 0 ? 1 : 0)
      }),
    )
  })

  it('after a restore count from there: the first fork is the start, no restore', () => {
    const { injector, log, at, run } = rig([
      { what: 'crash-taskmanager', target: { taskManager: 0 }, when: { phase: 'restored', nth: 2, restore: 2 } },
      { what: 'crash-taskmanager', target: { taskManager: 1 }, when: { phase: 'restored', nth: 2, restore: 1 } },
    ])
    for (const start of [0, 100, 200, 300]) {
      at(start, () => injector.forked())
      for (const i of [1, 2, 3]) at(start + i, () => injector.phase(P.restored))
    }
    run()
    expect(log).toEqual(['102 crash tm1', '202 crash tm0'])
    expect(injector.restores).toBe(3)
  })

  it('of a kind that needs an effect are refused', () => {
    const { run } = rig([{ what: 'drop', target: 'job-manager', when: { at: 1 } }])
    expect(run).toThrow("a fault 'drop' needs an effect as its target")
  })
})

describe('effect faults', () => {
  it('decide the fate of exactly the n-th effect of their kind, which its phase precedes', () => {
    const effect = fc.constantFrom(...EFFECT_NAMES)
    fc.assert(
      fc.property(effect, fc.nat(), fc.integer({ min: 1, max: 5 }), (name, which, nth) => {
        const { phase, kinds } = EFFECTS[name]
        const what = kinds[which % kinds.length]!
        const { injector, at, run } = rig([{ what, target: { effect: name }, when: { phase, nth }, forUs: 30 }])
        const fates: number[] = []
        for (let i = 1; i <= 6; i += 1)
          at(i, () => {
            injector.phase(P[phase])
            for (const other of EFFECT_NAMES) {
              if (other !== name) expect(injector.effect(effectCode(other)).fate).toBe(FATE.none)
            }
            const { fate, extraUs } = injector.effect(effectCode(name))
            fates.push(fate)
            expect(extraUs).toBe(i === nth && what !== 'ambiguous' ? 30 : 0)
          })
        run()
        expect(fates.filter((fate) => fate !== FATE.none)).toHaveLength(1)
        const fate = fates[nth - 1]!
        if (what === 'ambiguous') expect([FATE.ambiguousApplied, FATE.ambiguousLost]).toContain(fate)
        else expect(fate).toBe(FATE[what])
        expect([injector.fired[0], injector.strikes, injector.lastEffectUntil]).toEqual([1, 1, nth + 30])
      }),
      { numRuns: 200 },
    )
  })

  it('with a time hit the first effect at or after it, and only that one', () => {
    const { injector, at, run } = rig([{ what: 'drop', target: { effect: 'ack' }, when: { at: 25 } }])
    const fates: number[] = []
    for (const time of [10, 25, 40])
      at(time, () => {
        injector.phase(P['ack-sent'])
        fates.push(injector.effect(E.ack).fate)
      })
    run()
    expect(fates).toEqual([FATE.none, FATE.drop, FATE.none])
  })

  it('of unknown outcome are applied or not as the seed says', () => {
    const outcomes = new Set<number>()
    for (let i = 0; i < 20; i += 1) {
      const { injector } = rig([{ what: 'ambiguous', target: { effect: 'commit' }, when: { at: 0 } }], {
        seed: `a/${i}`,
      })
      outcomes.add(injector.effect(E.commit).fate)
    }
    expect([...outcomes].sort()).toEqual([FATE.ambiguousApplied, FATE.ambiguousLost])
  })
})

describe('a new start', () => {
  it('forgets the faults, counts and strikes of the run before', () => {
    const fault: Fault = { what: 'drop', target: { effect: 'ack' }, when: { phase: 'ack-sent', nth: 1 } }
    const { kernel, injector } = rig([fault])
    injector.phase(P['ack-sent'])
    expect(injector.effect(E.ack).fate).toBe(FATE.drop)
    injector.forked()
    injector.forked()
    kernel.reset('s')
    injector.start([], {} as ProcessControl)
    expect([injector.fired.length, injector.strikes, injector.restores, injector.lastEffectUntil]).toEqual([0, 0, 0, 0])
    injector.phase(P['ack-sent'])
    expect(injector.effect(E.ack).fate).toBe(FATE.none)
    injector.start([fault], {} as ProcessControl)
    injector.phase(P['ack-sent'])
    expect(injector.effect(E.ack).fate).toBe(FATE.drop)
  })
})

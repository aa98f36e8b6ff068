/** The cluster in runs of written plans, seen from outside. */
import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import { layoutOf } from '../../src/cluster/index.ts'
import {
  CheckpointingMode,
  type Collector,
  exponentialDelayRestart,
  failureRateRestart,
  generatedSequence,
  type ProcessContext,
  type RestartStrategy,
  scenario,
  transactionalLog,
} from '../../src/dataflow/index.ts'
import type { Attempt, CompletedCheckpoint, Fault, Phase } from '../../src/model/index.ts'
import { attemptsAtWork, type Played, play, UNIT } from '../check/scripted.ts'

const SEEDS = Array.from({ length: 6 }, (_, i) => `s/${i}`)
const at = (phase: Phase, nth: number) => ({ phase, nth })

function fine(played: Played): Played {
  expect(played.result.finding).toBe(null)
  expect(played.result.end).toBe('done')
  return played
}
const committed = ({ result }: Played) => [...(result.committed.counts ?? [])].map(String).sort()
/** What a run without faults commits: the counts of each key, once each. */
const EXPECTED = committed(fine(play())).length
const exactlyOnce = (played: Played): void => {
  const rows = committed(fine(played))
  expect(rows).toHaveLength(EXPECTED)
  expect(new Set(rows).size).toBe(EXPECTED)
}
const executionOf = ({ args }: Played['heard'][number]): number => (args[0] as Attempt).execution

describe('channels', () => {
  const LAYOUT = layoutOf(keyedState.graph())
  /** Most records that one reader had on its way to the operators at once. */
  function mostInFlight({ heard }: Played): number {
    const ahead = new Map<number, number>()
    let most = 0
    for (const { what, args } of heard) {
      if (what === 'read') {
        const { vertex } = args[0] as Attempt
        ahead.set(vertex, (ahead.get(vertex) ?? 0) + 1)
        most = Math.max(most, ahead.get(vertex)!)
      }
      if (what !== 'receive') continue
      const { from } = LAYOUT.channels[args[1] as number]!
      if (LAYOUT.vertices[from]!.kind !== 'source') continue
      ahead.set(from, ahead.get(from)! - 1)
    }
    return most
  }

  it.each([1, 2, 4, 8])(
    'hold a reader back: with a credit of %i, no more records are on their way than fit',
    (credit) => {
      for (const seed of SEEDS) {
        // a slow operator behind fast readers: two channels per reader, and the one record that waits for credit
        const costs = { sourceCostUs: UNIT, operatorCostUs: 60 * UNIT, checkpointTimeoutUs: 5000 * UNIT }
        const played = fine(play({ seed, channelCapacity: credit, ...costs }))
        const most = mostInFlight(played)
        expect(most).toBeLessThanOrEqual(2 * credit + 1)
        expect(most).toBeGreaterThan(credit)
      }
    },
  )

  it('make the readers as slow as the operator', () => {
    const time = (operatorUnits: number): number =>
      play({ channelCapacity: 1, sourceCostUs: UNIT, operatorCostUs: operatorUnits * UNIT })
        .timesOf('read')
        .at(-1)!
    expect(time(80)).toBeGreaterThan(2 * time(20))
  })

  it('do not let back-pressure change what is committed', () => {
    for (const credit of [1, 3, 32]) exactlyOnce(play({ channelCapacity: credit }))
  })
})

describe('a paused task manager', () => {
  const pause = (units: number, when: Fault['when']): Fault => ({
    what: 'pause-taskmanager',
    target: { taskManager: 0 },
    when,
    forUs: units * UNIT,
  })

  it('is not given up before the heartbeat times out', () => {
    for (const seed of SEEDS) {
      const played = play({ seed, faults: [pause(340, { at: 700 * UNIT })] })
      exactlyOnce(played)
      expect(played.timesOf('restarting')).toEqual([])
    }
  })

  it('is given up when the heartbeat times out, and its tasks are zombies when it wakes: nothing they do counts', () => {
    let zombieCalls = 0
    let zombieSnapshots = 0
    for (let i = 0; i < 20; i += 1) {
      const played = play({ seed: `z/${i}`, faults: [pause(500, { at: 700 * UNIT })], twinned: false })
      exactlyOnce(played)
      const [struck] = played.timesOf('restarting')
      expect((struck! - 700 * UNIT) / UNIT).toBe(350)
      const [, forked] = played.timesOf('fork')
      const zombies = played.heard.filter((heard) => {
        const dead = heard.what === 'read' || heard.what === 'receive' || heard.what === 'sync'
        return dead && heard.at > forked! && executionOf(heard) === 1
      })
      zombieCalls += zombies.filter(({ what }) => what !== 'sync').length
      zombieSnapshots += zombies.filter(({ what }) => what === 'sync').length
    }
    expect(zombieCalls).toBeGreaterThan(20)
    expect(zombieSnapshots).toBe(0)
  })
})

describe('a crash of the job manager', () => {
  const crash = (when: Fault['when']): Fault => ({ what: 'crash-jobmanager', target: 'job-manager', when })

  it('fences the writes of the old leader: what comes after the next election is refused', () => {
    for (const seed of SEEDS) {
      const faults: Fault[] = [
        { what: 'slow', target: { effect: 'metadata' }, when: at('metadata-begin', 1), forUs: 1500 * UNIT },
        crash(at('metadata-begin', 1)),
      ]
      const played = play({ seed, faults })
      exactlyOnce(played)
      const entries = played.firstsOf<CompletedCheckpoint>('entryDurable')
      expect(entries.map(({ id }) => id)).not.toContain(1)
      expect(entries.length).toBeGreaterThan(0)
      expect(new Set(entries.map(({ epoch }) => epoch))).toEqual(new Set([2]))
      expect(played.firstsOf('fork')).toEqual([null, null])
    }
  })

  it('is followed by a new leader, with the epoch after, that goes on from what is durable', () => {
    const when = [at('metadata-applied', 1), at('notify-sent', 2), at('entry-removed', 1), at('trigger-sent', 3)]
    for (const [i, anchor] of when.entries()) {
      const played = play({ seed: `j/${i}`, faults: [crash(anchor)], twinned: false })
      exactlyOnce(played)
      const durable = played.firstsOf<CompletedCheckpoint>('entryDurable')
      const [, again] = played.firstsOf<CompletedCheckpoint>('fork')
      const before = durable.filter(({ epoch }) => epoch === 1)
      expect(again).toBe(before.at(-1))
      expect(played.phaseTimes('leader-elected')).toHaveLength(2)
    }
  })

  it('can come again and again, also while a new leader is being elected', () => {
    const times = [400, 650, 900, 1200, 1600]
    exactlyOnce(play({ faults: times.map((units) => crash({ at: units * UNIT })), twinned: false }))
  })
})

describe('messages that come twice', () => {
  it.each([
    ['deploy', 'deploy-sent', 10],
    ['split-assign', 'split-assigned', 8],
    ['split-request', 'split-requested', 8],
    ['running', 'running-sent', 5],
    ['cancel', 'cancel-sent', 5],
    ['cancelled', 'cancelled-sent', 4],
    ['finished', 'finished-sent', 5],
    ['ack', 'ack-sent', 10],
    ['notify', 'notify-sent', 10],
    ['trigger', 'trigger-sent', 4],
  ] as const)('%s: no copy does anything', (effect, phase, most) => {
    const crash: Fault = { what: 'crash-task', target: { operator: 'count', subtask: 1 }, when: { at: 1100 * UNIT } }
    let struck = 0
    for (let nth = 1; nth <= most; nth += 1) {
      const faults: Fault[] = [{ what: 'duplicate', target: { effect }, when: at(phase, nth) }, crash]
      const played = play({ seed: `d/${nth}`, faults, twinned: false })
      exactlyOnce(played)
      struck += played.result.fired[0] ? 1 : 0
    }
    expect(struck).toBeGreaterThan(most / 2)
  })

  it('a deployment that comes twice starts one attempt', () => {
    for (let nth = 1; nth <= 5; nth += 1) {
      const faults: Fault[] = [{ what: 'duplicate', target: { effect: 'deploy' }, when: at('deploy-sent', nth) }]
      const played = fine(play({ faults }))
      expect(played.timesOf('restored')).toHaveLength(5)
      expect(attemptsAtWork(played)).toHaveLength(5)
    }
  })

  it('a split that comes twice is read once', () => {
    for (let nth = 1; nth <= 4; nth += 1) {
      const faults: Fault[] = [
        { what: 'duplicate', target: { effect: 'split-assign' }, when: at('split-assigned', nth) },
      ]
      const played = fine(play({ faults }))
      expect(played.timesOf('splitAdded')).toHaveLength(4)
      expect(played.timesOf('read')).toHaveLength(100)
    }
  })
})

describe('messages that come late or never', () => {
  it.each([
    ['drop', 'trigger', 'trigger-sent'],
    ['drop', 'ack', 'ack-sent'],
    ['drop', 'notify', 'notify-sent'],
    ['delay', 'notify', 'notify-sent'],
    ['delay', 'failure', 'failure-sent'],
    ['delay', 'deploy', 'deploy-sent'],
    ['delay', 'split-assign', 'split-assigned'],
    ['delay', 'finished', 'finished-sent'],
  ] as const)('%s of %s: the job gets over it', (what, effect, phase) => {
    const crash: Fault = { what: 'crash-task', target: { operator: 'numbers', subtask: 0 }, when: { at: 900 * UNIT } }
    for (let nth = 1; nth <= 3; nth += 1) {
      const fault: Fault = {
        what,
        target: { effect },
        when: at(phase, nth),
        ...(what === 'delay' ? { forUs: 900 * UNIT } : {}),
      }
      exactlyOnce(play({ seed: `l/${nth}`, faults: [fault, crash], twinned: false }))
    }
  })
})

describe('a crash of a task manager', () => {
  it('ends its tasks at once; the job goes on with the other one, and with both later', () => {
    for (const seed of SEEDS) {
      const faults: Fault[] = [
        { what: 'crash-taskmanager', target: { taskManager: 0 }, when: { at: 1100 * UNIT } },
        { what: 'crash-taskmanager', target: { taskManager: 1 }, when: at('restored', 8) },
      ]
      const played = play({ seed, faults })
      exactlyOnce(played)
      const dead = played.heard.filter(
        (heard) =>
          heard.at > 1100 * UNIT && (heard.what === 'read' || heard.what === 'receive') && executionOf(heard) === 1,
      )
      expect(dead.every(({ args }) => (args[0] as Attempt).taskManager === 1)).toBe(true)
      expect(played.result.fired).toEqual([true, true])
    }
  })
})

describe('restarts', () => {
  it('end with the budget, and the job gives up', () => {
    const faults = Array.from(
      { length: 4 },
      (_, i): Fault => ({
        what: 'crash-task',
        target: { operator: 'sink', subtask: 0 },
        when: at('job-running', i + 1),
      }),
    )
    const { result, timesOf } = play({ faults, restartAttempts: 3 })
    expect([result.end, result.finding]).toEqual(['failed', null])
    expect(timesOf('restarting')).toHaveLength(3)
    expect([...result.tally.assumptions.keys()]).toEqual(['restart-budget'])
  })

  it('wait for the restart delay', () => {
    const crash: Fault = { what: 'crash-task', target: { operator: 'count', subtask: 0 }, when: { at: 800 * UNIT } }
    const played = fine(play({ faults: [crash], restartDelayUs: 5000 * UNIT }))
    const [gone] = played.phaseTimes('cancelled')
    expect((played.timesOf('basisRead')[1]! - gone!) / UNIT).toBeGreaterThanOrEqual(5000)
  })

  const crashesAtStart = Array.from(
    { length: 4 },
    (_, i): Fault => ({
      what: 'crash-task',
      target: { operator: 'sink', subtask: 0 },
      when: at('job-running', i + 1),
    }),
  )
  /** The keyed state of another job, which names its restart strategy. */
  const restarting = (name: string, strategy: RestartStrategy) =>
    scenario(name, (env) => {
      env.enableCheckpointing('1s').setRestartStrategy(strategy)
      env
        .fromSource(generatedSequence({ count: 20 }), 'numbers')
        .sinkTo(transactionalLog('out'))
        .uid('sink')
    })

  it('come later from failure to failure if the job asks for it', () => {
    const strategy = exponentialDelayRestart({ initialBackoff: '10s', backoffMultiplier: 2, jitterFactor: 0 })
    const played = play({ scenario: restarting('exponential', strategy), faults: crashesAtStart, records: 20 })
    expect([played.result.end, played.result.finding]).toEqual(['done', null])
    const failures = played.timesOf('restarting')
    const waits = played
      .timesOf('basisRead')
      .slice(1)
      .map((read, i) => Math.floor((read - failures[i]!) / 1_000_000))
    expect(waits).toEqual([10, 20, 40, 60])
  })

  it('end when failures come too fast, if the job asks for it', () => {
    const strategy = failureRateRestart(2, '1h', '1s')
    const { result, timesOf } = play({ scenario: restarting('rate', strategy), faults: crashesAtStart, records: 20 })
    expect([result.end, result.finding, timesOf('restarting').length]).toEqual(['failed', null, 2])
    expect([...result.tally.assumptions.keys()]).toEqual(['restart-budget'])
  })

  it('of a task that does not exist are refused, with the names there are', () => {
    const crash: Fault = { what: 'crash-task', target: { operator: 'map', subtask: 0 }, when: { at: 10 } }
    const { finding } = play({ faults: [crash] }).result
    expect(finding?.message).toContain(
      "the plan crashes a task of 'map', which the job does not have; its vertices are numbers, count, sink",
    )
  })

  it('take the subtask modulo the parallelism', () => {
    const crash = (subtask: number): Fault[] => [
      { what: 'crash-task', target: { operator: 'count', subtask }, when: { at: 800 * UNIT } },
    ]
    expect(play({ faults: crash(3) }).result.digest).toBe(play({ faults: crash(1) }).result.digest)
    expect(play({ faults: crash(2) }).result.digest).not.toBe(play({ faults: crash(1) }).result.digest)
  })
})

describe('sinks', () => {
  it('lose a transaction to its timeout: an assumption is broken, and said to be', () => {
    const faults: Fault[] = [
      { what: 'slow', target: { effect: 'metadata' }, when: at('metadata-begin', 1), forUs: 500 * UNIT },
      { what: 'expire-transactions', target: 'external', when: at('metadata-begin', 1) },
    ]
    const played = play({ faults })
    expect(played.result.finding).toBe(null)
    expect(played.result.tally.assumptions.get('transaction-timeout-over-outage')).toBeGreaterThan(0)
    expect(committed(played).length).toBeLessThan(EXPECTED)
  })

  it('fail with a write that is refused, and write again after the restart', () => {
    const faults: Fault[] = [{ what: 'fail', target: { effect: 'write' }, when: at('write-sent', 30) }]
    const played = play({ faults })
    exactlyOnce(played)
    expect(played.timesOf('restarting')).toHaveLength(1)
  })
})

describe('time', () => {
  it('lets processing-time timers fire at their time, never before', () => {
    const clock = scenario('clock', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      env
        .fromSource(generatedSequence({ count: 40, splits: 1 }), 'numbers')
        .keyBy((n) => n % 4, 'int')
        .process(() => ({
          processElement(n: number, context: ProcessContext<number>, out: Collector<readonly number[]>) {
            const timers = context.timerService()
            const now = timers.currentProcessingTime()
            timers.registerProcessingTimeTimer(now + 1 + (n % 7))
            out.collect([0, 0])
          },
          onTimer(timestampMs: number, context: ProcessContext<number>, out: Collector<readonly number[]>) {
            out.collect([timestampMs, context.timerService().currentProcessingTime()])
          },
        }))
        .uid('clock')
        .sinkTo(transactionalLog('out'))
        .uid('sink')
    })
    const { result } = fine(play({ scenario: clock, operatorCostUs: UNIT, channelCapacity: 32 }))
    const fired = (result.committed.out as [number, number][]).filter(([due]) => due > 0)
    expect(fired.length).toBeGreaterThan(20)
    for (const [due, now] of fired) {
      expect(now).toBeGreaterThanOrEqual(due)
      expect(now - due).toBeLessThan(20)
    }
  })
})

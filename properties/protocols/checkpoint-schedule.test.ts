import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { C, type CoordinatorWiring, type Timing } from '../../src/model/index.ts'
import { CheckpointSchedule } from '../../src/protocols/checkpoint-schedule.ts'
import { VirtualExecutor } from '../conformance/coordinator/virtual-executor.ts'

const start = extent()
afterAll(() => release(lease(start)))
const NEVER = Number.POSITIVE_INFINITY

/** A schedule that takes down when its triggers come. */
function scheduled(checkpointIntervalUs: number, minPauseUs: number, duringBacklog = NEVER, random = 0) {
  const executor = new VirtualExecutor()
  const triggers: number[] = []
  const ranges: number[] = []
  const wiring = {
    self: 0,
    timing: () => ({ checkpointIntervalUs, minPauseUs }) as Timing,
    kernel: {
      get now() {
        return executor.now
      },
      decide: (_site: number, _key: number, n: number) => {
        ranges.push(n)
        return random % n
      },
      schedule: (delay: number, _to: number, code: number) => {
        expect(code).toBe(C.TICK)
        return executor.schedule(delay, () => {
          triggers.push(executor.now)
          schedule.rearm()
        })
      },
      cancel: (handle: number) => executor.cancel(handle),
    },
  } as unknown as CoordinatorWiring
  const schedule = new CheckpointSchedule(wiring, duringBacklog)
  schedule.reset()
  return { schedule, executor, triggers, ranges }
}
const times = fc.record({ interval: fc.integer({ min: 1, max: 60 }), pause: fc.nat({ max: 90 }) })

describe('the schedule', () => {
  it('begins at random within [minimum pause, interval] and goes on by the interval, which is no shorter than the pause', () => {
    fc.assert(
      fc.property(times, fc.nat(), ({ interval, pause }, random) => {
        const { schedule, executor, triggers, ranges } = scheduled(interval, pause, NEVER, random)
        const effective = Math.max(interval, pause)
        schedule.start(1, false)
        expect(ranges).toEqual([effective - pause + 1])
        const first = schedule.next
        expect(first).toBeGreaterThanOrEqual(pause)
        expect(first).toBeLessThanOrEqual(effective)
        executor.advance(first + 3 * effective)
        expect(triggers).toEqual([0, 1, 2, 3].map((i) => first + i * effective))
        expect(schedule.next).toBe(first + 4 * effective)
      }),
    )
  })

  it('begins anew at the end of the pause, or an interval off if that trigger has come too early', () => {
    fc.assert(
      fc.property(times, fc.boolean(), ({ interval, pause }, tooEarly) => {
        const { schedule, executor, ranges } = scheduled(interval, pause)
        schedule.start(1, tooEarly)
        schedule.stop()
        expect(schedule.next).toBe(NEVER)
        executor.advance(1000)
        schedule.start(2, tooEarly)
        expect(schedule.next - executor.now).toBe(tooEarly ? Math.max(interval, pause) : pause)
        expect(ranges).toHaveLength(1)
      }),
    )
  })

  it('has no trigger after it is stopped, and one only when it is moved', () => {
    const { schedule, executor, triggers } = scheduled(100, 0, NEVER, 40)
    schedule.start(1, false)
    executor.advance(30)
    schedule.postpone(25)
    executor.advance(10)
    expect(triggers).toEqual([])
    executor.advance(120)
    expect(triggers).toEqual([55, 155])
    schedule.stop()
    executor.advance(500)
    expect(triggers).toEqual([55, 155])
  })
})

describe('a backlog', () => {
  it('that has a shorter interval counts at once; the longer one after it from the next trigger on', () => {
    const { schedule, executor, triggers } = scheduled(100, 0, 30, 100)
    schedule.start(1, false)
    executor.advance(10)
    schedule.noteBacklog(1, true)
    schedule.noteBacklog(2, true)
    expect(schedule.next).toBe(40)
    executor.advance(35)
    schedule.noteBacklog(1, false)
    executor.advance(30)
    expect(triggers).toEqual([40, 70])
    schedule.noteBacklog(2, false)
    expect(schedule.next).toBe(100)
    executor.advance(30)
    expect(schedule.next).toBe(200)
  })

  it('without an interval ends the triggers after the one that is due, and its end brings them back, scheduled or not', () => {
    const { schedule, executor, triggers } = scheduled(100, 0, NEVER, 100)
    schedule.start(1, false)
    schedule.noteBacklog(1, true)
    executor.advance(350)
    expect(triggers).toEqual([100])
    expect(schedule.next).toBe(NEVER)
    schedule.stop()
    schedule.noteBacklog(1, false)
    expect(schedule.next).toBe(450)
    executor.advance(250)
    expect(triggers).toEqual([100, 450, 550])
  })

  it('has an interval that is raised to the pause, too', () => {
    const { schedule } = scheduled(100, 50, 20, 100)
    schedule.start(1, false)
    schedule.noteBacklog(1, true)
    expect(schedule.next).toBe(50)
  })
})

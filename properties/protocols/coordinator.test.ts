/** The coordinator in runs of written plans, seen from outside. Rules: facts/checkpointing.md 2.1, flink-behaviour.md. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CompletedCheckpoint, Fault, SnapshotFile } from '../../src/model/index.ts'
import { type Played, play, UNIT } from '../check/scripted.ts'

const SEEDS = Array.from({ length: 6 }, (_, i) => `s/${i}`)
/** Slower sources: a run of about six checkpoints instead of three. */
const LONG = { sourceCostUs: 30 * UNIT }
const slow = (effect: 'put' | 'metadata', nth: number, units: number): Fault => ({
  what: 'slow',
  target: { effect },
  when: { phase: effect === 'put' ? 'put-begin' : 'metadata-begin', nth },
  forUs: units * UNIT,
})
const failing = (effect: 'put' | 'metadata', nth: number): Fault => ({
  what: 'fail',
  target: { effect },
  when: { phase: effect === 'put' ? 'put-begin' : 'metadata-begin', nth },
})

/** Most checkpoints that were on their way at the same time, from trigger to completion or expiry. */
function mostAtOnce(played: Played): number {
  let now = 0
  let most = 0
  for (const { what } of played.heard) {
    if (what === 'triggered') now += 1
    else if (what === 'completed' || what === 'expired') now -= 1
    else if (what === 'restarting') now = 0
    most = Math.max(most, now)
  }
  return most
}
function fine(played: Played): Played {
  expect(played.result.finding).toBe(null)
  expect(played.result.end).toBe('done')
  return played
}

describe('the schedule', () => {
  it('begins at random within [minimum pause, interval], then goes by the interval', () => {
    const first = new Set<number>()
    for (const seed of SEEDS) {
      const played = fine(play({ seed, minPauseUs: 100 * UNIT }))
      const [running] = played.timesOf('jobRunning')
      const triggered = played.timesOf('triggered')
      expect(triggered.length).toBeGreaterThanOrEqual(2)
      const wait = (triggered[0]! - running!) / UNIT
      expect(wait).toBeGreaterThanOrEqual(100)
      expect(wait).toBeLessThan(500 + 150) // the id is drawn and the enumerator asked before the trigger
      first.add(wait)
      for (let i = 1; i < triggered.length; i += 1) {
        const interval = (triggered[i]! - triggered[i - 1]!) / UNIT
        expect(Math.abs(interval - 500)).toBeLessThan(150)
      }
    }
    expect(first.size).toBe(SEEDS.length)
  })

  it('waits for the minimum pause from the end of a checkpoint, not from its trigger', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.integer({ min: 200, max: 900 }), (seed, pause) => {
        const played = fine(play({ seed, minPauseUs: pause * UNIT, checkpointIntervalUs: 200 * UNIT, twinned: false }))
        const ends = played.timesOf('completed')
        const begins = played.timesOf('triggered')
        expect(begins.length).toBeGreaterThan(1)
        begins.slice(1).forEach((at, i) => {
          const waited = (at - ends[i]!) / UNIT
          expect(waited).toBeGreaterThanOrEqual(pause)
          // the request was shifted to the end of the pause, and comes at the first chance
          expect(waited).toBeLessThan(pause + 200)
        })
      }),
      { numRuns: 15 },
    )
  })

  it.each([1, 2])('has no more than %i checkpoints at once, and that many if one takes long', (most) => {
    for (const seed of SEEDS) {
      const played = fine(play({ seed, faults: [slow('metadata', 1, 1200)], maxConcurrentCheckpoints: most, ...LONG }))
      expect(mostAtOnce(played)).toBe(most)
    }
  })

  it('makes up for a request that found no slot as soon as one is free', () => {
    const played = fine(play({ faults: [slow('metadata', 1, 700)], ...LONG }))
    const [firstEnd] = played.timesOf('completed')
    const begins = played.timesOf('triggered')
    expect((firstEnd! - begins[0]!) / UNIT).toBeGreaterThan(700)
    expect((begins[1]! - firstEnd!) / UNIT).toBeLessThan(150)
  })
})

describe('a checkpoint that is overtaken', () => {
  it('is aborted when a newer one completes, and counts as no failure', () => {
    // one slow upload keeps the first from completing, the second does not wait for it
    for (const seed of SEEDS) {
      const played = fine(
        play({
          seed,
          faults: [slow('put', 1, 1400)],
          maxConcurrentCheckpoints: 2,
          tolerableFailedCheckpoints: 0,
          ...LONG,
        }),
      )
      const completed = played.firstsOf('completed')
      const overtaken = played.firstsOf('triggered').filter((id) => id < completed[0]!)
      expect(completed).toEqual([...completed].sort((a, b) => a - b))
      expect(overtaken.length).toBe(1)
      const [end] = played.timesOf('completed')
      expect(played.phaseTimes('abort-sent').filter((at) => at === end)).toHaveLength(5)
      expect(played.timesOf('restarting')).toEqual([])
      expect(played.timesOf('expired')).toEqual([])
    }
  })
})

describe('requests that wait', () => {
  /** Two requests come while the first checkpoint is on its way. */
  const script = { faults: [slow('metadata', 1, 1400)], ...LONG, checkpointIntervalUs: 800 * UNIT }
  it('pile up while a checkpoint takes long, and are made up for one after the other', () => {
    const played = fine(play(script))
    const ends = played.timesOf('completed')
    const begins = played.timesOf('triggered')
    expect((ends[0]! - begins[0]!) / UNIT).toBeGreaterThan(1600)
    expect((begins[1]! - ends[0]!) / UNIT).toBeLessThan(150)
    expect((begins[2]! - ends[1]!) / UNIT).toBeLessThan(150)
    expect((begins[2]! - begins[1]!) / UNIT).toBeLessThan(800)
  })

  it('are dropped within the minimum pause, and the schedule goes on at its end', () => {
    const played = fine(play({ ...script, minPauseUs: 250 * UNIT }))
    const waited = (played.timesOf('triggered')[1]! - played.timesOf('completed')[0]!) / UNIT
    expect(waited).toBeGreaterThanOrEqual(250)
    expect(waited).toBeLessThan(250 + 150)
  })
})

describe('a checkpoint that fails', () => {
  it('expires exactly after its timeout, and every task hears of it', () => {
    for (const seed of SEEDS) {
      const played = fine(play({ seed, faults: [slow('put', 1, 3000)], ...LONG, checkpointTimeoutUs: 800 * UNIT }))
      const at = played.timesOf('expired')[0]!
      const [expired] = played.firstsOf('expired')
      const triggered = played.heard.find(({ what, args }) => what === 'triggered' && args[0] === expired)!
      expect((at - triggered.at) / UNIT).toBe(800)
      expect(played.phaseTimes('abort-sent').filter((sent) => sent === at)).toHaveLength(5)
    }
  })

  it('leaves no file behind: what was acknowledged is deleted, what comes late as well', () => {
    for (const seed of SEEDS) {
      const played = fine(play({ seed, faults: [slow('put', 1, 2000)], ...LONG, checkpointTimeoutUs: 800 * UNIT }))
      const [expired] = played.firstsOf('expired')
      const of = (what: 'fileDurable' | 'fileDeleted') =>
        played
          .firstsOf<SnapshotFile>(what)
          .filter(({ checkpoint }) => checkpoint === expired)
          .map(({ id }) => id)
          .sort((a, b) => a - b)
      expect(of('fileDurable').length).toBeGreaterThanOrEqual(4)
      expect(of('fileDeleted')).toEqual(of('fileDurable'))
    }
  })

  it('is declined when a write fails, and no write of its metadata begins', () => {
    const played = fine(play({ faults: [failing('put', 2)] }))
    expect(played.phaseTimes('decline-sent')).toHaveLength(1)
    expect(played.firstsOf<CompletedCheckpoint>('entryDurable').map(({ id }) => id)).not.toContain(1)
    expect(played.phaseTimes('metadata-begin')).toHaveLength(played.timesOf('entryDurable').length)
  })

  it.each([
    [0, 1, 1],
    [1, 1, 0],
    [1, 2, 1],
    [2, 2, 0],
  ])('with %i tolerable failures, %i in a row restart the job %i times', (tolerable, failures, restarts) => {
    const faults = [1, 2].slice(0, failures).map((nth) => failing('metadata', nth))
    const played = fine(play({ faults, tolerableFailedCheckpoints: tolerable, ...LONG }))
    expect(played.timesOf('restarting')).toHaveLength(restarts)
    if (restarts > 0) expect(played.firstsOf<unknown>('restarting')).toEqual([null])
  })

  it('counts only in a row: a completed one in between begins the count anew', () => {
    const faults = [failing('metadata', 1), failing('metadata', 3)]
    const apart = fine(play({ faults, tolerableFailedCheckpoints: 1, ...LONG }))
    expect(apart.phaseTimes('metadata-begin').length).toBeGreaterThanOrEqual(4)
    expect(apart.timesOf('restarting')).toEqual([])
  })
})

describe('a write of metadata with an unknown outcome', () => {
  const fault: Fault = { what: 'ambiguous', target: { effect: 'metadata' }, when: { phase: 'metadata-begin', nth: 1 } }

  it('is read back: what is in the store counts, what is not is discarded', () => {
    const outcomes = new Set<boolean>()
    for (let i = 0; i < 12; i += 1) {
      const played = fine(play({ seed: `u/${i}`, faults: [fault], ...LONG, twinned: false }))
      const durable = played.firstsOf<CompletedCheckpoint>('entryDurable').some(({ id }) => id === 1)
      outcomes.add(durable)
      expect(played.firstsOf('completed').includes(1)).toBe(durable)
      expect(played.timesOf('restarting')).toEqual([])
    }
    expect(outcomes.size).toBe(2)
  })
})

describe('subsumption', () => {
  it.each([1, 2, 3])('keeps the newest %i; entries leave the store before their files are deleted', (retained) => {
    for (const seed of SEEDS.slice(0, 3)) {
      const played = fine(
        play({ seed, retainedCheckpoints: retained, ...LONG, checkpointIntervalUs: 300 * UNIT, twinned: false }),
      )
      const added = played.firstsOf<CompletedCheckpoint>('entryDurable')
      const removed = played.firstsOf<CompletedCheckpoint>('entryRemoved')
      expect(added.length).toBeGreaterThan(retained + 1)
      expect(removed.map(({ id }) => id)).toEqual(added.slice(0, -retained).map(({ id }) => id))
      const stored = new Set<CompletedCheckpoint>()
      for (const { what, args } of played.heard) {
        if (what === 'entryDurable') stored.add(args[0] as CompletedCheckpoint)
        if (what === 'entryRemoved') stored.delete(args[0] as CompletedCheckpoint)
        expect(stored.size).toBeLessThanOrEqual(retained + 1)
        if (what !== 'fileDeleted') continue
        const { id } = args[0] as SnapshotFile
        expect([...stored].some(({ files }) => files.includes(id))).toBe(false)
      }
      const completed = new Set(added.map(({ id }) => id))
      const deleted = played.firstsOf<SnapshotFile>('fileDeleted').filter(({ checkpoint }) => completed.has(checkpoint))
      const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)
      expect(ascending(deleted.map(({ id }) => id))).toEqual(ascending(removed.flatMap(({ files }) => files)))
    }
  })
})

describe('a restart', () => {
  it('waits for a write in flight and goes on from what it has made durable', () => {
    for (const seed of SEEDS) {
      const faults: Fault[] = [
        slow('metadata', 1, 900),
        { what: 'crash-task', target: { operator: 'count', subtask: 0 }, when: { phase: 'metadata-begin', nth: 1 } },
      ]
      const played = fine(play({ seed, faults }))
      const [durable] = played.timesOf('entryDurable')
      const [failed] = played.timesOf('restarting')
      const forks = played.timesOf('fork')
      expect(failed).toBeLessThan(durable!)
      expect(forks[1]).toBeGreaterThan(durable!)
      expect(played.firstsOf<CompletedCheckpoint>('fork')[1]?.id).toBe(1)
    }
  })

  it('aborts what was on its way: no checkpoint of the old execution completes afterwards', () => {
    for (const seed of SEEDS) {
      const crash: Fault = {
        what: 'crash-task',
        target: { operator: 'sink', subtask: 0 },
        when: { phase: 'barrier-received', nth: 2 },
      }
      const played = fine(play({ seed, faults: [crash] }))
      expect(played.timesOf('restarting')).toHaveLength(1)
      expect(played.firstsOf('completed')).not.toContain(1)
      expect(played.firstsOf<CompletedCheckpoint | null>('fork')).toEqual([null, null])
    }
  })

  it('tells the tasks of what was on its way that it is off', () => {
    const crash: Fault = {
      what: 'crash-task',
      target: { operator: 'sink', subtask: 0 },
      when: { phase: 'barrier-received', nth: 2 },
    }
    const played = fine(play({ faults: [crash] }))
    const [failed] = played.timesOf('restarting')
    expect(played.phaseTimes('abort-sent').filter((at) => at === failed)).toHaveLength(5)
  })

  it('gives checkpoints new ids: none is used twice', () => {
    const crash: Fault = { what: 'crash-jobmanager', target: 'job-manager', when: { phase: 'ack-received', nth: 7 } }
    const played = fine(play({ faults: [crash], ...LONG }))
    const ids = played.firstsOf('triggered')
    expect(ids.length).toBeGreaterThan(3)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  })
})

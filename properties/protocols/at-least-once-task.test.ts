import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { BARRIER, CANCEL, PHASE_NAMES } from '../../src/model/index.ts'
import { AtLeastOnceTask } from '../../src/protocols/at-least-once-task.ts'
import { RecordingTaskHost, takeDue } from '../conformance/recording-task-host.ts'
import { runSuite } from '../conformance/run-suite.ts'
import { suiteFiles } from '../conformance/suite-file.ts'
import { type AtLeastOnceCase, atLeastOnce as suite } from '../conformance/suites/at-least-once.ts'

const start = extent()
afterAll(() => release(lease(start)))

function task(inputs: number, restored = 0, endsCount = true) {
  const host = new RecordingTaskHost(inputs)
  const tracker = new AtLeastOnceTask(host, 'task', {}, endsCount)
  tracker.reset(restored)
  return {
    host,
    tracker,
    barrier: (input: number, id: number) => tracker.onControl(input, BARRIER, id),
    cancel: (input: number, id: number) => tracker.onControl(input, CANCEL, id),
    /** The mailbox gets its turn: snapshots that are due are taken. Gives those that are. */
    settle: () => host.due.splice(0).filter((id) => takeDue(tracker, id)),
    /** What was done since the last look. */
    did: () => host.take().map(([what, of]) => `${what} ${of}`),
    pending: () => Array.from({ length: tracker.pending.length }, (_, place) => tracker.pending.ids.at(place)),
  }
}

describe('beside CheckpointBarrierTracker of Flink 2.3.0', () => {
  const cases = suiteFiles('properties/fixtures')
    .find((file) => file.suite === 'at_least_once')!
    .cases() as readonly AtLeastOnceCase[]
  const ends = (fin: boolean) => cases.filter((of) => of.fin === fin && of.steps.some(({ ev }) => ev[0] === 'e'))

  it('does the same at every step of every case', () => {
    const report = runSuite('at_least_once', suite, cases)
    expect(report).toEqual({ suite: 'at_least_once', cases: 723, steps: 22_097, agreed: 723 })
  })

  it('is put to the test: the cases have ends of partitions, and queues that are full', () => {
    expect([ends(true).length, ends(false).length]).toEqual([206, 104])
    const lengths = cases.flatMap(({ steps }) => steps.map(({ pend = [] }) => pend.length))
    expect(Math.max(...lengths)).toBe(50)
  })
})

describe('a task that counts barriers', () => {
  it('blocks nothing, and takes the snapshot when the mailbox gets its turn', () => {
    const { host, barrier, did, settle } = task(2)
    barrier(0, 1)
    barrier(0, 2)
    expect(did()).toEqual([])
    barrier(1, 1)
    expect(host.due).toEqual([1])
    expect(settle()).toEqual([1])
    barrier(1, 2)
    expect(settle()).toEqual([2])
    expect(did()).toEqual(['barrier 1', 'snapshot 1', 'barrier 2', 'snapshot 2'])
  })

  it('tells downstream and the coordinator of a checkpoint that is cancelled, and of each older one', () => {
    const { barrier, cancel, did, pending } = task(3)
    barrier(0, 1)
    barrier(0, 2)
    cancel(1, 3)
    expect(did()).toEqual(['abort 1', 'cancel 1', 'abort 2', 'cancel 2', 'abort 3', 'cancel 3'])
    cancel(0, 3)
    cancel(2, 3)
    expect([did(), pending()]).toEqual([[], []])
  })

  it('marks the phases', () => {
    const { host, barrier } = task(2)
    barrier(1, 1)
    barrier(0, 1)
    expect(host.phases.map((code) => PHASE_NAMES[code])).toEqual(['barrier-received', 'barrier-received', 'aligned'])
  })

  it('skips a checkpoint whose abort notice came first, and tells downstream', () => {
    const { tracker, barrier, did, settle } = task(2)
    tracker.onAbort(1)
    barrier(0, 1)
    barrier(1, 1)
    expect(settle()).toEqual([])
    expect(did()).toEqual(['cancel 1'])
    barrier(0, 2)
    barrier(1, 2)
    expect(settle()).toEqual([2])
    expect(tracker.subtask.inFlight).toBe(1)
    tracker.onAbort(2)
    expect(tracker.subtask.inFlight).toBe(0)
  })

  it('takes no snapshot twice, though a single input makes it due as often as its barrier comes', () => {
    const { host, barrier, settle } = task(1)
    barrier(0, 4)
    expect(settle()).toEqual([4])
    barrier(0, 4)
    expect(host.due).toEqual([4])
    expect(settle()).toEqual([])
  })

  it('takes a completion for news once, in rising order, and none that the restored checkpoint knew', () => {
    const { tracker, did } = task(1, 5)
    for (const id of [4, 5, 6, 6, 8, 7, 9]) tracker.onComplete(id)
    expect(did()).toEqual(['complete 6', 'complete 8', 'complete 9'])
  })

  it('of a source is triggered by the coordinator, once per checkpoint and never for an old one', () => {
    const { tracker, settle } = task(0, 5)
    const taken = [5, 4, 6, 6, 7].flatMap((id) => {
      tracker.onTrigger(id, false)
      return settle()
    })
    expect(taken).toEqual([6, 7])
  })

  it('lets an input that ends stand for its barrier', () => {
    const { tracker, barrier, settle, pending } = task(3)
    barrier(0, 1)
    barrier(1, 1)
    barrier(0, 2)
    tracker.onEndOfInput(2)
    expect([settle(), pending()]).toEqual([[1], [2]])
    barrier(1, 2)
    expect([settle(), pending()]).toEqual([[2], []])
  })

  it('aborts what is pending at the end of an input if it is told so', () => {
    const { tracker, barrier, settle, did, pending } = task(2, 0, false)
    barrier(0, 1)
    barrier(0, 2)
    tracker.onEndOfInput(1)
    expect([did(), pending()]).toEqual([['abort 1', 'cancel 1', 'abort 2', 'cancel 2'], []])
    barrier(0, 3)
    expect(settle()).toEqual([3])
  })

  it('begins anew with an attempt: nothing of the last one is left', () => {
    const { tracker, barrier, settle, pending, did } = task(2)
    barrier(0, 3)
    tracker.onAbort(7)
    tracker.onComplete(3)
    tracker.onEndOfInput(0)
    tracker.reset(2)
    expect(pending()).toEqual([])
    did()
    tracker.onComplete(3)
    expect(did()).toEqual(['complete 3'])
    const taken = [3, 7].flatMap((id) => {
      barrier(0, id)
      barrier(1, id)
      return settle()
    })
    expect(taken).toEqual([3, 7])
  })

  it('says which event it did not expect', () => {
    const { tracker, barrier } = task(1)
    barrier(0, 1)
    expect(() => barrier(0, 2)).toThrow('task: BARRIER of checkpoint 2 is not expected in state due')
    expect(() => tracker.onTrigger(2, false)).toThrow('task: TRIGGER of checkpoint 2 is not expected in state due')
  })
})

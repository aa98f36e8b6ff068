import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { ALIGNED, ALIGNED_WITH_TIMEOUT, type AlignmentType, UNALIGNED } from '../../src/protocols/alignment-type.ts'
import {
  SubtaskCheckpointCoordinator,
  type SubtaskOptions,
} from '../../src/protocols/subtask-checkpoint-coordinator.ts'
import { RecordingSubtaskHost } from '../conformance/recording-subtask-host.ts'
import type { Asked } from '../conformance/recording-task-host.ts'
import { runSuite } from '../conformance/run-suite.ts'
import { suiteFiles } from '../conformance/suite-file.ts'
import { type SubtaskCase, subtask as suite } from '../conformance/suites/subtask.ts'

const start = extent()
afterAll(() => release(lease(start)))

const FILE = 7
const CANCELLED = 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'

function machine(options: SubtaskOptions = {}, restored = 0) {
  const host = new RecordingSubtaskHost()
  const from = extent()
  const subtask = new SubtaskCheckpointCoordinator(host, 'task', {}, { channelState: host, listener: host, ...options })
  const own = lease(from)
  subtask.reset(restored)
  return {
    host,
    subtask,
    /** What was asked for since the last look. */
    did: () => host.take().map((asked) => asked.join(' ')),
    /** Triggers it and takes the snapshot if it is to be taken. */
    take: (id: number, alignment: AlignmentType = ALIGNED) => {
      subtask.trigger(id, alignment)
      if (!subtask.taking) return
      subtask.prepared(id)
      subtask.taken(id)
    },
    store: (id: number) => {
      subtask.serialized(id)
      subtask.stored(id, FILE)
    },
    end: () => release(own),
  }
}

describe('beside SubtaskCheckpointCoordinatorImpl of Flink 2.3.0', () => {
  const cases = suiteFiles('properties/fixtures')
    .find((file) => file.suite === 'subtask')!
    .cases() as readonly SubtaskCase[]
  const acts = cases.flatMap(({ steps }) => steps.flatMap(({ acts = [] }) => acts))
  const times = (what: string) => acts.filter(([act]) => act === what).length

  it('does the same at every step of every case', () => {
    expect(runSuite('subtask', suite, cases)).toEqual({ suite: 'subtask', cases: 362, steps: 5579, agreed: 362 })
  })

  it('is put to the test: snapshots fail, are cancelled and time out', () => {
    expect(cases.flatMap(({ steps }) => steps).filter(({ throws }) => throws !== undefined)).toHaveLength(74)
    expect(['ack', 'decline', 'incomplete', 'outTimeout'].map(times)).toEqual([654, 463, 80, 23])
  })
})

describe('a snapshot', () => {
  it('has its barrier sent between the preparation and the copy, so that a preparation may take a step of its own', () => {
    const { subtask, did } = machine()
    subtask.trigger(1, ALIGNED)
    expect([did(), subtask.taking]).toEqual([['preBarrier 1'], true])
    subtask.prepared(1)
    expect(did()).toEqual(['sendBarrier 1 0', 'snapshot 1'])
    subtask.taken(1)
    expect([did(), subtask.taking, subtask.inFlight]).toEqual([[], false, 1])
  })

  it('hears of notices while it is prepared', () => {
    const { subtask, did } = machine()
    subtask.trigger(2, ALIGNED)
    did()
    subtask.notifyComplete(1)
    subtask.notifyAborted(3)
    expect(did()).toEqual(['opComplete 1', 'localComplete 1', 'csAbort 3 0', 'opAborted 3', 'localAborted 3'])
    expect(subtask.taking).toBe(true)
  })

  it('holds what is in flight as its barriers go past it', () => {
    const { subtask, did, take } = machine()
    subtask.initInputs(1, ALIGNED)
    expect(did()).toEqual([])
    subtask.initInputs(2, UNALIGNED)
    take(2, UNALIGNED)
    expect(did()).toEqual([
      'csStart 2',
      'inputSnapshot 2',
      'csFinishInput 2',
      'preBarrier 2',
      'sendBarrier 2 1',
      'csFinishOutput 2',
      'csResult 2',
      'snapshot 2',
    ])
  })

  it('is done without any host for what is in flight', () => {
    const host = new RecordingSubtaskHost()
    const subtask = new SubtaskCheckpointCoordinator(host, 'task', {})
    subtask.reset(0)
    subtask.trigger(1, ALIGNED)
    subtask.prepared(1)
    subtask.taken(1)
    subtask.notifyAborted(1)
    subtask.abortOnBarrier(2, CANCELLED)
    expect(host.take().map(([act]) => act)).toEqual(['preBarrier', 'sendBarrier', 'snapshot', 'decline', 'sendCancel'])
  })

  it('says which event it did not expect', () => {
    const { subtask } = machine()
    expect(() => subtask.prepared(4)).toThrow('task: PREPARED of checkpoint 4 is not expected in state idle')
    subtask.trigger(4, ALIGNED)
    expect(() => subtask.trigger(5, ALIGNED)).toThrow(
      'task: TRIGGER of checkpoint 5 is not expected in state preparing',
    )
  })
})

describe('the timer of a barrier in the outputs', () => {
  it('is one: the next barrier takes its place, one that cannot time out only ends it', () => {
    const { subtask, did, take } = machine()
    const timers = () => did().filter((line) => /timer|Timeout/.test(line))
    take(1, ALIGNED_WITH_TIMEOUT)
    take(2, ALIGNED_WITH_TIMEOUT)
    expect(timers()).toEqual(['timer', 'untimer', 'timer'])
    subtask.outputTimeout(1)
    expect(timers()).toEqual([])
    subtask.outputTimeout(2)
    subtask.outputTimeout(2)
    expect(timers()).toEqual(['outTimeout 2'])
    take(3, ALIGNED_WITH_TIMEOUT)
    take(4)
    take(5)
    expect(timers()).toEqual(['timer', 'untimer'])
  })

  it('outlives the abort of another checkpoint', () => {
    const { subtask, did, take } = machine()
    take(1, ALIGNED_WITH_TIMEOUT)
    subtask.abortOnBarrier(2, CANCELLED)
    expect(did()).not.toContain('untimer')
    subtask.abortOnBarrier(1, CANCELLED)
    expect(did()).toContain('untimer')
  })
})

describe('an asynchronous part', () => {
  it('ends in one acknowledgement, though its answers come twice', () => {
    const { subtask, did, take, store } = machine()
    take(1)
    did()
    for (let i = 0; i < 3; i += 1) store(1)
    subtask.notStored(1, FILE)
    expect(did()).toEqual(['ack 1'])
  })

  it('that fails declines, unless the task is not running any more', () => {
    const { host, subtask, did, take } = machine()
    for (const id of [1, 2]) take(id)
    subtask.serialized(1)
    did()
    subtask.notStored(1, FILE)
    expect(did()).toEqual(['decline 1 CHECKPOINT_ASYNC_EXCEPTION'])
    host.running = false
    subtask.notStored(2, FILE)
    expect([did(), subtask.inFlight]).toEqual([[], 0])
  })

  it('that is cancelled stores nothing afterwards, and what it was just storing is deleted, whatever became of it', () => {
    const { host, subtask, did, take } = machine()
    for (const id of [1, 2, 3]) take(id)
    subtask.serialized(2)
    subtask.serialized(3)
    host.uploading = 0
    did()
    for (const id of [1, 2, 3]) subtask.notifyAborted(id)
    expect(did().filter((line) => line.startsWith('incomplete'))).toEqual([
      'incomplete 1',
      'incomplete 2',
      'incomplete 3',
    ])
    subtask.serialized(1)
    expect([host.uploading, did()]).toEqual([0, []])
    subtask.stored(2, 12)
    subtask.notStored(3, 13)
    expect(did()).toEqual(['discard 12', 'discard 13'])
    subtask.stored(2, 12)
    expect(did()).toEqual([])
  })

  it('is refused while all places are taken, by those too that are cancelled and have not ended', () => {
    const { subtask, did, take, store } = machine({ asyncParts: 2 })
    for (const id of [1, 2]) take(id)
    subtask.notifyAborted(1)
    did()
    take(3)
    expect(did().slice(-2)).toEqual(['csAbort 3 1', 'decline 3 CHECKPOINT_ASYNC_EXCEPTION'])
    subtask.serialized(1)
    take(4)
    did()
    store(2)
    store(4)
    expect(did()).toEqual(['ack 2', 'ack 4'])
  })
})

describe('notices', () => {
  it('of a completion are news once, in rising order, and never of what was complete before the restore', () => {
    const { subtask, did } = machine({}, 5)
    expect([4, 5, 6, 6, 8, 7, 9].filter((id) => subtask.confirm(id))).toEqual([6, 8, 9])
    expect(did().filter((line) => line.startsWith('op'))).toEqual(['opComplete 6', 'opComplete 8', 'opComplete 9'])
  })

  it('to a task that is not running stay outside of it', () => {
    const { host, subtask, did, take } = machine()
    take(1)
    did()
    host.running = false
    subtask.notifyAborted(1)
    subtask.notifyAborted(2)
    subtask.notifyComplete(1)
    subtask.notifySubsumed(1)
    expect(did()).toEqual(['localAborted 1', 'localAborted 2', 'localComplete 1'])
    expect([subtask.inFlight, subtask.aborted.length]).toEqual([1, 0])
  })

  it('of the last attempt are forgotten with it, and so are its asynchronous parts', () => {
    const { subtask, did, take, store } = machine()
    take(3)
    subtask.notifyAborted(7)
    subtask.confirm(2)
    subtask.reset(2)
    did()
    expect([subtask.inFlight, subtask.aborted.length, subtask.confirm(2), subtask.confirm(3)]).toEqual([
      0,
      0,
      false,
      true,
    ])
    store(3)
    take(3)
    take(7)
    expect(did().filter((line) => line.startsWith('snapshot'))).toEqual(['snapshot 3', 'snapshot 7'])
    expect(subtask.inFlight).toBe(2)
  })
})

/** Flink's rule with JavaScript's own set, which keeps the order of insertion as Java's linked one does. */
class Remembered {
  readonly ids = new Set<number>()
  last = 0
  highest = 0
  readonly limit: number
  constructor(limit: number) {
    this.limit = limit
  }
  notice(id: number, cancelled: boolean): void {
    if (cancelled || id <= this.last) return
    this.ids.add(id)
    if (this.ids.size > this.limit) this.ids.delete([...this.ids][0]!)
    this.highest = Math.max(this.highest, id)
  }
  trigger(id: number): 'out of order' | 'aborted' | 'taken' {
    const remembered = this.ids.delete(id) || id + this.limit < this.highest
    if (id <= this.last) return 'out of order'
    this.last = id
    return remembered ? 'aborted' : 'taken'
  }
  abortOnBarrier(id: number): void {
    this.last = Math.max(this.last, id)
    for (const old of this.ids) {
      if (old >= this.last) return
      this.ids.delete(old)
    }
  }
}
type Step = readonly ['trigger' | 'notice' | 'barrier' | 'store', id: number, alignment: AlignmentType]
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.constantFrom('trigger', 'trigger', 'notice', 'barrier', 'store'),
    fc.integer({ min: 1, max: 14 }),
    fc.constantFrom(ALIGNED, ALIGNED_WITH_TIMEOUT, UNALIGNED),
  ),
  { maxLength: 60 },
)

describe('whatever comes, in whatever order', () => {
  it('the aborts that count are those that Flink remembers', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (events, limit) => {
        const { subtask, did, take, store, end } = machine({ maxRemembered: limit })
        const model = new Remembered(limit)
        for (const [what, id, alignment] of events) {
          if (what === 'trigger') {
            take(id, alignment)
            const first = did()[0]
            const expected = {
              'out of order': `csAbort ${id} 1`,
              aborted: `sendCancel ${id} 0`,
              taken: `preBarrier ${id}`,
            }
            expect(first).toBe(expected[model.trigger(id)])
          }
          if (what === 'notice') {
            const before = subtask.inFlight
            subtask.notifyAborted(id)
            model.notice(id, subtask.inFlight < before)
          }
          if (what === 'barrier') {
            subtask.abortOnBarrier(id, CANCELLED)
            model.abortOnBarrier(id)
          }
          if (what === 'store') store(id)
          did()
          expect(Array.from({ length: subtask.aborted.length }, (_, i) => subtask.aborted.item(i))).toEqual([
            ...model.ids,
          ])
        }
        end()
      }),
    )
  })

  it('each checkpoint is taken once, in rising order, and each that was taken ends once', () => {
    fc.assert(
      fc.property(steps, (events) => {
        const { subtask, host, take, store, end } = machine()
        const asked: Asked[] = []
        for (const [what, id, alignment] of events) {
          if (what === 'trigger') take(id, alignment)
          if (what === 'notice') subtask.notifyAborted(id)
          if (what === 'barrier') subtask.abortOnBarrier(id, CANCELLED)
          if (what === 'store') store(id)
          asked.push(...host.take())
        }
        const open = subtask.inFlight
        for (let id = 1; id <= 14; id += 1) store(id)
        asked.push(...host.take())
        const of = (act: string) => asked.filter(([what]) => what === act).map(([, id]) => Number(id))
        const taken = of('snapshot')
        expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b))
        expect(of('sendBarrier')).toEqual(taken)
        const ended = [...of('ack'), ...of('incomplete')]
        expect(ended.sort((a, b) => a - b)).toEqual(taken)
        expect([open <= taken.length, subtask.inFlight]).toEqual([true, 0])
        // nobody hears of a file whose checkpoint was cancelled before it was stored
        for (const id of of('discard')) expect(id).toBe(FILE)
        end()
      }),
    )
  })
})

import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { BARRIER, CANCEL, type ChannelStateHost, type RecordingTaskHost } from '../../src/model/index.ts'
import { ChandyLamportTask } from '../../src/protocols/chandy-lamport-task.ts'
import { type Asked, RecordingTaskHost as Host, takeDue } from '../conformance/recording-task-host.ts'
import { network } from './snapshot-network.ts'

const start = extent()
afterAll(() => release(lease(start)))

/** Writes down what it is asked for, and what is recorded. */
class RecordingHost extends Host implements RecordingTaskHost {
  readonly channelState = new Proxy({} as ChannelStateHost, {
    get: (_, what: string) => (checkpoint: number) => void this.log.push([what, checkpoint]),
  })
  recordInput(checkpoint: number, input: number): void {
    this.log.push(['record', checkpoint, input])
  }
  stopRecording(checkpoint: number, input: number): void {
    this.log.push(['stop', checkpoint, input])
  }
  closeRecording(checkpoint: number): void {
    this.log.push(['close', checkpoint])
  }
}
function machine(inputs: number, restored = 0) {
  const host = new RecordingHost(inputs)
  const from = extent()
  const task = new ChandyLamportTask(host, 'task', {})
  const own = lease(from)
  task.reset(restored)
  return {
    task,
    /** What was asked for since the last look. */
    did: () => host.take().map((asked: Asked) => asked.join(' ')),
    marker: (input: number, checkpoint: number) => {
      task.onControl(input, BARRIER, checkpoint)
      while (host.due.length > 0) takeDue(task, host.due.shift()!)
    },
    begin: (checkpoint: number) => {
      task.onTrigger(checkpoint)
      while (host.due.length > 0) takeDue(task, host.due.shift()!)
    },
    end: () => release(own),
  }
}
const TAKEN = (checkpoint: number): string[] => [`barrier ${checkpoint}`, `snapshot ${checkpoint}`]

describe('a task', () => {
  it('takes the input of the first marker for empty, and records the others until theirs', () => {
    const { did, marker } = machine(3)
    marker(1, 1)
    expect(did()).toEqual(['start 1', 'record 1 0', 'record 1 1', 'record 1 2', 'stop 1 1', ...TAKEN(1)])
    marker(2, 1)
    expect(did()).toEqual(['stop 1 2'])
    marker(0, 1)
    expect(did()).toEqual(['stop 1 0', 'close 1'])
    marker(0, 1)
    expect(did()).toEqual([])
  })
  it('records all of its inputs if it begins by itself, and begins once', () => {
    const { did, marker, begin } = machine(2)
    begin(1)
    expect(did()).toEqual(['start 1', 'record 1 0', 'record 1 1', ...TAKEN(1)])
    begin(1)
    marker(0, 1)
    marker(1, 1)
    expect(did()).toEqual(['stop 1 0', 'stop 1 1', 'close 1'])
  })
  it('has nothing to record without inputs, or with one on which the marker comes', () => {
    const source = machine(0)
    source.begin(1)
    expect(source.did()).toEqual(['start 1', ...TAKEN(1), 'close 1'])
    const single = machine(1)
    single.marker(0, 1)
    expect(single.did()).toEqual(['start 1', 'record 1 0', 'stop 1 0', ...TAKEN(1), 'close 1'])
  })
  it('does not begin what is not above the restored one', () => {
    const { did, marker, begin } = machine(1, 5)
    marker(0, 5)
    begin(4)
    expect(did()).toEqual([])
  })
  it('keeps the recordings of two checkpoints apart', () => {
    const { did, marker } = machine(2)
    marker(0, 1)
    marker(0, 2)
    did()
    marker(1, 1)
    expect(did()).toEqual(['stop 1 1', 'close 1'])
    marker(1, 2)
    expect(did()).toEqual(['stop 2 1', 'close 2'])
  })
  it('gives up a checkpoint whose marker cannot come any more, since that of a newer one has', () => {
    const { did, marker } = machine(2)
    marker(0, 1)
    did()
    marker(1, 2)
    expect(did()).toEqual([
      'abort 1',
      'abort 1 CHECKPOINT_DECLINED_SUBSUMED',
      'abortOutputs 1',
      'cancel 1',
      'close 1',
      'start 2',
      'record 2 0',
      'record 2 1',
      'stop 2 1',
      ...TAKEN(2),
    ])
  })
  it('gives up what is cancelled, whether it has begun or not, and tells others', () => {
    const begun = machine(2)
    begun.marker(0, 1)
    begun.did()
    begun.task.onControl(1, CANCEL, 1)
    const given = ['abort 1', 'abort 1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER', 'abortOutputs 1', 'cancel 1']
    expect(begun.did()).toEqual([...given, 'close 1'])
    const waiting = machine(2)
    waiting.task.onControl(1, CANCEL, 1)
    expect(waiting.did()).toEqual(given)
    for (const { task, did, marker } of [begun, waiting]) {
      marker(0, 1)
      task.onControl(0, CANCEL, 1)
      expect(did()).toEqual([])
    }
  })
  it('forgets what the coordinator has aborted, and does not begin it afterwards but for a word to the others', () => {
    const begun = machine(2)
    begun.marker(0, 1)
    begun.did()
    begun.task.onAbort(1)
    expect(begun.did()).toEqual(['abort 1', 'close 1'])
    begun.marker(1, 1)
    expect(begun.did()).toEqual([])
    const waiting = machine(2)
    waiting.task.onAbort(1)
    waiting.did()
    waiting.marker(0, 1)
    expect(waiting.did()).toContain('cancel 1')
    expect(waiting.did()).not.toContain('snapshot 1')
  })
  it('takes the end of an input for its markers', () => {
    const { did, marker, task } = machine(2)
    marker(0, 1)
    did()
    task.onEndOfInput(1)
    expect(did()).toEqual(['stop 1 1', 'close 1'])
    marker(0, 2)
    expect(did()).toContain('close 2')
  })
})

describe('processes that pass money on, as in the paper', () => {
  const schedule = fc.record({
    processes: fc.integer({ min: 1, max: 4 }),
    chords: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 4 }),
    steps: fc.array(fc.tuple(fc.constantFrom('send', 'send', 'deliver', 'begin'), fc.nat()), { maxLength: 120 }),
  })
  it('have all of it in every snapshot, in processes and in channels, on any graph', () => {
    let complete = 0
    let inFlight = 0
    fc.assert(
      fc.property(schedule, ({ processes, chords, steps }) => {
        const { step, finish, snapshots, total } = network(processes, chords)
        for (const [what, which] of steps) step(what, which)
        finish()
        for (const { balances, recorded } of snapshots()) {
          expect(balances + recorded).toBe(total)
          complete += 1
          inFlight += recorded
        }
        const begun = steps.some(([what]) => what === 'begin')
        if (begun) expect(snapshots().length).toBeGreaterThan(0)
      }),
      { numRuns: 400, seed: 1985 },
    )
    expect(complete).toBeGreaterThan(400)
    expect(inFlight).toBeGreaterThan(400)
  })
})

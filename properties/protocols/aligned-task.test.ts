import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { BARRIER, CANCEL, PHASE_NAMES } from '../../src/model/index.ts'
import { AlignedTask } from '../../src/protocols/aligned-task.ts'
import { RecordingTaskHost, takeDue } from '../conformance/recording-task-host.ts'
import { runSuite } from '../conformance/run-suite.ts'
import { suiteFiles } from '../conformance/suite-file.ts'
import { type AlignedCase, aligned as suite } from '../conformance/suites/aligned.ts'

// The tasks of this file are made and thrown away by the thousand.
const start = extent()
afterAll(() => release(lease(start)))

/** The mailbox gets its turn: snapshots that are due are taken. */
function settle(task: AlignedTask, host: RecordingTaskHost): void {
  for (const id of host.due.splice(0)) if (!takeDue(task, id)) host.log.push(['skip', id])
}
function task(inputs: number, restored = 0, endsAlign = true) {
  const host = new RecordingTaskHost(inputs)
  const aligned = new AlignedTask(host, 'task', {}, endsAlign)
  aligned.reset(restored)
  return {
    host,
    aligned,
    barrier: (input: number, id: number) => {
      host.stopped.add(input)
      aligned.onControl(input, BARRIER, id)
    },
    cancel: (input: number, id: number) => aligned.onControl(input, CANCEL, id),
    settle: () => settle(aligned, host),
    /** What was done since the last look. */
    did: () => host.take().map(([what, of]) => `${what} ${of}`),
  }
}

describe('beside SingleCheckpointBarrierHandler of Flink 2.3.0', () => {
  const cases = suiteFiles('properties/fixtures')
    .find((file) => file.suite === 'aligned')!
    .cases() as readonly AlignedCase[]
  const of = (...kinds: readonly string[]) => cases.filter(({ steps }) => steps.some(({ ev }) => kinds.includes(ev[0])))

  it('does the same at every step of every case', () => {
    expect(runSuite('aligned', suite, cases)).toEqual({ suite: 'aligned', cases: 717, steps: 18_909, agreed: 717 })
  })

  it('is put to the test: the cases have ends of partitions, with and without checkpoints after them', () => {
    expect([of('e').filter(({ fin }) => fin).length, of('e').filter(({ fin }) => !fin).length]).toEqual([203, 112])
  })
})

describe('an aligned task', () => {
  it('tells downstream and the coordinator of a checkpoint that is not taken here', () => {
    const { barrier, cancel, did } = task(2)
    barrier(0, 1)
    cancel(1, 1)
    expect(did()).toEqual(['block 0', 'resume 0', 'abort 1', 'cancel 1'])
    barrier(0, 2)
    barrier(1, 3)
    expect(did()).toEqual(['block 0', 'resume 0', 'abort 2', 'cancel 2', 'block 1'])
  })

  it('takes the snapshot only when the mailbox gets its turn, with all inputs blocked until then', () => {
    const { aligned, host, barrier, did } = task(2)
    barrier(0, 1)
    barrier(1, 1)
    expect(did()).toEqual(['block 0', 'block 1'])
    expect([...host.stopped]).toEqual([0, 1])
    expect(host.due).toEqual([1])
    expect(aligned.onSnapshotDue(1)).toBe(true)
    expect(did()).toEqual([])
    aligned.subtask.prepared(1)
    expect(did()).toEqual(['barrier 1', 'snapshot 1'])
    aligned.onSnapshotTaken(1)
    expect(did()).toEqual(['resume 0', 'resume 1'])
  })

  it('counts an input that ends as aligned, but only for the checkpoint that is pending', () => {
    const { aligned, barrier, settle, did } = task(3)
    barrier(0, 1)
    aligned.onEndOfInput(1)
    expect(did()).toEqual(['block 0'])
    aligned.onEndOfInput(2)
    settle()
    expect(did()).toEqual(['barrier 1', 'snapshot 1', 'resume 0'])
    barrier(0, 2)
    settle()
    expect(did()).toEqual(['block 0', 'barrier 2', 'snapshot 2', 'resume 0'])
  })

  it('aborts the pending checkpoint at the end of an input if it is told so', () => {
    const { aligned, barrier, settle, did } = task(2, 0, false)
    barrier(0, 1)
    aligned.onEndOfInput(1)
    expect(did()).toEqual(['block 0', 'resume 0', 'abort 1', 'cancel 1'])
    barrier(0, 2)
    settle()
    expect(did()).toEqual(['block 0', 'barrier 2', 'snapshot 2', 'resume 0'])
  })

  it('marks the phases', () => {
    const { host, barrier } = task(2)
    barrier(1, 1)
    barrier(0, 1)
    expect(host.phases.map((code) => PHASE_NAMES[code])).toEqual(['barrier-received', 'barrier-received', 'aligned'])
  })

  it('resumes the inputs of a checkpoint that it skips because the abort notice came first', () => {
    const { aligned, barrier, settle, did } = task(2)
    aligned.onAbort(1)
    barrier(0, 1)
    barrier(1, 1)
    settle()
    expect(did()).toEqual(['block 0', 'block 1', 'cancel 1', 'resume 0', 'resume 1', 'skip 1'])
  })

  it('hands notices on, of a completion each once and none that the restored checkpoint knew', () => {
    const { aligned, barrier, settle, did } = task(1, 5)
    for (const id of [4, 5, 6, 6, 8, 7, 9]) aligned.onComplete(id)
    expect(did()).toEqual(['complete 6', 'complete 8', 'complete 9'])
    barrier(0, 10)
    settle()
    expect(aligned.subtask.inFlight).toBe(1)
    aligned.onAbort(10)
    expect(aligned.subtask.inFlight).toBe(0)
  })

  it('of a source is triggered by the coordinator, once per checkpoint and never for an old one', () => {
    const { aligned, settle, did } = task(0, 5)
    for (const id of [5, 4, 6, 6, 7]) {
      aligned.onTrigger(id, false)
      settle()
    }
    expect(did().filter((line) => line.startsWith('snapshot'))).toEqual(['snapshot 6', 'snapshot 7'])
  })

  it('begins anew with an attempt: nothing of the last one is left', () => {
    const { aligned, barrier, host, settle, did } = task(2)
    barrier(0, 3)
    aligned.onAbort(7)
    aligned.onComplete(3)
    aligned.reset(2)
    host.stopped.clear()
    did()
    aligned.onComplete(3)
    expect(did()).toEqual(['complete 3'])
    for (const id of [3, 7]) {
      barrier(0, id)
      barrier(1, id)
      settle()
    }
    expect(did().filter((line) => line.startsWith('snapshot'))).toEqual(['snapshot 3', 'snapshot 7'])
  })

  it('says which event it did not expect', () => {
    const { aligned, barrier } = task(2)
    barrier(0, 1)
    expect(() => aligned.onTrigger(2, false)).toThrow('task: TRIGGER of checkpoint 2 is not expected in state aligning')
  })
})

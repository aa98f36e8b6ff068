import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { BARRIER, CANCEL, type ChannelStateHost, type RecordingTaskHost } from '../../src/model/index.ts'
import { BarriersCyclicTask } from '../../src/protocols/barriers-cyclic-task.ts'
import { RecordingTaskHost as Host, takeDue } from '../conformance/recording-task-host.ts'

const start = extent()
afterAll(() => release(lease(start)))

/** Writes down what it is asked for. The last inputs are back edges. */
class RecordingHost extends Host implements RecordingTaskHost {
  readonly feedbackInputs: number
  readonly channelState = new Proxy({} as ChannelStateHost, {
    get: (_, what: string) => (checkpoint: number) => void this.log.push([what, checkpoint]),
  })
  constructor(inputs: number, backEdges: number) {
    super(inputs + backEdges)
    this.feedbackInputs = backEdges
  }
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
function machine(inputs: number, backEdges: number) {
  const host = new RecordingHost(inputs, backEdges)
  const task = new BarriersCyclicTask(host, 'task', {})
  task.reset(0)
  const takeAllDue = (): void => {
    while (host.due.length > 0) takeDue(task, host.due.shift()!)
  }
  return {
    task,
    /** What was asked for since the last look. */
    did: () => host.take().map((asked) => asked.join(' ')),
    barrier: (input: number, checkpoint: number) => {
      task.onControl(input, BARRIER, checkpoint)
      takeAllDue()
    },
    cancel: (input: number, checkpoint: number) => {
      task.onControl(input, CANCEL, checkpoint)
      takeAllDue()
    },
    end: (input: number) => {
      task.onEndOfInput(input)
      takeAllDue()
    },
  }
}
const TAKEN = (checkpoint: number): string[] => [`barrier ${checkpoint}`, `snapshot ${checkpoint}`]
const LOGGED = (checkpoint: number, ...backEdges: number[]): string[] => [
  `start ${checkpoint}`,
  ...backEdges.map((input) => `record ${checkpoint} ${input}`),
]

describe('the head of a loop', () => {
  it('aligns its other inputs, copies its state, and logs the back edges from then until their barriers', () => {
    const { did, barrier } = machine(2, 2)
    barrier(0, 1)
    expect(did()).toEqual(['block 0'])
    barrier(1, 1)
    expect(did()).toEqual(['block 1', ...TAKEN(1), ...LOGGED(1, 2, 3), 'resume 0', 'resume 1'])
    barrier(3, 1)
    expect(did()).toEqual(['stop 1 3'])
    barrier(2, 1)
    expect(did()).toEqual(['stop 1 2', 'close 1'])
    barrier(2, 1)
    expect(did()).toEqual([])
  })
  it('keeps the logs of several checkpoints apart', () => {
    const { did, barrier } = machine(1, 1)
    barrier(0, 1)
    barrier(0, 2)
    expect(did().filter((what) => what.startsWith('record'))).toEqual(['record 1 1', 'record 2 1'])
    barrier(1, 1)
    expect(did()).toEqual(['stop 1 1', 'close 1'])
    barrier(1, 2)
    expect(did()).toEqual(['stop 2 1', 'close 2'])
  })
  it('gives a log up when a newer barrier comes round, since its own has been overtaken', () => {
    const { did, barrier } = machine(1, 1)
    barrier(0, 1)
    barrier(0, 2)
    did()
    barrier(1, 2)
    expect(did()).toEqual(expect.arrayContaining(['abort 1 CHECKPOINT_DECLINED_SUBSUMED', 'close 1', 'close 2']))
  })
  it('gives a log up when its checkpoint is cancelled on the way round, or aborted', () => {
    const cancelled = machine(1, 1)
    cancelled.barrier(0, 1)
    cancelled.did()
    cancelled.cancel(1, 1)
    expect(cancelled.did()).toContain('close 1')
    const aborted = machine(1, 1)
    aborted.barrier(0, 1)
    aborted.did()
    aborted.task.onAbort(1)
    expect(aborted.did()).toContain('close 1')
    aborted.barrier(1, 1)
    expect(aborted.did()).toEqual([])
  })
  it('takes a back edge that has ended for one whose barrier has come', () => {
    const { did, barrier, end } = machine(1, 2)
    barrier(0, 1)
    did()
    barrier(1, 1)
    end(2)
    expect(did()).toEqual(['stop 1 1', 'stop 1 2', 'close 1'])
    barrier(0, 2)
    expect(did()).toContain('record 2 1')
    barrier(1, 2)
    expect(did()).toEqual(['stop 2 1', 'close 2'])
  })
  it('drops the alignment of an older checkpoint for a newer one, and lets an obsolete barrier go on', () => {
    const { did, barrier } = machine(2, 1)
    barrier(0, 1)
    did()
    barrier(1, 2)
    expect(did()).toEqual(expect.arrayContaining(['resume 0', 'block 1']))
    barrier(0, 2)
    expect(did()).toEqual(expect.arrayContaining(TAKEN(2)))
    barrier(1, 1)
    expect(did()).toEqual(['resume 1'])
  })
  it('an input that ends while the others are aligned is not waited for', () => {
    const { did, barrier, end } = machine(2, 1)
    barrier(0, 1)
    did()
    end(1)
    expect(did()).toEqual(expect.arrayContaining([...TAKEN(1), ...LOGGED(1, 2)]))
  })
})

describe('any other task', () => {
  it('aligns, and logs nothing', () => {
    const { did, barrier } = machine(2, 0)
    barrier(0, 1)
    barrier(1, 1)
    expect(did()).toEqual(['block 0', 'block 1', ...TAKEN(1), 'resume 0', 'resume 1'])
  })
})

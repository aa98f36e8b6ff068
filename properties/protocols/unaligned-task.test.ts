import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import {
  type BARRIER,
  CANCEL,
  FORCED_BARRIER,
  FORCED_UNALIGNED_BARRIER,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../../src/model/index.ts'
import { UnalignedTask } from '../../src/protocols/unaligned-task.ts'
import { RecordingGateHost } from '../conformance/recording-gate-host.ts'
import { takeDue } from '../conformance/recording-task-host.ts'

// The tasks of this file are made and thrown away.
const start = extent()
afterAll(() => release(lease(start)))

/** Writes down how barriers go out. */
class SendingHost extends RecordingGateHost {
  readonly sentOn: string[] = []
  override broadcast(
    kind: typeof BARRIER | typeof TIMED_BARRIER | typeof CANCEL,
    _of: number,
    priority: boolean,
  ): void {
    if (kind !== CANCEL) this.sentOn.push(priority ? 'overtaking' : kind === TIMED_BARRIER ? 'timed' : 'aligned')
  }
}
const TIMEOUT_US = 20_000

/** How a task sends the barrier of checkpoint 1 on, once these have come on its inputs, in this order. */
function sentAfter(...kinds: readonly number[]): readonly string[] {
  const host = new SendingHost(kinds.length, TIMEOUT_US)
  const task = new UnalignedTask(host, 'task', {})
  task.reset(0)
  host.sent(1)
  kinds.forEach((kind, input) => {
    task.onControl(input, kind, 1)
    for (const due of host.due.splice(0)) takeDue(task, due)
  })
  return host.sentOn
}

describe('behind an edge that lets no barrier overtake', () => {
  it('what was timed before it is timed again', () => {
    expect(sentAfter(FORCED_BARRIER)).toEqual(['timed'])
    expect(sentAfter(TIMED_BARRIER)).toEqual(['timed'])
  })
  it('what overtook before it overtakes again, at once: its time is over', () => {
    expect(sentAfter(FORCED_UNALIGNED_BARRIER)).toEqual(['overtaking'])
    expect(sentAfter(UNALIGNED_BARRIER)).toEqual(['overtaking'])
  })
  it('the last of all barriers decides, as that completes the alignment', () => {
    expect(sentAfter(FORCED_BARRIER, FORCED_UNALIGNED_BARRIER)).toEqual(['overtaking'])
    expect(sentAfter(FORCED_UNALIGNED_BARRIER, FORCED_BARRIER)).toEqual(['timed'])
  })
  it('nothing is sent before all of them have come, whatever the time', () => {
    const host = new SendingHost(2, TIMEOUT_US)
    const task = new UnalignedTask(host, 'task', {})
    task.reset(0)
    host.sent(1)
    host.nowUs = 10 * TIMEOUT_US
    task.onControl(0, FORCED_UNALIGNED_BARRIER, 1)
    expect([host.due, host.alarm, [...host.log]]).toEqual([[], null, [['block', 0]]])
  })
  it('an input that ends last leaves it to the first barrier', () => {
    const host = new SendingHost(2, TIMEOUT_US)
    const task = new UnalignedTask(host, 'task', {})
    task.reset(0)
    host.sent(1)
    task.onControl(0, FORCED_UNALIGNED_BARRIER, 1)
    task.onEndOfInput(1)
    for (const due of host.due.splice(0)) takeDue(task, due)
    expect(host.sentOn).toEqual(['overtaking'])
  })
})

/** An element that was late before a restore and is in time after it is permitted and counted; nothing else is. */
import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import { layoutOf } from '../../src/cluster/index.ts'
import type { Attempt, SnapshotFile } from '../../src/model/index.ts'
import { TimeOracle } from '../../src/oracles/time.ts'
import type { World } from '../../src/oracles/world.ts'

const layout = layoutOf(keyedState.graph())
const { id: vertex, inputs } = layout.vertices.find((v) => v.uid === 'count')!
const attemptOf = (id: number): Attempt => ({ id, vertex, execution: id, branch: id - 1, taskManager: 0 })

/** A window operator that has held a timer, at watermark 100 at checkpoint 1, and was restored from that. */
function restored(held = true) {
  const permitted: string[] = []
  const reporter = {
    report: () => expect.unreachable('nothing is wrong here'),
    permit: (kind: string) => void permitted.push(kind),
    assumption: () => {},
  }
  const time = new TimeOracle({ layout } as unknown as World, reporter)
  const before = attemptOf(1)
  const advance = (attempt: Attempt, ms: number) => {
    for (const channel of inputs) time.delivered(attempt, channel, ms)
  }
  advance(before, 100)
  if (held) time.processed(before, 150)
  time.sync(before, 1)
  const after = attemptOf(2)
  time.restored(after, [{ attempt: before.id, checkpoint: 1 } as SnapshotFile])
  return { time, after, advance: (ms: number) => advance(after, ms), permitted }
}

describe('late-refire', () => {
  it('is counted for each element at or below the watermark of the cut, until that is reached again', () => {
    const { time, after, advance, permitted } = restored()
    for (const ms of [99, 100, 101]) time.received(after, ms)
    expect(permitted).toEqual(['late-refire', 'late-refire'])
    advance(60)
    time.received(after, 80)
    expect(permitted).toHaveLength(3)
    advance(100)
    time.received(after, 99)
    expect(permitted).toHaveLength(3)
  })
  it('goes by the highest watermark of the lineage, not by that of the last attempt', () => {
    const { time, after, permitted } = restored()
    time.sync(after, 2)
    const third = attemptOf(3)
    time.restored(third, [{ attempt: after.id, checkpoint: 2 } as SnapshotFile])
    time.received(third, 100)
    expect(permitted).toEqual(['late-refire'])
  })
  it('is about operators that hold event timers', () => {
    const { time, after, permitted } = restored(false)
    time.received(after, 99)
    expect(permitted).toEqual([])
  })
  it('is not about what began from nothing', () => {
    const { time, permitted } = restored()
    const fresh = attemptOf(4)
    time.restored(fresh, [])
    time.received(fresh, 1)
    expect(permitted).toEqual([])
  })
})

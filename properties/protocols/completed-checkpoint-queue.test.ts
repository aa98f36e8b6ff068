import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHECKPOINT, SAVEPOINT, type SnapshotKind, SYNC_SAVEPOINT } from '../../src/model/index.ts'
import { CompletedCheckpointQueue, type Retained, subsumable } from '../../src/protocols/completed-checkpoint-queue.ts'

const entries = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 40 }),
      kind: fc.constantFrom<SnapshotKind>(CHECKPOINT, CHECKPOINT, SAVEPOINT, SYNC_SAVEPOINT),
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 8 },
  )
  .map((list): readonly Retained[] => list)
function filled(list: readonly Retained[]): CompletedCheckpointQueue<Retained> {
  const queue = new CompletedCheckpointQueue<Retained>()
  for (const entry of list) queue.add(entry)
  return queue
}
function subsumeAll(queue: CompletedCheckpointQueue<Retained>, most: number): number[] {
  const gone: number[] = []
  for (let entry = queue.subsume(most); entry !== null; entry = queue.subsume(most)) gone.push(entry.id)
  return gone
}
const idsOf = (list: readonly Retained[]): number[] => list.map(({ id }) => id)
const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)

describe('the queue of completed checkpoints', () => {
  it('keeps them by age, in whatever order they complete', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const queue = filled(list)
        expect(idsOf(queue.entries)).toEqual(ascending(idsOf(list)))
        expect(queue.latestId).toBe(Math.max(...idsOf(list)))
        queue.reset()
        expect([queue.entries, queue.latestId]).toEqual([[], 0])
      }),
    )
  })

  it('lets the oldest go until the wanted number is left', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 4 }), (list, most) => {
        const checkpoints = list.map(({ id }) => ({ id }))
        const queue = filled(checkpoints)
        const ids = ascending(idsOf(checkpoints))
        expect(subsumeAll(queue, most)).toEqual(ids.slice(0, Math.max(0, ids.length - most)))
        expect(idsOf(queue.entries)).toEqual(ids.slice(-most))
      }),
    )
  })

  it('never lets the newest go, nor the newest that is no savepoint while the job goes on', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 4 }), (list, most) => {
        const queue = filled(list)
        const before = [...queue.entries]
        const newest = before[before.length - 1]!
        const newestCheckpoint = before.filter(({ kind }) => kind === CHECKPOINT).at(-1)
        const gone = subsumeAll(queue, most)
        expect(idsOf(queue.entries)).toContain(newest.id)
        const kept = newestCheckpoint === undefined || newest.kind === SYNC_SAVEPOINT ? [] : [newestCheckpoint.id]
        for (const id of kept) expect(gone).not.toContain(id)
        expect(ascending([...gone, ...idsOf(queue.entries)])).toEqual(idsOf(before))
        // more than wanted stay only if none of them may go
        if (queue.entries.length > most) expect(subsumable(queue.entries)).toBe(-1)
      }),
    )
  })

  it('keeps one more rather than the last checkpoint before a savepoint (FLINK-21351)', () => {
    const queue = filled([{ id: 1 }, { id: 2 }, { id: 3, kind: SAVEPOINT }])
    expect(subsumeAll(queue, 1)).toEqual([1])
    expect(idsOf(queue.entries)).toEqual([2, 3])
    queue.add({ id: 4, kind: SYNC_SAVEPOINT })
    expect(subsumeAll(queue, 1)).toEqual([2, 3])
  })
})

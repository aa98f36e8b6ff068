import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignKeyedState } from '../../src/cluster/keyed-state-assignment.ts'
import { keyGroupRange, ownerOf } from '../../src/model/index.ts'

describe('keyed state that is restored', () => {
  it('comes to the owner of its key group, each key group once', () => {
    const parallelism = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(parallelism, parallelism, fc.integer({ min: 20, max: 300 }), (from, to, maxParallelism) => {
        const previous = Array.from({ length: from }, (_, file) => {
          const [first, last] = keyGroupRange(file, maxParallelism, from)
          return [{ file, first, last }]
        })
        const assigned = assignKeyedState(previous, maxParallelism, to)
        const read: (readonly [keyGroup: number, file: number, reader: number])[] = []
        for (const [reader, handles] of assigned.entries())
          for (const { file, first, last } of handles)
            for (let keyGroup = first; keyGroup <= last; keyGroup += 1) read.push([keyGroup, file, reader])
        const expected = Array.from({ length: maxParallelism }, (_, keyGroup) => [
          keyGroup,
          ownerOf(keyGroup, maxParallelism, from),
          ownerOf(keyGroup, maxParallelism, to),
        ])
        expect(read.sort(([a], [b]) => a - b)).toEqual(expected)
      }),
    )
  })

  it('cannot be spread over more subtasks than there are key groups', () => {
    expect(() => assignKeyedState([], 4, 5)).toThrow(
      'keyed state of 4 key groups goes to 1 to 4 subtasks, but not to 5',
    )
  })
})

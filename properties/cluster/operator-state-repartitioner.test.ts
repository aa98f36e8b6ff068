import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Distribution,
  type OperatorStateHandle,
  redistributeOperatorState,
} from '../../src/cluster/operator-state-repartitioner.ts'

const MODES: readonly Distribution[] = ['split', 'union', 'broadcast']
const NAMES = ['a', 'b', 'c']

/** Old subtasks, each with one file or none; a name has one mode in all of them. */
const previous = fc
  .tuple(
    fc.array(fc.option(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.tuple(...NAMES.map(() => fc.constantFrom(...MODES))),
  )
  .map(([subtasks, modes]) =>
    subtasks.map((sizes, file): readonly OperatorStateHandle[] => {
      if (sizes === null) return []
      const named = NAMES.map((name, i) => {
        const offsets = Array.from({ length: sizes[i]! }, (_, k) => 100 * file + k)
        return [name, { mode: modes[i]!, offsets }] as const
      })
      return [{ file, states: new Map(named) }]
    }),
  )
const parallelism = fc.integer({ min: 1, max: 7 })

const offsetsOf = (handles: readonly OperatorStateHandle[], mode: Distribution): string[] =>
  handles.flatMap(({ states }) =>
    [...states].flatMap(([name, partitions]) =>
      partitions.mode === mode ? partitions.offsets.map((offset) => `${name}${offset}`) : [],
    ),
  )

describe('operator state that is restored', () => {
  it('deals list state out: every element once, as equally as can be over all names', () => {
    fc.assert(
      fc.property(previous, parallelism, (old, p) => {
        fc.pre(p !== old.length)
        const shares = redistributeOperatorState(old, p).map((handles) => offsetsOf(handles, 'split'))
        expect(shares.flat().sort()).toEqual(offsetsOf(old.flat(), 'split').sort())
        const sizes = shares.map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('leaves list state where it was if the parallelism is the same', () => {
    fc.assert(
      fc.property(previous, (old) => {
        const shares = redistributeOperatorState(old, old.length)
        expect(shares.map((handles) => offsetsOf(handles, 'split'))).toEqual(
          old.map((handles) => offsetsOf(handles, 'split')),
        )
      }),
    )
  })

  it('gives all union state to everybody', () => {
    fc.assert(
      fc.property(previous, parallelism, (old, p) => {
        const all = offsetsOf(old.flat(), 'union').sort()
        for (const handles of redistributeOperatorState(old, p)) expect(offsetsOf(handles, 'union').sort()).toEqual(all)
      }),
    )
  })

  it('gives one copy of each broadcast state to everybody, whoever lacked one', () => {
    fc.assert(
      fc.property(previous, parallelism, (old, p) => {
        fc.pre(p !== old.length)
        const names = new Set(
          old
            .flat()
            .flatMap(({ states }) => [...states].filter(([, s]) => s.mode === 'broadcast').map(([name]) => name)),
        )
        for (const handles of redistributeOperatorState(old, p)) {
          const copies = handles.flatMap(({ states }) =>
            [...states].filter(([, s]) => s.mode === 'broadcast').map(([name]) => name),
          )
          expect(copies.sort()).toEqual([...names].sort())
        }
      }),
    )
  })

  it('wants somebody to read it', () => {
    expect(() => redistributeOperatorState([], 0)).toThrow('redistributed over at least 1 subtask, but not over 0')
  })
})

import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  always,
  appendLog,
  eventually,
  fromArray,
  type Invariant,
  listState,
  mapState,
  type RunView,
  reducingState,
  scenario,
  sometimes,
  type TemporalInvariant,
  valueState,
} from '../../src/dataflow/index.ts'
import type { Key } from '../../src/model/index.ts'

const old: Invariant = { name: 'old', check: () => undefined }
const withInvariants = (...invariants: (Invariant | TemporalInvariant)[]) =>
  scenario(
    'x',
    (env) => {
      env.fromSource(fromArray([1]), 'numbers').sinkTo(appendLog('out'))
    },
    { invariants },
  )

describe('invariants of a scenario', () => {
  it('are told apart', () => {
    const [a, b, c] = [always('a', () => true), eventually('b', () => true), sometimes('c', () => true)]
    const { invariants, temporal } = withInvariants(a, old, b, c)
    expect(invariants).toEqual([old])
    expect(temporal).toEqual([a, b, c])
    expect(temporal.map(({ kind }) => kind)).toEqual(['always', 'eventually', 'sometimes'])
  })

  it.each([
    [
      () =>
        withInvariants(
          old,
          always('old', () => true),
        ),
      "scenario 'x' has two invariants called 'old': give one of",
    ],
    [
      () => always('', () => true),
      "the name of an invariant must be a text of 1 to 100 characters in one line, but is ''",
    ],
    [
      () => eventually('a\nb', () => true),
      'the name of an invariant must be a text of 1 to 100 characters in one line, ',
    ],
    [
      () => sometimes('n'.repeat(101), () => true),
      'the name of an invariant must be a text of 1 to 100 characters in ',
    ],
    [
      () => always(3 as never, () => true),
      'the name of an invariant must be a text of 1 to 100 characters in one line, but',
    ],
    [
      () => always('a', true as never),
      "always('a', …) takes a function from a view of the run to true or false, but got true",
    ],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message)
  })

  it('have types: state as its descriptor says, read-only', () => {
    const look = ({ state, committed, inputs }: RunView) => {
      expectTypeOf(state('u', valueState<number>('n'))).toEqualTypeOf<ReadonlyMap<Key, number>>()
      expectTypeOf(state('u', listState<string>('n'))).toEqualTypeOf<ReadonlyMap<Key, readonly string[]>>()
      expectTypeOf(state('u', mapState<string, boolean>('n'))).toEqualTypeOf<
        ReadonlyMap<Key, ReadonlyMap<string, boolean>>
      >()
      expectTypeOf(
        state(
          'u',
          reducingState<number>('n', (a) => a),
        ),
      ).toEqualTypeOf<ReadonlyMap<Key, number>>()
      expectTypeOf(state('u', 'n')).toEqualTypeOf<ReadonlyMap<Key, unknown>>()
      expectTypeOf(committed('log')).toEqualTypeOf<readonly unknown[]>()
      expectTypeOf(inputs<number>('source')).toEqualTypeOf<readonly number[]>()
      return true
    }
    expect(always('typed', look).holds).toBe(look)
    // @ts-expect-error a promise is no answer
    always('asynchronous', async () => true)
  })
})

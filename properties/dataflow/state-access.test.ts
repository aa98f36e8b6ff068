/** State with a time to live and with a schema, over a real state store and a clock that the test turns. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { StateBackend } from '../../src/cluster/state-backend.ts'
import {
  aggregatingState,
  listState,
  mapState,
  type OperatorContext,
  operatorParts,
  reducingState,
  stateTtl,
  type ValueStateDescriptor,
  valueState,
  withSchema,
  withTtl,
} from '../../src/dataflow/index.ts'
import { StateAccess } from '../../src/dataflow/state-access.ts'

function subject() {
  const backend = new StateBackend()
  backend.setKey('k', 1)
  const clock = { nowMs: 0 }
  const context = {
    uid: 'op',
    subtask: 0,
    parallelism: 1,
    parts: operatorParts,
    currentProcessingTime: () => clock.nowMs,
    getState: (d) => backend.value(d),
    getListState: (d) => backend.list(d),
    getMapState: (d) => backend.map(d),
    getReducingState: (d) => backend.reducing(d),
    getAggregatingState: (d) => backend.aggregating(d),
  } as Partial<OperatorContext> as OperatorContext
  return { backend, clock, access: new StateAccess(context) }
}
const TTL = stateTtl(10)
const empty = (backend: StateBackend): boolean =>
  backend.digest({ keyed: 0, timers: 0, lists: 0, bytes: 0 }).keyed === 0

describe('a time to live', () => {
  it('counts from the last write; what has expired is removed when it is met', () => {
    const { access, backend, clock } = subject()
    const state = access.getState(withTtl(valueState('v', 0), TTL))
    state.update(1)
    clock.nowMs = 9
    expect(state.value()).toBe(1)
    state.update(2)
    clock.nowMs = 18
    expect(state.value()).toBe(2)
    clock.nowMs = 19
    expect(state.value()).toBe(0)
    expect(empty(backend)).toBe(true)
  })
  it('counts from the last read if that is wanted', () => {
    const { access, clock } = subject()
    const state = access.getState(withTtl(valueState<number>('v'), stateTtl(10, { update: 'on-read-and-write' })))
    state.update(1)
    for (let i = 1; i <= 5; i += 1) {
      clock.nowMs = i * 9
      expect(state.value()).toBe(1)
    }
    clock.nowMs += 10
    expect(state.value()).toBeUndefined()
  })
  it('shows what has expired once more if that is wanted', () => {
    const { access, clock } = subject()
    const state = access.getState(withTtl(valueState<number>('v'), stateTtl(10, { returnExpired: 'until-cleaned-up' })))
    state.update(1)
    clock.nowMs = 10
    expect([state.value(), state.value()]).toEqual([1, undefined])
  })
  it('belongs to each element of a list and each entry of a map', () => {
    const { access, clock } = subject()
    const list = access.getListState(withTtl(listState<string>('l'), TTL))
    const map = access.getMapState(withTtl(mapState<string, number>('m'), TTL))
    list.add('a')
    map.put('a', 1)
    clock.nowMs = 5
    list.add('b')
    map.put('b', 2)
    expect([list.get(), map.entries()]).toEqual([
      ['a', 'b'],
      [
        ['a', 1],
        ['b', 2],
      ],
    ])
    clock.nowMs = 10
    expect([list.get(), map.entries(), map.contains('a'), map.isEmpty()]).toEqual([['b'], [['b', 2]], false, false])
    clock.nowMs = 15
    expect([list.get(), map.entries(), map.isEmpty()]).toEqual([[], [], true])
  })
  it('makes a fold begin anew', () => {
    const { access, clock } = subject()
    const sum = access.getReducingState(
      withTtl(
        reducingState<number>('r', (a, b) => a + b),
        TTL,
      ),
    )
    const count = access.getAggregatingState(
      withTtl(
        aggregatingState<string, number, string>('a', {
          createAccumulator: () => 0,
          add: (_, n) => n + 1,
          getResult: (n) => `n=${n}`,
        }),
        TTL,
      ),
    )
    for (const nowMs of [0, 5, 14, 24]) {
      clock.nowMs = nowMs
      sum.add(1)
      count.add('x')
    }
    expect([sum.get(), count.get()]).toEqual([1, 'n=1'])
  })
  it('is at least a millisecond', () => {
    expect(() => stateTtl(0)).toThrow('the time to live of state must be')
  })
})

describe('a schema', () => {
  const Order = z.object({ id: z.string(), cents: z.int() })
  it('gives the descriptor its type and refuses a write that does not fit, where the write is', () => {
    const descriptor = withSchema(valueState('order'), Order)
    expectTypeOf(descriptor).toEqualTypeOf<ValueStateDescriptor<{ id: string; cents: number }>>()
    const { access } = subject()
    const state = access.getState(descriptor)
    state.update({ id: 'a', cents: 5 })
    expect(state.value()).toEqual({ id: 'a', cents: 5 })
    expect(() => state.update({ id: 'a', cents: 0.5 })).toThrow("state 'order' cannot hold this: cents: Invalid input")
    const list = access.getListState(withSchema(listState('orders'), Order))
    expect(() => list.add({ id: 1 } as never)).toThrow("state 'orders' cannot hold this: id")
    const map = access.getMapState(withTtl(withSchema(mapState<string, z.infer<typeof Order>>('by-id'), Order), TTL))
    expect(() => map.put('a', {} as never)).toThrow("state 'by-id' cannot hold this: id")
    const sum = access.getReducingState(
      withSchema(
        reducingState<number>('sum', (a, b) => a + b),
        z.int(),
      ),
    )
    sum.add(1)
    expect(() => sum.add(0.5)).toThrow("state 'sum' cannot hold this: Invalid input")
  })
  it('must be one', () => {
    expect(() => withSchema(valueState('v'), {} as never)).toThrow(
      "the schema of state 'v' must be one such as z.number()",
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOf, StateBackend } from '../../src/cluster/state-backend.ts'
import { aggregatingState, listState, mapState, reducingState, valueState } from '../../src/dataflow/index.ts'
import { encodedBytes } from '../../src/kernel/index.ts'
import { digestOfContent, type Key, type StateDigest } from '../../src/model/index.ts'

const digestOf = (backend: StateBackend): StateDigest => backend.digest({ keyed: 0, timers: 0, lists: 0, bytes: 0 })
const key = fc.constantFrom<Key>('a', 'b', 'ä', 0, 1, -7, 2 ** 40, 5n, true, false, Number.NaN)
const mapKey = fc.constantFrom<Key>('z', 'a', 3, -1, 10, 2)
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.record({ n: fc.integer({ min: 0, max: 2 }) }),
  fc.constant('x'),
)
const number = fc.integer({ min: -5, max: 5 })

const step = fc.oneof(
  fc.record({ do: fc.constant('value' as const), key, value }),
  fc.record({ do: fc.constantFrom('clear value' as const, 'clear list' as const, 'clear map' as const), key }),
  fc.record({ do: fc.constantFrom('clear sum' as const, 'clear mean' as const), key }),
  fc.record({ do: fc.constantFrom('list' as const), key, value }),
  fc.record({ do: fc.constant('lists' as const), key, values: fc.array(value, { maxLength: 3 }) }),
  fc.record({ do: fc.constant('put' as const), key, mapKey, value }),
  fc.record({ do: fc.constant('remove' as const), key, mapKey }),
  fc.record({ do: fc.constantFrom('sum' as const, 'mean' as const), key, number }),
  fc.record({ do: fc.constant('operator' as const), value }),
  fc.record({ do: fc.constant('operators' as const), values: fc.array(value, { maxLength: 3 }) }),
  fc.constant({ do: 'clear operator' as const }),
  fc.record({ do: fc.constantFrom('timer' as const, 'delete timer' as const), key, at: fc.nat({ max: 5 }) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface ModelOfKey {
  value?: unknown
  list: unknown[]
  map: Map<Key, unknown>
  sum?: number
  mean?: { count: number; sum: number }
}
/** State as plain maps of plain values. */
class Model {
  readonly keys = new Map<Key, ModelOfKey>()
  operator: unknown[] = []
  readonly timers = new Map<string, { at: number; key: Key }>()
  of(of: Key): ModelOfKey {
    let own = this.keys.get(of)
    if (own === undefined) {
      own = { list: [], map: new Map() }
      this.keys.set(of, own)
    }
    return own
  }
}
const DEFAULT = 'none yet'

/** A backend and what user code holds of it. */
function opened(backend = new StateBackend()) {
  return {
    backend,
    value: backend.value<unknown>(valueState('value', DEFAULT)),
    list: backend.list<unknown>(listState('list')),
    map: backend.map<Key, unknown>(mapState('map')),
    sum: backend.reducing<number>(reducingState('sum', (a, b) => a + b)),
    mean: backend.aggregating(
      aggregatingState('mean', {
        createAccumulator: () => ({ count: 0, sum: 0 }),
        add: (n: number, { count, sum }) => ({ count: count + 1, sum: sum + n }),
        getResult: ({ count, sum }) => Math.trunc(sum / count),
      }),
    ),
    operator: backend.operatorList<unknown>(listState('operator')),
  }
}
type Opened = ReturnType<typeof opened>

function apply(state: Opened, model: Model, doing: Step): void {
  if ('key' in doing) state.backend.setKey(doing.key, 1)
  const own = 'key' in doing ? model.of(doing.key) : null
  switch (doing.do) {
    case 'value':
      state.value.update(doing.value)
      own!.value = doing.value
      break
    case 'clear value':
      state.value.clear()
      delete own!.value
      break
    case 'list':
      state.list.add(doing.value)
      own!.list.push(doing.value)
      break
    case 'lists':
      state.list.update(doing.values)
      own!.list = [...doing.values]
      break
    case 'clear list':
      state.list.clear()
      own!.list = []
      break
    case 'put':
      state.map.put(doing.mapKey, doing.value)
      own!.map.set(doing.mapKey, doing.value)
      break
    case 'remove':
      state.map.remove(doing.mapKey)
      own!.map.delete(doing.mapKey)
      break
    case 'clear map':
      state.map.clear()
      own!.map.clear()
      break
    case 'sum':
      state.sum.add(doing.number)
      own!.sum = (own!.sum ?? 0) + doing.number
      break
    case 'clear sum':
      state.sum.clear()
      delete own!.sum
      break
    case 'mean': {
      state.mean.add(doing.number)
      const { count, sum } = own!.mean ?? { count: 0, sum: 0 }
      own!.mean = { count: count + 1, sum: sum + doing.number }
      break
    }
    case 'clear mean':
      state.mean.clear()
      delete own!.mean
      break
    case 'operator':
      state.operator.add(doing.value)
      model.operator.push(doing.value)
      break
    case 'operators':
      state.operator.update(doing.values)
      model.operator = [...doing.values]
      break
    case 'clear operator':
      state.operator.clear()
      model.operator = []
      break
    case 'timer':
      if (Number.isNaN(doing.key)) break
      state.backend.eventTimers.register(doing.at, doing.key, 1)
      model.timers.set(`${typeof doing.key} ${doing.key} ${doing.at}`, { at: doing.at, key: doing.key })
      break
    case 'delete timer':
      state.backend.eventTimers.delete(doing.at, doing.key)
      model.timers.delete(`${typeof doing.key} ${doing.key} ${doing.at}`)
  }
}
const byKey = (a: Key, b: Key): number => (typeof a === typeof b ? (a < b ? -1 : 1) : typeof a < typeof b ? -1 : 1)

function expectSame(state: Opened, model: Model): void {
  for (const [of, own] of model.keys) {
    state.backend.setKey(of, 1)
    expect(state.value.value()).toEqual('value' in own ? own.value : DEFAULT)
    expect(state.list.get()).toEqual(own.list)
    expect(state.map.entries()).toEqual([...own.map].sort(([a], [b]) => byKey(a, b)))
    expect(state.map.isEmpty()).toBe(own.map.size === 0)
    for (const at of ['z', 3, 'missing']) {
      expect(state.map.contains(at)).toBe(own.map.has(at))
      expect(state.map.get(at)).toEqual(own.map.get(at))
    }
    expect(state.sum.get()).toBe(own.sum)
    expect(state.mean.get()).toBe(own.mean && Math.trunc(own.mean.sum / own.mean.count))
  }
  expect(state.operator.get()).toEqual(model.operator)
  expect(state.backend.eventTimers.size).toBe(model.timers.size)
}

describe('the state of a subtask', () => {
  const steps = fc.array(step, { maxLength: 40 })

  it('is what plain maps would hold, for every kind of state', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const state = opened()
        const model = new Model()
        for (const doing of all) apply(state, model, doing)
        expectSame(state, model)
      }),
      { numRuns: 200 },
    )
  })

  it('has a digest and a size that writes keep up to date and that belong to the content alone', () => {
    fc.assert(
      // an average cannot be written directly
      fc.property(steps, (all) => {
        const state = opened()
        const model = new Model()
        for (const doing of all.filter((one) => one.do !== 'mean')) {
          apply(state, model, doing)
          const { bytes: _, ...parts } = digestOf(state.backend)
          const { bytes: __, ...anew } = digestOfContent(state.backend.live())
          expect(parts).toEqual(anew)
        }
        // the shortest way to the same content has the same digest
        const direct = opened()
        for (const [of, own] of model.keys) {
          direct.backend.setKey(of, 1)
          if ('value' in own) direct.value.update(own.value)
          direct.list.update(own.list)
          for (const [at, held] of [...own.map].reverse()) direct.map.put(at, held)
          if (own.sum !== undefined) direct.sum.add(own.sum)
        }
        direct.operator.update(model.operator)
        for (const { at, key: of } of model.timers.values()) direct.backend.eventTimers.register(at, of, 1)
        expect(digestOf(direct.backend)).toEqual(digestOf(state.backend))
      }),
      { numRuns: 200 },
    )
  })

  it('is restored from a copy as it was, and neither side sees what the other writes afterwards', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const state = opened()
        const model = new Model()
        for (const doing of before) apply(state, model, doing)
        const snapshot = copyOf(state.backend.live())
        const digest = digestOf(state.backend)
        const contents = digestOfContent(snapshot)
        // the live state goes on, the snapshot stays
        for (const doing of after) apply(state, new Model(), doing)
        expect(digestOfContent(snapshot)).toEqual(contents)
        // a task restored from it has what was there, and its writes do not reach it either
        const backend = new StateBackend()
        backend.adopt(copyOf(snapshot))
        const restored = opened(backend)
        expect(digestOf(backend)).toEqual(digest)
        expectSame(restored, model)
        for (const doing of after) apply(restored, model, doing)
        expectSame(restored, model)
        expect(digestOfContent(snapshot)).toEqual(contents)
      }),
      { numRuns: 200 },
    )
  })

  it('lists map entries in the order of their keys, however they came', () => {
    const keys: Key[] = [10, 9, -1, 'b', 'a', 3]
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), (order) => {
        const { backend, map } = opened()
        backend.setKey('k', 0)
        for (const of of order) map.put(of, of)
        expect(map.entries().map(([of]) => of)).toEqual([-1, 3, 9, 10, 'a', 'b'])
      }),
    )
  })

  it('freezes what is written, with all in it', () => {
    const { backend, value: held, list, map, operator } = opened()
    backend.setKey('k', 0)
    held.update({ in: [1] })
    list.add({ n: 1 })
    map.put('m', { n: 1 })
    operator.add({ n: 1 })
    const { in: inner } = held.value() as { in: number[] }
    expect(() => inner.push(2)).toThrow(TypeError)
    for (const item of [...list.get(), map.get('m'), ...operator.get()])
      expect(() => Object.assign(item as object, { n: 2 })).toThrow(TypeError)
  })

  it('counts keys and values as they are encoded', () => {
    const { backend, value: held, map } = opened()
    backend.setKey('key', 0)
    held.update(5)
    map.put('m', 'text')
    const bytes = encodedBytes('key') + encodedBytes(5) + encodedBytes('key') + encodedBytes('m') + encodedBytes('text')
    expect(digestOf(backend).bytes).toBe(bytes)
    held.clear()
    map.clear()
    expect(digestOf(backend)).toEqual({ keyed: 0, timers: 0, lists: 0, bytes: 0 })
  })

  it('of two names is apart, also under one key', () => {
    const backend = new StateBackend()
    const [a, b] = ['a', 'b'].map((name) => backend.value<number>(valueState(name)))
    backend.setKey('k', 0)
    a!.update(1)
    b!.update(2)
    expect([a!.value(), b!.value()]).toEqual([1, 2])
  })

  it('is there within a keyed call only', () => {
    const { backend, value: held } = opened()
    expect(() => held.value()).toThrow(
      /keyed state or a timer is used where there is no key: use both in processElement/,
    )
    backend.setKey('k', 7)
    expect([held.value(), backend.keyGroup]).toEqual([DEFAULT, 7])
    backend.clearKey()
    expect(() => held.update(1)).toThrow(/where there is no key/)
  })
  it('has one kind a name', () => {
    const { backend } = opened()
    expect(() => backend.list({ kind: 'list', name: 'value' })).toThrow(
      "the state 'value' is declared as value state and as list state: give each a name of its own",
    )
  })
  it('takes a value of undefined for none', () => {
    const backend = new StateBackend()
    const state = backend.value<number | undefined>(valueState('maybe', 5))
    backend.setKey('k', 1)
    state.update(1)
    state.update(undefined)
    expect(state.value()).toBe(5)
    expect(digestOf(backend).keyed).toBe(0)
  })
  it('has one entry for NaN, and one for both zeros', () => {
    const backend = new StateBackend()
    const map = backend.map<number, string>({ kind: 'map', name: 'map' })
    backend.setKey('k', 1)
    for (const key of [Number.NaN, -0, 1, 0, Number.NaN]) map.put(key, String(key))
    expect(map.entries()).toEqual([
      [0, '0'],
      [1, '1'],
      [Number.NaN, 'NaN'],
    ])
  })
})

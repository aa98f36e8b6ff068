/**
 * State as a function declares it, with its time to live and its schema, over the plain state of the operator.
 *
 * State with a time to live keeps [value, time of the last touch]; what has expired is taken for absent and removed when it is
 * met. Flink: TtlStateFactory. The clock is read at every access, so each read is a determinant of the run.
 */
import type { Key } from '../model/index.ts'
import type { RuntimeContext } from './functions.ts'
import type { OperatorContext } from './operator.ts'
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from './state.ts'
import { listState, mapState, valueState } from './state.ts'
import { fitting } from './state-schema.ts'
import type { StateTtl } from './state-ttl.ts'

type Stamped<T> = readonly [value: T, touchedMs: number]

/** What has the plain state, and the clock that a time to live goes by. */
export type StateHost = RuntimeContext & Pick<OperatorContext, 'parts' | 'currentProcessingTime'>

/** What `open` of a user's function gets. */
export class StateAccess implements RuntimeContext {
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  readonly #context: StateHost

  constructor(context: StateHost) {
    this.uid = context.uid
    this.subtask = context.subtask
    this.parallelism = context.parallelism
    this.#context = context
  }
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    const { schema, ttl, name } = descriptor
    const state = ttl === undefined ? this.#context.getState(descriptor) : this.#valueWithTtl(descriptor, ttl)
    if (schema === undefined) return state
    return { ...state, update: (value) => state.update(fitting(value, schema, name)) }
  }
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    const { schema, ttl, name } = descriptor
    const state = ttl === undefined ? this.#context.getListState(descriptor) : this.#listWithTtl(descriptor, ttl)
    if (schema === undefined) return state
    return {
      ...state,
      add: (value) => state.add(fitting(value, schema, name)),
      update: (values) => state.update(values.map((value) => fitting(value, schema, name))),
    }
  }
  getMapState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    const { schema, ttl, name } = descriptor
    const state = ttl === undefined ? this.#context.getMapState(descriptor) : this.#mapWithTtl(descriptor, ttl)
    if (schema === undefined) return state
    return { ...state, put: (key, value) => state.put(key, fitting(value, schema, name)) }
  }
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    const { schema, ttl, name, reduce } = descriptor
    if (schema === undefined && ttl === undefined) return this.#context.getReducingState(descriptor)
    const value = this.getState<T>({
      kind: 'value',
      name,
      ...(ttl === undefined ? {} : { ttl }),
      ...(schema === undefined ? {} : { schema }),
    })
    return {
      get: () => value.value(),
      add(added) {
        const held = value.value()
        value.update(held === undefined ? added : reduce(held, added))
      },
      clear: () => value.clear(),
    }
  }
  getAggregatingState<In, Acc, Out>(descriptor: AggregatingStateDescriptor<In, Acc, Out>): AggregatingState<In, Out> {
    const { ttl, name, aggregate } = descriptor
    if (ttl === undefined) return this.#context.getAggregatingState(descriptor)
    const accumulator = this.#valueWithTtl<Acc>(valueState(name), ttl)
    return {
      get() {
        const held = accumulator.value()
        return held === undefined ? undefined : aggregate.getResult(held)
      },
      add(value) {
        const held = accumulator.value()
        accumulator.update(aggregate.add(value, held === undefined ? aggregate.createAccumulator() : held))
      },
      clear: () => accumulator.clear(),
    }
  }
  getOperatorListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#context.getOperatorListState(descriptor)
  }
  getBroadcastState: RuntimeContext['getBroadcastState'] = (descriptor) => this.#context.getBroadcastState(descriptor)

  #stamp<T>(value: T): Stamped<T> {
    return [value, this.#context.currentProcessingTime()]
  }
  #expired([, touchedMs]: Stamped<unknown>, { ttlMs }: StateTtl): boolean {
    return this.#context.parts.ttlExpired(touchedMs, ttlMs, this.#context.currentProcessingTime())
  }
  #valueWithTtl<T>({ name, defaultValue }: ValueStateDescriptor<T>, ttl: StateTtl): ValueState<T> {
    const state = this.#context.getState(valueState<Stamped<T>>(name))
    return {
      value: () => {
        const held = state.value()
        if (held === undefined) return defaultValue
        if (this.#expired(held, ttl)) {
          state.clear()
          return ttl.returnExpired ? held[0] : defaultValue
        }
        if (ttl.updateOnRead) state.update(this.#stamp(held[0]))
        return held[0]
      },
      update: (value) => (value === undefined ? state.clear() : state.update(this.#stamp(value))),
      clear: () => state.clear(),
    }
  }
  #listWithTtl<T>({ name }: ListStateDescriptor<T>, ttl: StateTtl): ListState<T> {
    const state = this.#context.getListState(listState<Stamped<T>>(name))
    return {
      get: () => {
        const held = state.get()
        const alive = held.filter((element) => !this.#expired(element, ttl))
        if (ttl.updateOnRead) state.update(alive.map(([value]) => this.#stamp(value)))
        else if (alive.length < held.length) state.update(alive)
        return (ttl.returnExpired ? held : alive).map(([value]) => value)
      },
      add: (value) => state.add(this.#stamp(value)),
      update: (values) => state.update(values.map((value) => this.#stamp(value))),
      clear: () => state.clear(),
    }
  }
  #mapWithTtl<K extends Key, V>({ name }: MapStateDescriptor<K, V>, ttl: StateTtl): MapState<K, V> {
    const state = this.#context.getMapState(mapState<K, Stamped<V>>(name))
    const alive = (key: K): Stamped<V> | undefined => {
      const held = state.get(key)
      if (held === undefined || !this.#expired(held, ttl)) return held
      state.remove(key)
      return ttl.returnExpired ? held : undefined
    }
    const read = (key: K): V | undefined => {
      const held = alive(key)
      if (held !== undefined && ttl.updateOnRead && state.contains(key)) state.put(key, this.#stamp(held[0]))
      return held?.[0]
    }
    return {
      get: read,
      put: (key, value) => state.put(key, this.#stamp(value)),
      contains: (key) => alive(key) !== undefined,
      remove: (key) => state.remove(key),
      entries: () =>
        state.entries().flatMap(([key]): (readonly [K, V])[] => {
          const held = alive(key)
          if (held === undefined) return []
          if (ttl.updateOnRead && state.contains(key)) state.put(key, this.#stamp(held[0]))
          return [[key, held[0]]]
        }),
      isEmpty: () => state.entries().every(([key]) => alive(key) === undefined),
      clear: () => state.clear(),
    }
  }
}

/** Keyed nodes that are process functions: `distinct`, `lastN`, `sorter`. */
import {
  type Collector,
  type ListState,
  listState,
  type MapState,
  mapState,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
} from '../../../src/index.ts'
import type { Row } from './program.ts'
import { TAGS } from './tags.ts'

type Keyed = ProcessFunction<Row, Row, string>

export class Distinct implements Keyed {
  #seen!: MapState<number, true>
  open(context: RuntimeContext): void {
    this.#seen = context.getMapState(mapState<number, true>('seen'))
  }
  processElement({ v }: Row, context: ProcessContext<string>, out: Collector<Row>): void {
    if (this.#seen.contains(v)) return
    this.#seen.put(v, true)
    out.collect({ k: context.getCurrentKey(), v, x: null })
  }
}

export class LastN implements Keyed {
  readonly #n: number
  #last!: ListState<number>
  constructor(n: number) {
    this.#n = n
  }
  open(context: RuntimeContext): void {
    this.#last = context.getListState(listState<number>('last'))
  }
  processElement({ v }: Row, context: ProcessContext<string>, out: Collector<Row>): void {
    const last = [...this.#last.get(), v].slice(-this.#n)
    this.#last.update(last)
    out.collect({ k: context.getCurrentKey(), v: last.reduce((a, b) => a + b, 0), x: last.join(',') })
  }
}

export class Sorter implements Keyed {
  #buffered!: MapState<number, readonly number[]>
  open(context: RuntimeContext): void {
    this.#buffered = context.getMapState(mapState<number, readonly number[]>('buffered'))
  }
  processElement({ v }: Row, context: ProcessContext<string>): void {
    const ts = context.timestamp()!
    const timers = context.timerService()
    if (ts <= timers.currentWatermark()) {
      context.output(TAGS.late, { k: context.getCurrentKey(), v, x: 'late' })
      return
    }
    this.#buffered.put(ts, [...(this.#buffered.get(ts) ?? []), v])
    timers.registerEventTimeTimer(ts)
  }
  onTimer(ts: number, context: ProcessContext<string>, out: Collector<Row>): void {
    const values = [...(this.#buffered.get(ts) ?? [])].sort((a, b) => a - b)
    this.#buffered.remove(ts)
    for (const v of values) out.collect({ k: context.getCurrentKey(), v, x: null })
  }
}

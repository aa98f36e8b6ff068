/** Twins, on recordings written by hand: what the live function did must be what a fresh one does from the same input. */
import { describe, expect, it } from 'vitest'
import {
  aggregatingState,
  CheckpointingMode,
  type Collector,
  generatedSequence,
  listState,
  mapState,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  reducingState,
  scenario,
  transactionalLog,
  valueState,
} from '../../src/dataflow/index.ts'
import { Courtroom } from './courtroom.ts'

/** A scenario around one function, keyed by the number itself modulo 3. */
const around = (make: () => ProcessFunction<number, unknown, number>) =>
  scenario('around', (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
    env
      .fromSource(generatedSequence({ count: 20, splits: 4 }), 'numbers')
      .keyBy((n) => n % 3, 'int')
      .process(make)
      .uid('count')
      .map((value) => value)
      .sinkTo(transactionalLog('out'))
      .uid('sink')
  })

/** A live run of the function, as the court hears it: calls, then what came out of them. */
class Live {
  readonly court: Courtroom
  constructor(make: () => ProcessFunction<number, unknown, number>) {
    this.court = new Courtroom(around(make), true)
    this.court.begin()
  }
  element(value: number, ...emissions: unknown[]): this {
    this.court.receive(this.court.send(this.court.of('numbers'), value))
    return this.emits(...emissions)
  }
  watermark(ms: number): this {
    this.court.judge.watermarkAdvanced(this.court.of('count'), ms)
    return this
  }
  timer(domain: 'event' | 'processing', key: number, ms: number, ...emissions: unknown[]): this {
    const count = this.court.of('count')
    if (domain === 'event') this.court.judge.watermark(count, this.court.layout.vertices[count.vertex]!.inputs[0]!, ms)
    this.court.judge.timerFired(count, domain, key, ms, '')
    return this.emits(...emissions)
  }
  clock(ms: number): this {
    this.court.judge.timeRead(this.court.of('count'), ms)
    return this
  }
  end(...emissions: unknown[]): this {
    this.court.judge.inputEnded(this.court.of('count'))
    return this.emits(...emissions)
  }
  emits(...emissions: unknown[]): this {
    for (const value of emissions) this.court.send(this.court.of('count'), value)
    return this
  }
  /** Twins of what was recorded; the message after the operator's name, or null. */
  verdict(): string | null {
    this.court.judge.quiet(false)
    const finding = this.court.judge.finding
    if (finding === null) return null
    expect([finding.fingerprint, finding.class]).toEqual(['state/twin-deviates:twin', 'safety'])
    return finding.message.replace(/^count\[0\] (.*): something that it depends on is neither in its state .*$/, '$1')
  }
}

class Counting implements ProcessFunction<number, unknown, number> {
  count!: ReturnType<RuntimeContext['getState']>
  open(context: RuntimeContext): void {
    this.count = context.getState(valueState('count', 0)) as typeof this.count
  }
  processElement(_: number, context: ProcessContext<number>, out: Collector<unknown>): void {
    const count = (this.count.value() as number) + 1
    this.count.update(count)
    out.collect([context.getCurrentKey(), count])
  }
}
const counting = () => new Counting()

describe('a twin', () => {
  it('agrees with a function whose state is in its state, key by key', () => {
    const live = new Live(counting).element(0, [0, 1]).element(1, [1, 1]).element(3, [0, 2]).element(4, [1, 2])
    expect(live.verdict()).toBe(null)
  })

  it.each<[string, (live: Live) => Live, string]>([
    ['another record', (live) => live.element(0, [0, 2]), 'emitted another record than a twin without a crash'],
    [
      'one too many',
      (live) => live.element(0, [0, 1], [0, 1]),
      'emitted a record that a twin without a crash does not emit',
    ],
  ])('sees %s', (_, record, message) => {
    expect(record(new Live(counting)).verdict()).toBe(message)
  })

  it('sees one that is missing, at the end of the job', () => {
    const live = new Live(counting).element(0, [0, 1]).element(3)
    for (const [split, subtask] of [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ] as const) {
      live.court.assign(split, subtask)
      for (let position = 0; position < 5; position += 1) live.court.read(subtask, split, position)
      live.court.judge.splitFinished(live.court.of('numbers'), split)
    }
    live.court.judge.quiet(true)
    expect(live.court.judge.finding?.message).toContain('did not emit 1 record that a twin without a crash emits')
  })

  it('goes through a lineage: ancestors up to their fork, then the branch itself', () => {
    const live = new Live(counting).element(0, [0, 1])
    const { court } = live
    // it is not checked as a cut: no sink has received what was sent
    const entry = court.entryOf(
      1,
      court.attempts.map((attempt) => court.snapshot(attempt, 1)),
      [0, 1, 2, 3],
    )
    court.entries = [entry]
    live.element(3, [0, 2]).element(6, [0, 3])
    court.begin(entry, [0, 1, 2, 3])
    // after the restore the third one comes before the second: what the first history did after the cut is gone
    live.element(6, [0, 2]).element(3, [0, 3])
    expect(live.verdict()).toBe(null)
    expect(live.element(0, [0, 1]).verdict()).toBe('emitted another record than a twin without a crash')
  })

  it('reads the recorded times, each once', () => {
    const timed = () => ({
      processElement(_: number, context: ProcessContext<number>, out: Collector<unknown>) {
        const timers = context.timerService()
        out.collect([timers.currentProcessingTime(), timers.currentProcessingTime(), timers.currentWatermark()])
      },
    })
    const live = () => new Live(timed).watermark(7)
    expect(live().element(0).clock(5).clock(6).emits([5, 6, 7]).verdict()).toBe(null)
    expect(live().element(0).clock(5).emits([5, 5, 7]).verdict()).toBe(
      'read the time less often than a twin without a crash',
    )
  })

  it('fires the recorded timers, and wants them to have been registered', () => {
    const alarm = () => ({
      processElement(n: number, context: ProcessContext<number>) {
        const timers = context.timerService()
        timers.registerEventTimeTimer(10)
        timers.registerEventTimeTimer(20)
        timers.deleteEventTimeTimer(20)
        if (n === 1) timers.registerProcessingTimeTimer(5)
        if (n === 4) timers.deleteProcessingTimeTimer(5)
      },
      onTimer(ms: number, context: ProcessContext<number>, out: Collector<unknown>) {
        out.collect([ms, context.getCurrentKey(), context.timeDomain(), context.timestamp()])
      },
    })
    const live = () => new Live(alarm).element(0).element(1)
    const both = live()
      .timer('event', 0, 10, [10, 0, 'event', 10])
      .timer('processing', 1, 5, [5, 1, 'processing', undefined])
    expect(both.verdict()).toBe(null)
    expect(live().timer('event', 0, 20).verdict()).toBe('fired a timer for 20 that was never registered')
    expect(live().timer('event', 2, 10).verdict()).toBe('fired a timer for 10 that was never registered')
    expect(live().element(4).timer('processing', 1, 5).verdict()).toBe('fired a timer for 5 that was never registered')
  })

  it('leaves no event-time timer when the job ends', () => {
    const late = () => ({
      processElement: (_: number, context: ProcessContext<number>) => context.timerService().registerEventTimeTimer(10),
    })
    const live = new Live(late).element(0)
    for (const split of [0, 1, 2, 3]) {
      live.court.assign(split, 0)
      for (let position = 0; position < 5; position += 1) live.court.read(0, split, position)
      live.court.judge.splitFinished(live.court.of('numbers'), split)
    }
    live.court.judge.quiet(true)
    expect(live.court.judge.finding?.message).toContain('ended with a timer for 10 that never fired')
  })

  it('has every kind of state, as the functions see it', () => {
    class Everything implements ProcessFunction<number, unknown, number> {
      state!: ReturnType<Everything['opened']>
      opened(context: RuntimeContext) {
        return {
          plain: context.getState<number>(valueState('plain')),
          list: context.getListState<number>(listState('list')),
          map: context.getMapState<string, number>(mapState('map')),
          sum: context.getReducingState(reducingState<number>('sum', (a, b) => a + b)),
          mean: context.getAggregatingState(
            aggregatingState('mean', {
              createAccumulator: (): readonly [number, number] => [0, 0],
              add: (n: number, [count, sum]) => [count + 1, sum + n] as const,
              getResult: ([count, sum]) => sum / count,
            }),
          ),
          operator: context.getOperatorListState<number>(listState('operator')),
          where: [context.uid, context.subtask, context.parallelism],
        }
      }
      open(context: RuntimeContext): void {
        this.state = this.opened(context)
      }
      processElement(n: number, context: ProcessContext<number>, out: Collector<unknown>): void {
        const { plain, list, map, sum, mean, operator, where } = this.state
        out.collect([plain.value(), list.get().length, map.isEmpty(), sum.get(), mean.get(), operator.get().length])
        plain.update(n)
        list.add(n)
        list.add(n + 1)
        map.put('b', n)
        map.put('a', n)
        map.put('c', n)
        map.remove('c')
        sum.add(n)
        mean.add(n)
        operator.add(n)
        out.collect([map.entries(), map.get('a'), map.contains('c'), where, context.timestamp()])
        if (n < 6) return
        plain.clear()
        list.update([])
        map.clear()
        sum.clear()
        mean.clear()
        operator.update([])
      }
      endInput(out: Collector<unknown>): void {
        out.collect(['end', this.state.operator.get().length])
        this.state.operator.clear()
      }
    }
    const entries = (n: number) => [
      [
        ['a', n],
        ['b', n],
      ],
      n,
      false,
      ['count', 0, 1],
      undefined,
    ]
    const live = new Live(() => new Everything())
      .element(0, [undefined, 0, true, undefined, undefined, 0], entries(0))
      .element(3, [0, 2, false, 0, 0, 1], entries(3))
      .element(1, [undefined, 0, true, undefined, undefined, 2], entries(1))
      .element(6, [3, 4, false, 3, 1.5, 3], entries(6))
      .element(9, [undefined, 0, true, undefined, undefined, 0], entries(9))
      .end(['end', 0])
    expect(live.verdict()).toBe(null)
  })

  it('says what it threw', () => {
    let calls = 0
    const fragile = () => ({
      processElement() {
        calls += 1
        throw new Error(`call ${calls}`)
      },
    })
    expect(new Live(fragile).element(0).verdict()).toBe('threw in a twin without a crash: call 1')
  })

  it('knows no key outside a call', () => {
    const nosy = () => ({
      processElement() {},
      endInput(out: Collector<unknown>) {
        out.collect(1)
      },
      open(context: RuntimeContext) {
        context.getState(valueState('x')).value()
      },
    })
    expect(new Live(nosy).element(0).verdict()).toBe('threw in a twin without a crash: there is no current key')
  })
})

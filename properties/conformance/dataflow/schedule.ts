/**
 * The input of a program: one source reads the schedule of all program sources, an entry at a time, and leaves every entry the
 * time to take effect before it reads the next. Each program source is a branch of it that assigns timestamps and watermarks.
 *
 * What the branches have said so far follows from the place in the schedule, which is the split's state: a reader that resumes
 * there says the last watermark and idleness of each again before it goes on.
 */
import {
  type DataStream,
  type Source,
  type StreamExecutionEnvironment,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from '../../../src/index.ts'
import { type Entry, mod, type Program, type Row, type Strategy } from './program.ts'

/** An entry, or what a branch says again after a restore. */
interface Step {
  readonly source: number
  readonly element?: Row & { readonly ts: number }
  /** Watermark to be said, ms. */
  readonly watermark?: number
  readonly idle?: boolean
}

function stepOf({ s = 0, k, v, ts, wm, idle, end }: Entry): Step {
  if (end === true) return { source: s, watermark: Number.POSITIVE_INFINITY }
  if (wm !== undefined) return { source: s, watermark: wm }
  if (idle !== undefined) return { source: s, idle }
  return { source: s, element: { k: k!, v: v!, x: null, ts: ts! } }
}
/** All steps: sources that have not ended do so behind the schedule, in their order. */
function stepsOf(program: Program, input: readonly Entry[]): readonly Step[] {
  const ended = new Set(input.filter((e) => e.end === true).map((e) => e.s ?? 0))
  const ends = program.sources.map((_, s) => ({ s, end: true })).filter(({ s }) => !ended.has(s))
  return [...input, ...ends].map(stepOf)
}

/** The watermark generator of one program source. */
class Generator implements WatermarkGenerator<Step> {
  readonly #strategy: Strategy
  #highest = Number.NEGATIVE_INFINITY
  constructor(strategy: Strategy) {
    this.#strategy = strategy
  }
  onEvent({ element, watermark, idle }: Step, _timestampMs: number, output: WatermarkOutput): void {
    if (watermark !== undefined) output.emitWatermark(watermark)
    if (idle === true) output.markIdle()
    if (idle === false) output.markActive()
    if (element !== undefined) this.#onElement(element.v, element.ts, output)
  }
  #onElement(v: number, ts: number, output: WatermarkOutput): void {
    const strategy = this.#strategy
    this.#highest = Math.max(this.#highest, ts)
    if (strategy.type === 'punctuated') output.emitWatermark(this.#highest - strategy.bound)
    if (strategy.type === 'bounded') output.emitWatermark(this.#highest - strategy.bound - 1)
    if (strategy.type === 'marker' && mod(v, strategy.m) === 0) output.emitWatermark(ts - 1)
  }
  onPeriodicEmit(): void {}
}

/** What each source has said after the first `position` steps. */
function saidAgain(program: Program, steps: readonly Step[], position: number): readonly Step[] {
  return program.sources.flatMap(({ strategy }, source) => {
    let last = Number.NEGATIVE_INFINITY
    let isIdle = false
    const generator = new Generator(strategy)
    const output: WatermarkOutput = {
      emitWatermark(ms) {
        if (ms <= last) return
        last = ms
        isIdle = false
      },
      markIdle: () => {
        isIdle = true
      },
      markActive: () => {
        isIdle = false
      },
    }
    for (const step of steps.slice(0, position)) if (step.source === source) generator.onEvent(step, Number.NaN, output)
    const said: Step[] = []
    if (last > Number.NEGATIVE_INFINITY) said.push({ source, watermark: last })
    if (isIdle) said.push({ source, idle: true })
    return said
  })
}

/** The program's sources as streams of rows, by their ids. */
export function sourcesOf(
  env: StreamExecutionEnvironment,
  program: Program,
  input: readonly Entry[],
  entriesPerSecond: number,
): Map<string, DataStream<Row>> {
  const steps = stepsOf(program, input)
  const schedule: Source<Step> = {
    ratePerSecond: entriesPerSecond,
    splits: () => [
      {
        id: 'schedule',
        length: steps.length,
        read: (position) => steps[position]!,
        resume: (position) => saidAgain(program, steps, position),
      },
    ],
  }
  const all = env.fromSource(schedule, 'schedule').setParallelism(1)
  return new Map(
    program.sources.map(({ id, strategy }, source) => {
      const own = WatermarkStrategy.forGenerator(() => new Generator(strategy)).withTimestampAssigner<Step>(
        ({ element }) => element?.ts ?? Number.NaN,
      )
      const rows = all
        .filter((step) => step.source === source)
        .assignTimestampsAndWatermarks(own)
        .setParallelism(1)
        .flatMap(({ element }): Row[] => (element === undefined ? [] : [{ k: element.k, v: element.v, x: null }]))
        .setParallelism(1)
      return [id, rows] as const
    }),
  )
}

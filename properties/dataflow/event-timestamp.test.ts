/** Timestamps and watermarks that are none are the user's mistake, and named where they are made. */
import { describe, expect, it } from 'vitest'
import { drawPlan, Runner } from '../../src/check/index.ts'
import {
  generatedSequence,
  type StreamExecutionEnvironment,
  scenario,
  transactionalLog,
  type WatermarkOutput,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import { aligned } from '../../src/protocols/index.ts'

/** What the first run of a job finds. */
function finding(build: (env: StreamExecutionEnvironment) => void): string | undefined {
  const job = scenario('times', (env) => build(env.enableCheckpointing(1000)))
  const plan = drawPlan(job, job.graph(), 'times/0', 0, { protocol: aligned.name, faults: [] })
  return new Runner(job, aligned).run(plan).finding?.message
}
const numbers = generatedSequence({ count: 20 })
const assigned = (timestampOf: (n: number) => unknown) =>
  WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(timestampOf as (n: number) => number)
const emitting = (emit: (output: WatermarkOutput) => void) =>
  WatermarkStrategy.forGenerator<number>(() => ({
    onEvent: (_value, _timestampMs, output) => emit(output),
    onPeriodicEmit: emit,
  })).withTimestampAssigner((n: number) => n)

describe('a timestamp assigner', () => {
  it.each([0, -7, 2 ** 50, Number.NaN, Number.POSITIVE_INFINITY])('may return %s', (ms) => {
    expect(assigned(() => ms).timestampOf(1, Number.NaN)).toBe(ms)
  })
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [0.5, '0.5'],
    ['2024-01-01', "'2024-01-01'"],
    [new Date(0), 'an object'],
    [7n, '7'],
  ])('may not return %s', (ms, words) => {
    const message = `a timestamp assigner must return whole milliseconds, but returned ${words}`
    expect(() => assigned(() => ms).timestampOf(1, Number.NaN)).toThrow(message)
    expect(
      finding((env) =>
        env
          .fromSource(
            numbers,
            'in',
            assigned(() => ms),
          )
          .sinkTo(transactionalLog('out')),
      ),
    ).toBe(`User code of in[0] failed: source in (timestamp assigner) threw: ${message}.`)
  })
})

describe('a watermark generator', () => {
  it('of the user passes watermarks and idleness on', () => {
    const heard: unknown[] = []
    const output = {
      emitWatermark: (ms: number) => heard.push(ms),
      markIdle: () => heard.push('idle'),
      markActive: () => heard.push('active'),
    }
    const generator = emitting((to) => {
      to.markIdle()
      to.markActive()
      to.emitWatermark(7)
      to.emitWatermark(Number.POSITIVE_INFINITY)
    }).generator()
    generator.onEvent(1, 1, output)
    generator.onPeriodicEmit(output)
    const once = ['idle', 'active', 7, Number.POSITIVE_INFINITY]
    expect(heard).toEqual([...once, ...once])
  })
  it.each<[unknown, string]>([
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [1.5, '1.5'],
  ])('may not emit %s', (ms, words) => {
    const strategy = emitting((output) => output.emitWatermark(ms as number))
    expect(finding((env) => env.fromSource(numbers, 'in', strategy).sinkTo(transactionalLog('out')))).toBe(
      `User code of in[0] failed: source in (watermark generator) threw: a watermark generator must emit whole milliseconds, but emits ${words}.`,
    )
  })
})

describe('a timer', () => {
  it.each<[unknown, string]>([
    [Number.NaN, 'NaN: has the element a timestamp?'],
    [undefined, 'undefined'],
    [1.5, '1.5'],
  ])('may not be set to %s', (ms, words) => {
    const message = finding((env) =>
      env
        .fromSource(numbers, 'in')
        .keyBy((n) => n)
        .process(() => ({
          processElement: (_n, context) => context.timerService().registerEventTimeTimer(ms as number),
        }))
        .sinkTo(transactionalLog('out')),
    )
    expect(message).toBe(
      `User code of process[0] failed: processElement of process threw: a timer must be set to whole milliseconds, but is set to ${words}.`,
    )
  })
})

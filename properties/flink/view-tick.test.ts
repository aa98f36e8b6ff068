/** The metric tick as a second sample: on jobs made up by the rules of Flink's views, the arrival rate comes out. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDump, twin } from '../../src/flink/index.ts'

interface MadeUp {
  /** Records per second. */
  readonly arrival: number
  /** Busy time per record and task, ms. */
  readonly costMs: number
  /** When the source begins to emit, ms after the tasks run. */
  readonly beginMs: number
  /** The newest sample, ms after the tasks run. */
  readonly sampledMs: number
  /** The first tick after the tasks run, ms. */
  readonly firstTickMs: number
}

const TASKS = 2
const START = 1_700_000_000_000

const recordsBy = ({ arrival, beginMs }: MadeUp, ms: number): number =>
  Math.floor((Math.max(0, ms - beginMs) * arrival) / 1000 / TASKS)

/** The last tick, and what the gauge of idle time shows since then, ms a second. */
function lastTick(job: MadeUp): { readonly tickMs: number; readonly idleMsPerSecond: number } {
  const ticks = Math.floor((job.sampledMs - job.firstTickMs) / 5000)
  const tickMs = job.firstTickMs + ticks * 5000
  // A new view is renewed from its second tick on, and the gauge ends at 1000.
  const idleMs = tickMs - recordsBy(job, tickMs) * job.costMs
  return { tickMs, idleMsPerSecond: Math.min(1000, Math.floor(idleMs / (5 * ticks))) }
}

/** The one sample of a dump: counters now, and rates and ratios as of the last tick. */
function answersOf(job: MadeUp): Map<string, string> {
  const { costMs, sampledMs } = job
  const { tickMs, idleMsPerSecond } = lastTick(job)
  const idleRatio = idleMsPerSecond / 1000
  const records = (ms: number): number => recordsBy(job, ms)
  const busy = (ms: number): number => records(ms) * costMs
  const metrics = (reads: boolean) => ({
    'read-records': reads ? records(sampledMs) : 0,
    'write-records': records(sampledMs),
    'accumulated-idle-time': Math.round(sampledMs - (reads ? busy(sampledMs) : 0)),
    'accumulated-busy-time': Math.round(reads ? busy(sampledMs) : 0),
    'accumulated-backpressured-time': 0,
  })
  const sum = (of: Record<string, number>) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, value * TASKS]))
  const vertices = [
    { id: 'a'.repeat(32), name: 'Source: s', reads: false, inputs: [] as { id: string }[] },
    { id: 'b'.repeat(32), name: 'work', reads: true, inputs: [{ id: 'a'.repeat(32) }] },
  ]
  const common = { parallelism: TASKS, status: 'RUNNING', 'start-time': START }
  const answers = new Map<string, unknown>([
    [
      'job',
      {
        jid: '1'.repeat(32),
        name: 'made up',
        state: 'RUNNING',
        'start-time': START,
        now: START + sampledMs,
        timestamps: { RUNNING: START },
        vertices: vertices.map(({ id, name, reads }) => ({ id, name, ...common, metrics: sum(metrics(reads)) })),
        plan: { nodes: vertices.map(({ id, inputs }) => ({ id, inputs })) },
      },
    ],
  ])
  for (const [k, { id, name, reads }] of vertices.entries()) {
    const subtasks = [0, 1].map((subtask) => ({
      subtask,
      attempt: 0,
      ...common,
      'taskmanager-id': 'tm-1',
      metrics: metrics(reads),
      'status-duration': { RUNNING: sampledMs, DEPLOYING: 0, INITIALIZING: 0 },
    }))
    answers.set(`vertex_v${k}`, { id, name, parallelism: TASKS, now: START + sampledMs, subtasks })
    answers.set(`backpressure_v${k}`, {
      status: 'ok',
      subtasks: [0, 1].map((subtask) => ({ subtask, ratio: 0, idleRatio: reads ? idleRatio : 1, busyRatio: 0 })),
    })
    answers.set(`subtask_metrics_v${k}`, [{ id: 'numRecordsInPerSecond', avg: reads ? records(tickMs) / 60 : 0 }])
  }
  return new Map([...answers].map(([name, answer]) => [name, JSON.stringify(answer)]))
}

const arrivalOf = (job: MadeUp) => twin(parseDump(answersOf(job), 'made up')).inferred.arrivalPerSecond

describe('the arrival rate from a single sample', () => {
  it('is known where the source began late, whatever the phase of the ticks, unless the gauge is at its end', () => {
    fc.assert(
      fc.property(
        fc.record({
          arrival: fc.integer({ min: 300, max: 900 }),
          costMs: fc.constant(2),
          beginMs: fc.integer({ min: 1500, max: 8000 }),
          sampledMs: fc.integer({ min: 16_000, max: 55_000 }),
          firstTickMs: fc.integer({ min: 0, max: 4999 }),
        }),
        (job) => {
          const { tickMs, idleMsPerSecond } = lastTick(job)
          fc.pre(job.sampledMs - tickMs > 2000 && idleMsPerSecond < 1000)
          expect(Math.abs(arrivalOf(job).value! / job.arrival - 1)).toBeLessThan(0.1)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is exact to 2 % for a source that began two and a half seconds late', () => {
    const job = { arrival: 800, costMs: 2, beginMs: 2500, sampledMs: 15_000, firstTickMs: 100 }
    const { value, from } = arrivalOf(job)
    expect(value! / 800).toBeCloseTo(1, 1)
    expect(Math.abs(value! / 800 - 1)).toBeLessThan(0.02)
    expect(from).toMatch(/idle time per record of work .* began to emit about 2\.\d s after it ran/)
  })

  it('is all records over all time where the source began at once', () => {
    const job = { arrival: 600, costMs: 2, beginMs: 0, sampledMs: 20_000, firstTickMs: 1200 }
    const { value, from } = arrivalOf(job)
    expect(value).toBeCloseTo(600, 0)
    expect(from).toContain('since the source runs')
  })
})

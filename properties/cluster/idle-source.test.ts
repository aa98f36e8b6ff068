/** A source that has nothing to say for a while holds back no watermark, if its strategy says so. */
import { describe, expect, it } from 'vitest'
import { Runner } from '../../src/check/index.ts'
import { type Source, scenario, transactionalLog, WatermarkStrategy } from '../../src/dataflow/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { planOf } from '../check/scripted.ts'

const COUNT = 30
const GAP_US = 100_000
/** Value i arrives at i * GAP_US; the quiet source begins only after the other has ended. */
const arriving = (fromUs: number): Source<number> => ({
  splits: () => [
    { id: 'only', length: COUNT, read: (i: number) => i, arrivesAtUs: (i: number) => fromUs + i * GAP_US },
  ],
})

/** Watermarks that a reader of both has handled before the quiet source said anything. */
function watermarksBeforeTheQuietSource(idleAfter: string | undefined): number[] {
  const strategy = WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((i: number) => i)
  const quietFromUs = 2 * COUNT * GAP_US
  const job = scenario('idle', (env) => {
    env.enableCheckpointing(1000)
    const busy = env.fromSource(arriving(0), 'busy', strategy)
    const quiet = env.fromSource(
      arriving(quietFromUs),
      'quiet',
      idleAfter === undefined ? strategy : strategy.withIdleness(idleAfter),
    )
    busy
      .union(quiet)
      .process<number>(() => ({ processElement: (i, _context, out) => out.collect(i) }))
      .uid('both')
      .sinkTo(transactionalLog('out'))
  })
  const seen: number[] = []
  const runner = new Runner(job, aligned)
  const { finding, end } = runner.run(planOf({ scenario: job }), {
    listener: {
      observer: {
        watermarkAdvanced(_attempt, timestampMs) {
          if (runner.now < quietFromUs) seen.push(timestampMs)
        },
      },
    },
  })
  expect(finding).toBeNull()
  expect(end).toBe('done')
  return seen
}

describe('withIdleness', () => {
  it('lets the watermark of the other source pass', () => {
    const seen = watermarksBeforeTheQuietSource('500ms')
    expect(seen.length).toBeGreaterThan(5)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })
  it('without it, the quiet source holds everything back', () => {
    expect(watermarksBeforeTheQuietSource(undefined)).toEqual([])
  })
})

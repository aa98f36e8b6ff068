import { describe, expect, it } from 'vitest'
import skewedJoin from '../../scenarios/skewed-join.ts'
import { type Aggregate, Check } from '../../src/check/index.ts'
import type { Protocol } from '../../src/model/index.ts'
import { aligned, alignedTimeout, unaligned } from '../../src/protocols/index.ts'

const RUNS = Array.from({ length: 60 }, (_, i) => i)
const checked = (protocol: Protocol): Aggregate => {
  const total = new Check({ scenario: skewedJoin, protocol, seed: 'skew' }).batch(RUNS)
  expect(total.failure).toBeNull()
  return total
}
const perCheckpoint = (of: Aggregate, sum: number): number => sum / of.checkpointsCompleted

describe('a join with a heavy side', () => {
  const [still, over, switched] = [aligned, unaligned, alignedTimeout].map(checked) as [Aggregate, Aggregate, Aggregate]

  it('aligns for long under aligned barriers, not at all under unaligned ones, and for a while with a timeout', () => {
    expect(over.alignmentUs).toBe(0)
    expect(switched.alignmentUs).toBeGreaterThan(0)
    expect(perCheckpoint(still, still.alignmentUs)).toBeGreaterThan(5 * perCheckpoint(switched, switched.alignmentUs))
  })
  it('has records in flight where barriers overtake them, and only there', () => {
    expect(still.inFlightRecords).toBe(0)
    expect(over.inFlightRecords).toBeGreaterThan(0)
    expect(switched.inFlightRecords).toBeGreaterThan(0)
  })
  it('has its checkpoints sooner where barriers overtake', () => {
    const durations = [still, switched, over].map((of) => perCheckpoint(of, of.durationsUs))
    expect(durations[0]).toBeGreaterThan(2 * durations[1]!)
    expect(durations[1]).toBeGreaterThan(durations[2]!)
  })
})

import { describe, expect, it } from 'vitest'
import { recordedTrace, recordedTraces } from '../../flink/trace/recorded-traces.ts'
import { causeOf } from './cause-of.ts'
import { DAMAGE_KINDS, damageOf } from './damage.ts'
import { damageReport, leastRefused } from './damage-report.ts'
import { judgeDamages } from './judge-damages.ts'

const COUNT = 200
const judged = judgeDamages(recordedTraces, COUNT, 'damages')

describe('damaged traces', () => {
  it('nine of ten at least are refused', () => {
    const refused = judged.filter((damage) => damage.refused !== null)
    expect(refused.length).toBeGreaterThanOrEqual(leastRefused(COUNT))
    expect(leastRefused(COUNT)).toBe(180)
  })
  it('of those that are accepted it is known why', () => {
    const accepted = judgeDamages(recordedTraces, 1000, 'others').filter((damage) => damage.refused === null)
    expect(accepted.length).toBeGreaterThan(0)
    expect(accepted.filter(({ legal }) => legal === null)).toEqual([])
  })
  it('are of all kinds and of all traces', () => {
    for (const kind of DAMAGE_KINDS)
      expect(judged.filter((damage) => damage.kind === kind).length).toBeGreaterThan(COUNT / 4)
    expect(new Set(judged.map(({ trace }) => trace)).size).toBe(recordedTraces.length)
  })
  it('the report lists every one', () => {
    const report = damageReport(judged, 'damages')
    expect(report.match(/^- /gm)).toHaveLength(COUNT)
    expect(report).not.toContain('NO REASON')
  })
})

describe('a damage', () => {
  const { events } = recordedTrace('exp-tol2')

  it.each(DAMAGE_KINDS)('%s is the same for the same seed, and changes something', (kind) => {
    for (let i = 0; i < 20; i += 1) {
      const damage = damageOf(kind, events, `seed/${i}`)
      expect(damageOf(kind, events, `seed/${i}`)).toEqual(damage)
      expect(damage.events).not.toEqual(events)
      expect(damage.events.map(({ t_ms }) => t_ms)).toEqual(
        kind === 'drop'
          ? events.flatMap(({ t_ms }, i) => (i === damage.lines[0]! - 1 ? [] : [t_ms]))
          : events.map(({ t_ms }) => t_ms),
      )
    }
  })
  it('that swaps keeps to causes that come before their effects', () => {
    const causes = events.flatMap((_, effect) => {
      const cause = causeOf(events, effect)
      return cause === null ? [] : [[cause, effect] as const]
    })
    expect(causes.length).toBeGreaterThan(events.length * 0.9)
    for (const [cause, effect] of causes) expect(cause).toBeLessThan(effect)
  })
})

import { describe, expect, it } from 'vitest'
import type { SpaceTime } from '../../src/check/index.ts'
import { spaceTimeSvg } from '../../src/report/index.ts'

const empty: SpaceTime = { lanes: [], timesUs: [], marks: [], records: [], cuts: [], faults: [], ending: 'Nothing.' }
/** Two tasks; one record is in flight at the checkpoint, one goes against it, one never arrives. */
const two: SpaceTime = {
  lanes: ['a<b>[0]', 'sink[0]'],
  timesUs: [0, 10, 20, 30, 40, 50, 60, 70],
  marks: [{ at: 0, lane: 0, kind: 'begins', label: 'anew' }],
  records: [
    { from: { at: 1, lane: 0 }, to: { at: 6, lane: 1 } },
    { from: { at: 3, lane: 0 }, to: { at: 4, lane: 1 } },
    { from: { at: 7, lane: 0 }, to: null },
  ],
  cuts: [
    {
      checkpoint: 5,
      completed: true,
      points: [
        { at: 2, lane: 0 },
        { at: 5, lane: 1 },
      ],
    },
  ],
  faults: [],
  ending: 'It ends.',
}
const count = (svg: string, part: string): number => svg.split(part).length - 1

describe('the picture of a run', () => {
  it('tells what crosses a cut forwards from what crosses it backwards', () => {
    const svg = spaceTimeSvg(two)
    expect(count(svg, '<line class="record forwards"')).toBe(1)
    expect(count(svg, '<line class="record backwards"')).toBe(1)
    expect(count(svg, 'stroke-dasharray="2 2"')).toBe(1)
    expect(svg).toContain('checkpoint 5</text>')
    expect(svg).toContain('a&lt;b&gt;[0]')
    expect(svg).toContain('It ends.')
  })

  it('marks a checkpoint that was never complete', () => {
    const cuts = two.cuts.map((cut) => ({ ...cut, completed: false }))
    expect(spaceTimeSvg({ ...two, cuts })).toContain('checkpoint 5, not complete</text>')
  })

  it('keeps the labels of a line apart', () => {
    const marks = Array.from({ length: 8 }, (_, at) => ({ at, lane: 1, kind: 'keeps' as const, label: '[3]=12 at 17' }))
    const svg = spaceTimeSvg({ ...empty, lanes: ['x', 'y'], timesUs: two.timesUs, marks })
    const xs = [...svg.matchAll(/<text class="quiet" x="([\d.]+)" y="[\d.]+">\[3\]=12 at 17</g)].map((m) =>
      Number(m[1]),
    )
    expect(xs).toHaveLength(8)
    for (let i = 1; i < xs.length; i += 1) expect(xs[i]! - xs[i - 1]!).toBeGreaterThan(70)
  })

  it('keeps the last moments of a long run', () => {
    const long = Array.from({ length: 5000 }, (_, i) => i)
    const svg = spaceTimeSvg({
      ...two,
      timesUs: long,
      records: long.slice(1, -1).map((at) => ({ from: { at, lane: 0 }, to: { at: at + 1, lane: 1 } })),
    })
    expect(svg).toContain('the last 600 of 5000 moments')
    // one for each moment at which a record is received, also if it was sent before
    expect(count(svg, '<line class="record ')).toBe(600)
  })

  it('of a run in which nothing happened says how it ended', () => {
    expect(spaceTimeSvg(empty)).toContain('Nothing.')
  })
})

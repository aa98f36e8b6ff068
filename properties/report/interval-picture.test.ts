import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IntervalProblem, recommendInterval } from '../../src/intervals/index.ts'
import { intervalPageHtml, intervalPictureSvg, intervalPlot } from '../../src/report/index.ts'

const HOUR = 3_600_000
const job: IntervalProblem = {
  costMs: 1000,
  latencyMs: 5000,
  failures: { kind: 'exponential', mtbfMs: 6 * HOUR },
  restartMs: 30_000,
  load: { arrivalPerSecond: 70_000, capacityPerSecond: 100_000 },
  goals: { recoveryMs: 240_000, replayMs: 60_000 },
}

const problems = fc
  .record({
    costMs: fc.integer({ min: 1, max: 10_000 }),
    extraMs: fc.integer({ min: 0, max: 60_000 }),
    failures: fc.constantFrom<IntervalProblem['failures']>(
      { kind: 'exponential', mtbfMs: HOUR },
      { kind: 'weibull', shape: 0.6, mtbfMs: 48 * HOUR },
      { kind: 'observed', timesMs: [0, 3 * HOUR, 10 * HOUR, 11 * HOUR] },
    ),
    load: fc.constantFrom(undefined, { share: 0 }, { share: 0.5 }, { share: 0.95 }),
    failedShare: fc.constantFrom(0, 0.2),
    goalMs: fc.constantFrom(undefined, 1000, 60_000, HOUR),
  })
  .map(
    ({ costMs, extraMs, failures, load, failedShare, goalMs }): IntervalProblem => ({
      costMs,
      latencyMs: costMs + extraMs,
      failures,
      failedShare,
      restartMs: 10_000,
      ...(load === undefined ? {} : { load }),
      ...(goalMs === undefined
        ? {}
        : { goals: { replayMs: goalMs, ...(load === undefined ? {} : { recoveryMs: goalMs }) } }),
    }),
  )

/** Throws unless every element is closed in order; returns how many there are. */
function elements(markup: string): number {
  const open: string[] = []
  let count = 0
  for (const [, closing, name, , selfClosing] of markup.matchAll(
    /<(\/?)([a-zA-Z]+\d?)((?:\s[a-zA-Z:-]+="[^"<]*")*)(\/?)>/g,
  )) {
    count += 1
    if (closing) expect(open.pop()).toBe(name)
    else if (!selfClosing) open.push(name!)
  }
  expect(open).toEqual([])
  return count
}

describe('the picture of the interval', () => {
  it('is well formed, with every coordinate a number, whatever the problem', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const svg = intervalPictureSvg(recommendInterval(problem))
        expect(elements(svg)).toBeGreaterThan(40)
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      }),
      { numRuns: 60 },
    )
  })

  it('says what its axes are, in which units, and what is recommended', () => {
    const svg = intervalPictureSvg(recommendInterval(job))
    for (const text of [
      'recommended: 49.5 s',
      'Overhead',
      'time lost per time of useful work',
      'least 1.13 % at 3.47 min',
      'Recovery',
      'from the failure until the backlog is gone',
      'recovery ≤ 4 min missed above 49.8 s',
      'replay ≤ 60 s missed above 55.6 s',
      'checkpoint interval, from trigger to trigger (vaidya-1997; exponential, MTBF 6 h)',
    ])
      expect(svg).toContain(text)
    expect(svg).toContain('prefers-color-scheme: dark')
  })

  it('shows points with whiskers, by name, and only where they lie in the panel', () => {
    const report = recommendInterval(job)
    const circles = (svg: string): number => svg.split('<circle').length
    const plain = intervalPictureSvg(report)
    const svg = intervalPictureSvg(report, {
      pointsName: 'measured',
      recoveryPoints: [
        { intervalMs: 60_000, value: 200_000, low: 150_000, high: 300_000 },
        { intervalMs: 1e12, value: 1 },
      ],
      overheadPoints: [{ intervalMs: 60_000, value: 0.02 }],
    })
    expect(circles(svg)).toBe(circles(plain) + 2)
    expect(svg).toContain('○ measured')
  })

  it('is the same each time', () => {
    expect(intervalPictureSvg(recommendInterval(job))).toBe(intervalPictureSvg(recommendInterval(job)))
  })
})

describe('the page', () => {
  it('is well formed and holds picture, candidates and goals', () => {
    const html = intervalPageHtml(recommendInterval(job))
    elements(html.replace('<!doctype html>', ''))
    expect(html).toContain('<h1>Checkpoint interval: 49.5 s</h1>')
    expect(html).toContain('<svg ')
    expect(html.split('<tr').length).toBe(recommendInterval(job).candidates.length + 2)
    expect(html).toContain('recovery p99 ≤ 4 min is missed above 49.8 s')
  })
})

describe('the plot of characters', () => {
  it('fits its width and has both panels, whatever the problem', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 40, max: 200 }), (problem, width) => {
        const lines = intervalPlot(recommendInterval(problem), width)
        expect(lines).toHaveLength(21)
        const panels = lines.filter((line) => line.includes('│'))
        expect(panels).toHaveLength(16)
        for (const line of panels) expect([...line].length).toBeLessThanOrEqual(width)
        expect(lines.join('\n')).not.toMatch(/NaN|undefined/)
      }),
      { numRuns: 60 },
    )
  })

  it('paints by role', () => {
    const roles = new Set<string>()
    intervalPlot(recommendInterval(job), 80, (text, role) => {
      roles.add(role)
      return text
    })
    expect([...roles].sort()).toEqual(['goal', 'mark', 'overhead', 'quiet', 'recovery'])
  })
})

/**
 * The checkpoint interval as a picture: overhead above, recovery below, over one logarithmic axis of intervals.
 *
 * ```
 *   overhead   \        total        /      checkpoints fall, replay rises: they cross near the optimum
 *               \___________________/
 *   recovery   ____----=====p50..p99        with the goal across, and where goals are missed in red
 *               1 s      1 min       1 h    checkpoint interval
 * ```
 *
 * Readable in light and dark: colours are CSS variables that follow prefers-color-scheme, inside the SVG itself.
 */
import {
  durationText,
  exponentialFailures,
  type GoalReport,
  type IntervalReport,
  type IntervalRow,
  intervalRow,
  logarithmicGrid,
  numberText,
  settingText,
} from '../intervals/index.ts'
import { durationTickText, type LogScale, logScale } from './log-scale.ts'
import { element, fragment, type Markup, style } from './markup.ts'

/** A measured or simulated value at an interval, with its limits. */
export interface PicturePoint {
  readonly intervalMs: number
  readonly value: number
  readonly low?: number
  readonly high?: number
}

export interface IntervalPictureOptions {
  /** What the points are, e.g. 'measured' or 'simulated'. */
  readonly pointsName?: string
  /** Overheads (time lost per useful time) to draw beside the curve. */
  readonly overheadPoints?: readonly PicturePoint[]
  /** Recovery times, ms, to draw beside the curves. */
  readonly recoveryPoints?: readonly PicturePoint[]
}

/** Colours by role, for light and dark. */
export const PICTURE_COLOURS = `
  :root, svg { color-scheme: light dark;
    --paper: #ffffff; --ink: #1f2328; --quiet: #59636e; --grid: #d1d9e0;
    --total: #0969da; --checkpoints: #8250df; --replay: #bc4c00; --recovery: #1a7f37; --goal: #cf222e; }
  @media (prefers-color-scheme: dark) { :root, svg {
    --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --grid: #30363d;
    --total: #58a6ff; --checkpoints: #bc8cff; --replay: #f0883e; --recovery: #3fb950; --goal: #ff7b72; } }`

const SVG_STYLE = `${PICTURE_COLOURS}
  .interval-picture text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink); }
  .interval-picture .title { font-size: 14px; font-weight: 600; }
  .interval-picture .quiet { fill: var(--quiet); }
  .interval-picture .grid { stroke: var(--grid); stroke-width: 1; }
  .interval-picture .curve { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
  .interval-picture .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }`

const WIDTH = 880
const HEIGHT = 640
const LEFT = 76
const RIGHT = 64
const TOP_PANEL = { top: 86, bottom: 300 }
const BOTTOM_PANEL = { top: 366, bottom: 580 }
const CURVE_POINTS = 120

type Panel = typeof TOP_PANEL

/** A curve: its values at intervals in ms. */
type Points = readonly (readonly [intervalMs: number, value: number])[]

class Chart {
  readonly x: LogScale
  readonly y: LogScale
  readonly panel: Panel
  /** Drawn behind the curves, curves cut to the panel, and drawn in front. */
  readonly #back: Markup[] = []
  readonly #curves: Markup[] = []
  readonly #front: Markup[] = []

  constructor(panel: Panel, x: LogScale, low: number, high: number, kind: 'duration' | 'decade') {
    this.panel = panel
    this.x = x
    this.y = logScale(low, high, panel.bottom, panel.top, kind, 24)
  }

  /** All that was drawn. @param name of the clipping path, unique in the document */
  markup(name: string): Markup {
    const { top, bottom } = this.panel
    const frame = element('rect', { x: LEFT, y: top, width: WIDTH - RIGHT - LEFT, height: bottom - top })
    return fragment([
      element('clipPath', { id: name }, frame),
      ...this.#back,
      element('g', { 'clip-path': `url(#${name})` }, ...this.#curves),
      ...this.#front,
    ])
  }

  axes(title: string, explanation: string, label: (value: number) => string): void {
    const { top, bottom } = this.panel
    this.#back.push(
      element(
        'text',
        { x: LEFT, y: top - 12 },
        element('tspan', { class: 'title' }, title),
        element('tspan', { class: 'quiet', dx: 8 }, explanation),
      ),
    )
    for (const tick of this.y.ticks) {
      const y = this.y.at(tick)
      this.#back.push(
        element('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }),
        element('text', { class: 'quiet', x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, label(tick)),
      )
    }
    for (const tick of this.x.ticks) {
      const x = this.x.at(tick)
      this.#back.push(
        element('line', { class: 'grid', x1: x, x2: x, y1: top, y2: bottom }),
        element('text', { class: 'quiet', x, y: bottom + 18, 'text-anchor': 'middle' }, durationTickText(tick)),
      )
    }
  }

  /** A stripe over the whole height between two intervals. */
  stripe(fromMs: number, toMs: number, colour: string, opacity: number): void {
    const from = this.x.at(Math.max(fromMs, this.x.low))
    const width = this.x.at(Math.min(toMs, this.x.high)) - from
    const { top, bottom } = this.panel
    if (width > 0)
      this.#back.push(
        element('rect', {
          x: from,
          width,
          y: top,
          height: bottom - top,
          style: `fill:var(--${colour});fill-opacity:${opacity}`,
        }),
      )
  }

  curve(points: Points, colour: string, width: number): void {
    const path = this.#path(points)
    if (path !== '')
      this.#curves.push(
        element('path', { class: 'curve', d: path, style: `stroke:var(--${colour});stroke-width:${width}` }),
      )
  }

  /** The area between two curves over the same intervals. */
  area(lower: Points, upper: Points, colour: string): void {
    const inside = lower.map((_, i) => i).filter((i) => drawable(lower[i]![1]) && drawable(upper[i]![1]))
    const there = inside.map((i) => lower[i]!)
    const back = inside.map((i) => upper[i]!).reverse()
    const path = this.#path([...there, ...back])
    if (path !== '')
      this.#curves.push(element('path', { d: `${path}Z`, style: `fill:var(--${colour});fill-opacity:0.14` }))
  }

  /** Points with their limits as whiskers. */
  points(points: readonly PicturePoint[], colour: string): void {
    for (const { intervalMs, value, low, high } of points) {
      if (intervalMs < this.x.low || intervalMs > this.x.high || !drawable(value)) continue
      const x = this.x.at(intervalMs)
      const stroke = `stroke:var(--${colour});stroke-width:1.5`
      if (low !== undefined && high !== undefined)
        this.#curves.push(element('line', { x1: x, x2: x, y1: this.y.at(low), y2: this.y.at(high), style: stroke }))
      this.#curves.push(element('circle', { cx: x, cy: this.y.at(value), r: 3, style: `fill:var(--paper);${stroke}` }))
    }
  }

  /** A big dot with a text above it. */
  dot(intervalMs: number, value: number, colour: string, text: string): void {
    const x = this.x.at(intervalMs)
    const y = this.y.at(value)
    this.#front.push(
      element('circle', { cx: x, cy: y, r: 4.5, style: `fill:var(--${colour});stroke:var(--paper);stroke-width:2` }),
      element('text', { class: 'halo', x, y: y - 12, 'text-anchor': anchorAt(x, 90) }, text),
    )
  }

  /** Text beside a point of a curve, `down` pixels below it, where that lies in the panel. */
  note(intervalMs: number, value: number, side: 'start' | 'end', colour: string, text: string, down = -2): void {
    if (!drawable(value)) return
    const x = this.x.at(intervalMs) + (side === 'start' ? 8 : -8)
    const y = this.y.at(value) + down
    if (x > LEFT && x < WIDTH - RIGHT && y > this.panel.top && y < this.panel.bottom)
      this.#front.push(
        element('text', { class: 'halo', x, y, 'text-anchor': side, style: `fill:var(--${colour})` }, text),
      )
  }

  /** A line across at a value, with its text at the left end. */
  limit(value: number, colour: string, text: string): void {
    const y = this.y.at(value)
    this.#front.push(
      element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, style: `stroke:var(--${colour});stroke-width:1.5` }),
      element('text', { class: 'halo', x: LEFT + 8, y: y - 6, style: `fill:var(--${colour})` }, text),
    )
  }

  /** A line upright at an interval, with its text on the given line under the upper edge. */
  upright(intervalMs: number, colour: string, text: string, line: number): void {
    const x = this.x.at(intervalMs)
    const { top, bottom } = this.panel
    const left = x > (LEFT + WIDTH - RIGHT) / 2
    this.#front.push(
      element('line', { x1: x, x2: x, y1: top, y2: bottom, style: `stroke:var(--${colour});stroke-width:1` }),
      element(
        'text',
        {
          class: 'halo',
          x: x + (left ? -6 : 6),
          y: top + 16 + 16 * line,
          'text-anchor': left ? 'end' : 'start',
          style: `fill:var(--${colour})`,
        },
        text,
      ),
    )
  }

  /** Names of curves at their right ends, moved apart where they would overlap. */
  endLabels(labels: readonly { text: string; value: number; colour: string }[]): void {
    const placed = labels
      .filter(({ value }) => drawable(value))
      .map((label) => ({ ...label, y: Math.max(this.panel.top, this.y.at(label.value)) }))
      .sort((a, b) => a.y - b.y)
    let lastY = Number.NEGATIVE_INFINITY
    for (const { text, y, colour } of placed) {
      lastY = Math.max(y, lastY + 15)
      this.#front.push(element('text', { x: WIDTH - RIGHT + 8, y: lastY + 4, style: `fill:var(--${colour})` }, text))
    }
  }

  #path(points: Points): string {
    let path = ''
    let down = false
    for (const [intervalMs, value] of points) {
      if (!drawable(value)) {
        down = false
        continue
      }
      path += `${down ? 'L' : 'M'}${this.x.at(intervalMs).toFixed(1)} ${this.y.at(value).toFixed(1)}`
      down = true
    }
    return path
  }
}

/** How a text at x must hang to stay inside the picture. @param half about half its width */
const anchorAt = (x: number, half: number): 'start' | 'middle' | 'end' =>
  x < LEFT + half ? 'start' : x > WIDTH - RIGHT - half ? 'end' : 'middle'

const drawable = (value: number): boolean => Number.isFinite(value) && value > 0

const percentText = (share: number): string => `${numberText(share * 100)} %`

/** The picture as one SVG document. */
export function intervalPictureSvg(report: IntervalReport, options: IntervalPictureOptions = {}): string {
  const { problem, optimum, recommended } = report
  const centreMs = Math.sqrt(optimum.intervalMs * recommended.intervalMs)
  const lowMs = Math.max(problem.shortestMs, centreMs / 40)
  const highMs = Math.max(centreMs * 40, lowMs * 20)
  const x = logScale(lowMs, highMs, LEFT, WIDTH - RIGHT, 'duration', 48)
  const rows = logarithmicGrid(lowMs, highMs, CURVE_POINTS).map((intervalMs) => intervalRow(problem, intervalMs))

  const overhead = overheadChart(report, rows, x, options.overheadPoints ?? [])
  const recovery = recoveryChart(report, rows, x, options.recoveryPoints ?? [])
  const markX = x.at(recommended.intervalMs)
  const marks: Markup[] = []
  for (const { top, bottom } of [TOP_PANEL, BOTTOM_PANEL])
    marks.push(
      element('line', {
        x1: markX,
        x2: markX,
        y1: top,
        y2: bottom,
        style: 'stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4',
      }),
    )
  marks.push(
    element(
      'text',
      { class: 'title', x: markX, y: 44, 'text-anchor': anchorAt(markX, 120) },
      `recommended: ${settingText(recommended.intervalMs)}`,
    ),
    element('line', {
      x1: markX,
      x2: markX,
      y1: 50,
      y2: TOP_PANEL.top - 30,
      style: 'stroke:var(--ink);stroke-width:1.5',
    }),
  )
  const pointsName = options.pointsName === undefined ? '' : ` — ○ ${options.pointsName}`
  const foot = element(
    'text',
    { class: 'quiet', x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 18, 'text-anchor': 'middle' },
    `checkpoint interval, from trigger to trigger (${report.model.name}; ${problem.failures.text})${pointsName}`,
  )
  return `${
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        class: 'interval-picture',
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        role: 'img',
        'aria-label': `Overhead and recovery against the checkpoint interval; recommended ${settingText(recommended.intervalMs)}`,
      },
      style(SVG_STYLE),
      element('rect', { width: WIDTH, height: HEIGHT, style: 'fill:var(--paper)' }),
      fragment(marks),
      overhead,
      recovery,
      foot,
    ).markup
  }\n`
}

function overheadChart(
  report: IntervalReport,
  rows: readonly IntervalRow[],
  x: LogScale,
  points: readonly PicturePoint[],
): Markup {
  const { problem, optimum } = report
  const curve = (value: (row: IntervalRow) => number): Points => rows.map((row) => [row.intervalMs, value(row)])
  const shown = [...rows.map((row) => row.overhead), ...points.map((point) => point.value)].filter(drawable)
  const high = Math.min(Math.max(...shown), optimum.overhead * 60)
  const chart = new Chart(TOP_PANEL, x, optimum.overhead / 8, high * 1.1, 'decade')
  chart.stripe(optimum.flatFromMs, optimum.flatToMs, 'ink', 0.07)
  chart.axes('Overhead', 'time lost per time of useful work', percentText)
  if (problem.mtbfLimitsMs !== null) {
    const [low, high] = problem.mtbfLimitsMs.map((mtbfMs): Points => {
      const other = { ...problem, failures: exponentialFailures(mtbfMs), profile: null, load: null }
      return curve((row) => intervalRow(other, row.intervalMs).overhead)
    })
    chart.area(high!, low!, 'total')
  }
  const checkpoints = (row: IntervalRow): number => row.lost.checkpoints / row.utilisation
  const replay = (row: IntervalRow): number => row.lost.replay / row.utilisation
  chart.curve(curve(checkpoints), 'checkpoints', 1.5)
  chart.curve(curve(replay), 'replay', 1.5)
  chart.curve(
    curve((row) => row.overhead),
    'total',
    2.5,
  )
  chart.points(points, 'total')
  chart.dot(
    optimum.intervalMs,
    optimum.overhead,
    'total',
    `least ${percentText(optimum.overhead)} at ${durationText(optimum.intervalMs)}`,
  )
  chart.endLabels([{ text: 'total', value: rows[rows.length - 1]!.overhead, colour: 'total' }])
  const after = intervalRow(problem, optimum.intervalMs * 1.8)
  chart.note(after.intervalMs, checkpoints(after), 'start', 'checkpoints', 'checkpoints')
  const before = intervalRow(problem, optimum.intervalMs / 1.8)
  const start = rows[Math.floor(rows.length / 4)]!
  if (before.effectiveMs === before.intervalMs)
    chart.note(before.intervalMs, replay(before), 'end', 'replay', 'replay after failures')
  else chart.note(start.intervalMs, replay(start), 'start', 'replay', 'replay after failures', 18)
  return chart.markup('overhead-panel')
}

function recoveryChart(
  report: IntervalReport,
  rows: readonly IntervalRow[],
  x: LogScale,
  points: readonly PicturePoint[],
): Markup {
  const { goals, problem } = report
  const known = problem.load !== null
  const at = (quantile: 'p50' | 'p90' | 'p99'): Points =>
    rows.map((row) => [row.intervalMs, (row.recoveryMs ?? row.replayMs)[quantile]])
  const curves = { p50: at('p50'), p90: at('p90'), p99: at('p99') }
  const goal = goals.find(({ goal }) => goal === (known ? 'recovery' : 'replay'))
  const values = [...curves.p50, ...curves.p99].map(([, value]) => value)
  const shown = [
    ...values,
    ...points.map((point) => point.value),
    ...(goal === undefined ? [] : [goal.limitMs]),
  ].filter(drawable)
  if (shown.length === 0) shown.push(1000)
  const chart = new Chart(BOTTOM_PANEL, x, Math.min(...shown) / 1.4, Math.max(...shown) * 1.3, 'duration')
  const within = goals.filter(({ reachable }) => reachable)
  chart.stripe(Math.min(...within.map(({ missedAboveMs }) => missedAboveMs ?? x.high)), x.high, 'goal', 0.08)
  chart.stripe(x.low, Math.max(...within.map(({ missedBelowMs }) => missedBelowMs ?? x.low)), 'goal', 0.08)
  if (known) chart.axes('Recovery', 'from the failure until the backlog is gone', durationTickText)
  else chart.axes('Replay', 'age of the checkpoint that a failure falls back to', durationTickText)
  const colour = known ? 'recovery' : 'replay'
  chart.area(curves.p50, curves.p99, colour)
  chart.curve(curves.p50, colour, 2.5)
  chart.curve(curves.p90, colour, 1.5)
  chart.curve(curves.p99, colour, 1.5)
  chart.points(points, colour)
  if (goal !== undefined) chart.limit(goal.limitMs, 'goal', goalName(goal))
  chart.endLabels(Object.entries(curves).map(([text, curve]) => ({ text, value: curve[curve.length - 1]![1], colour })))
  goals
    .filter(({ missedAboveMs }) => missedAboveMs !== null && missedAboveMs < x.high)
    .forEach((report, line) => {
      chart.upright(
        report.missedAboveMs!,
        'goal',
        `${goalName(report)} missed above ${durationText(report.missedAboveMs!)}`,
        line,
      )
    })
  return chart.markup('recovery-panel')
}

const goalName = (goal: GoalReport): string =>
  `${{ recovery: 'recovery', replay: 'replay', latency: 'peak lag' }[goal.goal]} ≤ ${durationText(goal.limitMs)}`

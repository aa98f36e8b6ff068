/** Measured recoveries and the fitted model: recovery over the arrival rate, a curve and its points for each interval. */
import type { RecoveryFit } from '../flink/index.ts'
import { durationText, numberText, recoveryMs } from '../intervals/index.ts'
import { linearScale, linearTickText } from './linear-scale.ts'
import { element, fragment, type Markup } from './markup.ts'
import { PANEL_LEFT, PANEL_RIGHT, panelHeading, panelsSvg } from './panel.ts'

const TOP = 44
const BOTTOM = 420
const CURVE_POINTS = 80
/** Colours by interval, ascending; beyond five they repeat. */
const COLOURS = ['total', 'recovery', 'replay', 'checkpoints', 'goal'] as const

/** One self-contained SVG, readable in light and dark. */
export function fitPictureSvg(fit: RecoveryFit): string {
  const { capacityPerSecond, downtimeMs, replayOffsetMs } = fit.parameters
  const rates = fit.rows.map((row) => row.arrivalPerSecond)
  const x = linearScale(Math.max(...rates) * 1.15, PANEL_LEFT, PANEL_RIGHT, 'decade', 8)
  const fromRate = Math.min(...rates) * 0.9
  const toRate = Math.max(...rates)
  const longestMs = Math.max(...fit.rows.flatMap((row) => [row.recoveryMs, row.predictedMs]))
  const y = linearScale(longestMs * 1.08, BOTTOM, TOP, 'duration', 7)
  const intervals = [...new Set(fit.rows.map((row) => row.intervalMs))].sort((a, b) => a - b)

  const grid = [
    ...y.ticks.flatMap((tick) => [
      element('line', { class: 'grid', x1: PANEL_LEFT, x2: PANEL_RIGHT, y1: y.at(tick), y2: y.at(tick) }),
      element(
        'text',
        { class: 'quiet', x: PANEL_LEFT - 8, y: y.at(tick) + 4, 'text-anchor': 'end' },
        linearTickText(tick),
      ),
    ]),
    ...x.ticks.map((tick) =>
      element('text', { class: 'quiet', x: x.at(tick), y: BOTTOM + 18, 'text-anchor': 'middle' }, numberText(tick)),
    ),
    element(
      'text',
      { class: 'quiet', x: PANEL_RIGHT, y: BOTTOM + 36, 'text-anchor': 'end' },
      'arrival rate, records/s',
    ),
    element('text', { class: 'quiet', x: 20, y: TOP + 4 }, 'recovery'),
  ]
  const series = intervals.map((intervalMs, i): Markup => {
    const colour = `var(--${COLOURS[i % COLOURS.length]!})`
    const rows = fit.rows.filter((row) => row.intervalMs === intervalMs)
    const ageMs = Math.max(0, intervalMs - (rows[0]!.beforeNextMs ?? replayOffsetMs.value))
    const at = (rate: number): string => {
      const load = rate / capacityPerSecond.value
      return `${x.at(rate).toFixed(1)},${y.at(recoveryMs({ downtimeMs: downtimeMs.value, load }, ageMs)).toFixed(1)}`
    }
    const points = Array.from({ length: CURVE_POINTS + 1 }, (_, step) =>
      at(fromRate + ((toRate - fromRate) * step) / CURVE_POINTS),
    )
    const [, endY] = points.at(-1)!.split(',')
    return fragment([
      element('polyline', { class: 'curve', points: points.join(' '), style: `stroke:${colour}` }),
      ...rows.map((row) =>
        element(
          'circle',
          {
            cx: x.at(row.arrivalPerSecond),
            cy: y.at(row.recoveryMs),
            r: 3.5,
            style: `fill:${colour};stroke:var(--paper)`,
          },
          element('title', {}, `measured ${durationText(row.recoveryMs)}, model ${durationText(row.predictedMs)}`),
        ),
      ),
      element(
        'text',
        { class: 'halo', x: x.at(toRate) + 6, y: Math.max(TOP, Number(endY)) + 4, style: `fill:${colour}` },
        `every ${durationText(intervalMs)}`,
      ),
    ])
  })
  const heading = panelHeading(
    'Measured recoveries',
    `capacity ${numberText(capacityPerSecond.value)} records/s, downtime ${durationText(downtimeMs.value)}, ` +
      `mean error ${fit.inSample.toFixed(1)} %`,
  )
  const panel = { height: BOTTOM + 44, markup: fragment([heading, ...grid, ...series]) }
  return panelsSvg('Measured recoveries and the fitted model', [panel])
}

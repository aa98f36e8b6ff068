/**
 * A recovery over time: how old the oldest record is that has not been processed. At the failure it jumps to the age of the
 * checkpoint, grows with the outage, and shrinks while the job catches up.
 */
import { durationText } from '../intervals/index.ts'
import { linearScale, linearTickText } from './linear-scale.ts'
import { element, fragment, type Markup } from './markup.ts'
import { PANEL_LEFT, PANEL_RIGHT, type Panel, panelHeading } from './panel.ts'

/** What a recovery is drawn from; times in ms. */
export interface TimelineInput {
  readonly downtimeMs: number
  readonly replayMs: number
  /** From the failure until the lag counts as normal again. */
  readonly recoveryMs: number
  readonly low80: number | null
  readonly high80: number | null
  readonly normalLagMs: number
  /** Lag below which it counts as normal. */
  readonly recoveredLagMs: number
  /** Which failure, for the heading. */
  readonly explanation: string
}

const TOP = 44
const BOTTOM = 250
/** Share of the axis before the failure and after the recovery. */
const BEFORE = 0.08
const AFTER = 1.12

export function recoveryTimeline(input: TimelineInput): Panel {
  const { downtimeMs, replayMs, recoveryMs, low80, high80, normalLagMs, recoveredLagMs, explanation } = input
  const lastMs = Math.max(recoveryMs, high80 ?? 0) * AFTER
  const peakMs = downtimeMs + replayMs
  const zero = PANEL_LEFT + BEFORE * (PANEL_RIGHT - PANEL_LEFT)
  const x = linearScale(lastMs, zero, PANEL_RIGHT, 'duration', 10)
  const y = linearScale(peakMs * 1.15, BOTTOM, TOP, 'duration', 6)
  const thresholdMs = Math.max(recoveredLagMs, 2 * normalLagMs)
  const normal = Math.min(normalLagMs, peakMs)

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
      element('text', { class: 'quiet', x: x.at(tick), y: BOTTOM + 18, 'text-anchor': 'middle' }, linearTickText(tick)),
    ),
    element('text', { class: 'quiet', x: PANEL_RIGHT, y: BOTTOM + 36, 'text-anchor': 'end' }, 'time since the failure'),
    element('text', { class: 'quiet', x: 20, y: TOP + 4 }, 'lag'),
  ]
  const point = (ms: number, lagMs: number): string => `${x.at(ms).toFixed(1)},${y.at(lagMs).toFixed(1)}`
  const end = (ms: number): string => point(Math.max(ms, downtimeMs), thresholdMs)
  const band =
    low80 === null || high80 === null
      ? []
      : [
          element('polygon', {
            points: [point(downtimeMs, peakMs), end(low80), end(high80)].join(' '),
            style: 'fill:var(--recovery);fill-opacity:.18',
          }),
        ]
  const curve = [
    point((-BEFORE / (1 - BEFORE)) * lastMs, normal),
    point(0, normal),
    point(0, replayMs),
    point(downtimeMs, peakMs),
    end(recoveryMs),
    point(
      Math.min(
        lastMs,
        recoveryMs + (thresholdMs - normal) * ((recoveryMs - downtimeMs) / Math.max(1, peakMs - thresholdMs)),
      ),
      normal,
    ),
    point(lastMs, normal),
  ]
  return {
    height: BOTTOM + 44,
    markup: fragment([
      panelHeading('Recovery', explanation),
      ...grid,
      element('rect', {
        x: x.at(0),
        y: TOP,
        width: Math.max(1, x.at(downtimeMs) - x.at(0)),
        height: BOTTOM - TOP,
        style: 'fill:var(--goal);fill-opacity:.12',
      }),
      element('line', {
        x1: PANEL_LEFT,
        x2: PANEL_RIGHT,
        y1: y.at(thresholdMs),
        y2: y.at(thresholdMs),
        style: 'stroke:var(--quiet);stroke-dasharray:3 3',
      }),
      ...band,
      element('polyline', { class: 'curve', points: curve.join(' '), style: 'stroke:var(--recovery)' }),
      ...labels(
        input,
        (ms) => x.at(ms),
        (ms) => y.at(ms),
        peakMs,
        thresholdMs,
      ),
    ]),
  }
}

function labels(
  { downtimeMs, replayMs, recoveryMs, low80, high80 }: TimelineInput,
  x: (ms: number) => number,
  y: (ms: number) => number,
  peakMs: number,
  thresholdMs: number,
): Markup[] {
  const band = low80 === null || high80 === null ? [] : [`(80 %: ${durationText(low80)} to ${durationText(high80)})`]
  const lines = [`recovered after ${durationText(recoveryMs)}`, ...band]
  return [
    element(
      'text',
      { class: 'halo', x: x(downtimeMs) + 8, y: y(peakMs) - 4 },
      `down for ${durationText(downtimeMs)}, ${durationText(replayMs)} of input to read again: ${durationText(peakMs)} behind`,
    ),
    element('circle', { cx: x(recoveryMs), cy: y(thresholdMs), r: 4, style: 'fill:var(--recovery)' }),
    ...lines.map((line, i) =>
      element('text', { class: 'halo', x: PANEL_RIGHT, y: y(thresholdMs) - 46 + 16 * i, 'text-anchor': 'end' }, line),
    ),
  ]
}

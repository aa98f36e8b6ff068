/**
 * A run as a picture: time to the right, a line for each task, records as arrows, and the cut of each checkpoint across them.
 *
 * ```
 *                     ╷ checkpoint 1
 *   numbers[0]  ▷──●──┼────●─────        ●─▸● a record
 *                   ╲ │     ╲            in flight: it crosses the cut forwards, and must be part of the checkpoint
 *   count[0]    ▷────●┼──────●───        a record that crosses it backwards is in no cut that is consistent
 *                     ╵
 * ```
 *
 * Moments follow one another in the order of the run; pauses between them are shortened, the scale below says what time it is.
 */
import type { Mark, Moment, SentRecord, SpaceTime, TakenCut } from '../check/index.ts'
import { PICTURE_COLOURS } from './interval-picture.ts'
import { element, fragment, type Markup, style } from './markup.ts'
import { wrapped } from './wrapped.ts'

/** Of a long run only the last moments are drawn: they end with the finding. */
const MOST_MOMENTS = 600
const LANE = 56
const LETTER = 6.2
const STEP = 10
const LONGEST_STEP = 34
/** A pause of that many microseconds is drawn one pixel wider than none. */
const PAUSE_US = 10_000
const NARROWEST = 840
const HEAD = 40
const ROW = 18

const STYLE = `${PICTURE_COLOURS}
  .space-time text { font: 11px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink);
    paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
  .space-time .title { font-size: 14px; font-weight: 600; }
  .space-time .lane { stroke: var(--grid); stroke-width: 2; }
  .space-time .quiet { fill: var(--quiet); }
  .space-time .record { stroke: var(--quiet); stroke-width: 1.2; fill: none; }
  .space-time .forwards { stroke: var(--checkpoints); stroke-width: 2.2; }
  .space-time .backwards { stroke: var(--goal); stroke-width: 2.2; }
  .space-time .cut { stroke: var(--total); stroke-width: 1.6; fill: none; stroke-linejoin: round; }
  .space-time .begins { fill: var(--recovery); }
  .space-time .ends { stroke: var(--goal); stroke-width: 2; }
  .space-time .keeps { fill: var(--total); }
  .space-time .barrier { fill: var(--paper); stroke: var(--total); stroke-width: 1.4; }
  .space-time .does { fill: var(--quiet); }
  .space-time .fault { stroke: var(--goal); stroke-width: 1; stroke-dasharray: 2 3; }
  .space-time .struck { fill: var(--goal); }`

/** @returns a self-contained SVG */
export function spaceTimeSvg(run: SpaceTime): string {
  const { lanes, timesUs, cuts, marks } = run
  const first = Math.max(0, timesUs.length - MOST_MOMENTS)
  const left = 34 + LETTER * Math.max(0, ...lanes.map((name) => name.length))
  const xs = positions(run, first, left)
  const right = Math.max(left, ...xs) + 60
  const faults = rowsOf(run.faults.filter(({ at }) => at >= first).map(({ at, what }) => ({ x: xs[at]!, text: what })))
  const top = HEAD + ROW * (1 + faults.rows) + 24
  const y = (lane: number): number => top + LANE * lane
  const bottom = y(Math.max(0, lanes.length - 1)) + 34
  const farthest = Math.max(right, ...faults.texts.map(({ x, text }) => x + LETTER * text.length)) + 20
  const width = Math.ceil(Math.max(NARROWEST, farthest))
  const ending = wrapped(run.ending.split(' '), Math.floor((width - 40) / LETTER))
  const height = bottom + 44 + ROW * ending.length
  const place = ({ at, lane }: Moment): { x: number; y: number } => ({ x: xs[at]!, y: y(lane) })
  const isShown = ({ at }: Moment): boolean => at >= first

  const moments = timesUs.length === 1 ? '1 moment' : `${timesUs.length} moments`
  const title = first === 0 ? moments : `the last ${MOST_MOMENTS} of ${moments}`
  const shown = run.records.filter(({ from, to }) => isShown(to ?? from))
  const records = shown.map((record) => ({ ...record, way: crossing(record, cuts) }))
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'space-time',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': `${title}. ${run.ending}`,
    },
    style(STYLE),
    element('rect', { width, height, style: 'fill:var(--paper)' }),
    element(
      'text',
      { x: 20, y: 22 },
      element('tspan', { class: 'title' }, 'Who did what when'),
      element('tspan', { class: 'quiet', dx: 8 }, title),
    ),
    fragment(
      legend(
        marks.map(({ kind }) => kind),
        records,
        cuts.length > 0,
      ),
    ),
    fragment(
      lanes.flatMap((name, lane) => [
        element('line', { class: 'lane', x1: left, x2: right, y1: y(lane), y2: y(lane) }),
        element('text', { x: left - 10, y: y(lane) + 4, 'text-anchor': 'end' }, name),
      ]),
    ),
    fragment(
      faults.texts.flatMap(({ x, row, text }) => {
        const at = HEAD + ROW * (2 + row)
        return [
          element('line', { class: 'fault', x1: x, x2: x, y1: at + 4, y2: bottom - 14 }),
          element('text', { class: 'struck', x: x - 4, y: at }, text),
        ]
      }),
    ),
    fragment(cuts.filter(({ points }) => points.some(isShown)).flatMap((cut) => cutLine(cut, place))),
    fragment(records.map((record) => arrow(record, place))),
    fragment(marks.filter(isShown).flatMap((mark) => sign(mark, place(mark)))),
    fragment(scale(timesUs, xs, first, bottom)),
    fragment(ending.map((line, i) => element('text', { x: 20, y: bottom + 40 + ROW * i }, line))),
  ).markup
}

/** Where each moment is drawn: in order, and with room for the labels of its line. Those before the first one that is shown: at the edge. */
function positions({ timesUs, marks }: SpaceTime, first: number, left: number): number[] {
  const labelled = new Map(marks.map((mark) => [mark.at, mark]))
  const free: number[] = []
  const xs: number[] = []
  timesUs.forEach((timeUs, at) => {
    if (at < first) {
      xs.push(left)
      return
    }
    const pause = at === first ? 0 : timeUs - timesUs[at - 1]!
    const next = at === first ? left + 14 : xs[at - 1]! + Math.min(LONGEST_STEP, STEP + pause / PAUSE_US)
    const mark = labelled.get(at)
    const x = Math.max(next, mark === undefined ? 0 : (free[mark.lane] ?? 0))
    xs.push(x)
    if (mark !== undefined) free[mark.lane] = x + LETTER * mark.label.length + 8
  })
  return xs
}

interface RowText {
  readonly x: number
  readonly text: string
}
/** Texts that would overlap go into rows of their own. */
function rowsOf(texts: readonly RowText[]): { rows: number; texts: (RowText & { row: number })[] } {
  const ends: number[] = []
  const placed = texts.map(({ x, text }) => {
    const free = ends.findIndex((end) => end < x)
    const row = free === -1 ? ends.length : free
    ends[row] = x + LETTER * text.length + 12
    return { x, text, row }
  })
  return { rows: ends.length, texts: placed }
}

type Place = (moment: Moment) => { readonly x: number; readonly y: number }

function cutLine({ checkpoint, points, completed }: TakenCut, place: Place): Markup[] {
  const places = points.map(place)
  const first = places[0]!
  const last = places.at(-1)!
  const line = [{ x: first.x, y: first.y - 20 }, ...places, { x: last.x, y: last.y + 20 }]
  return [
    element('polyline', {
      class: 'cut',
      points: line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '),
      ...(completed ? {} : { 'stroke-dasharray': '5 4' }),
    }),
    element(
      'text',
      { x: last.x + 4, y: last.y + 26, style: 'fill:var(--total)' },
      completed ? `checkpoint ${checkpoint}` : `checkpoint ${checkpoint}, not complete`,
    ),
  ]
}

/** A record, and how it crosses the first cut that it crosses; '' if it crosses none. */
interface Arrow extends SentRecord {
  readonly way: 'forwards' | 'backwards' | ''
}

function arrow(record: Arrow, place: Place): Markup {
  const from = place(record.from)
  if (record.to === null)
    return fragment([
      element('line', {
        class: 'record',
        x1: from.x,
        y1: from.y,
        x2: from.x + 9,
        y2: from.y + 9,
        'stroke-dasharray': '2 2',
      }),
      element('circle', { class: 'does', cx: from.x, cy: from.y, r: 2 }),
    ])
  const to = place(record.to)
  const way = `record ${record.way}`
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const back = (along: number, aside: number): string => {
    const ux = (to.x - from.x) / length
    const uy = (to.y - from.y) / length
    return `${(to.x - along * ux - aside * uy).toFixed(1)},${(to.y - along * uy + aside * ux).toFixed(1)}`
  }
  return fragment([
    element('line', { class: way, x1: from.x, y1: from.y, x2: to.x, y2: to.y }),
    element('polyline', { class: way, points: `${back(7, 3)} ${back(0, 0)} ${back(7, -3)}` }),
    element('circle', { class: 'does', cx: from.x, cy: from.y, r: 2 }),
  ])
}

function crossing({ from, to }: SentRecord, cuts: readonly TakenCut[]): Arrow['way'] {
  if (to === null) return ''
  for (const { points } of cuts) {
    const leaves = points.find(({ lane }) => lane === from.lane)
    const arrives = points.find(({ lane }) => lane === to.lane)
    if (leaves === undefined || arrives === undefined) continue
    if (from.at < leaves.at && to.at > arrives.at) return 'forwards'
    if (from.at > leaves.at && to.at < arrives.at) return 'backwards'
  }
  return ''
}

function sign({ kind, label }: Mark, { x, y }: { readonly x: number; readonly y: number }): Markup[] {
  const text = element('text', { class: 'quiet', x: x - 3, y: y - 8 }, label)
  switch (kind) {
    case 'begins':
      return [element('polygon', { class: 'begins', points: `${x},${y - 5} ${x + 9},${y} ${x},${y + 5}` }), text]
    case 'ends':
      return [
        element('path', {
          class: 'ends',
          d: `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x - 5} ${y + 5}L${x + 5} ${y - 5}`,
        }),
        text,
      ]
    case 'barrier':
      return [element('path', { class: kind, d: `M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z` })]
    default:
      return [element('circle', { class: kind, cx: x, cy: y, r: kind === 'keeps' ? 4 : 2.5 }), text]
  }
}

/** Times at some of the moments, as many as find room. */
function scale(timesUs: readonly number[], xs: readonly number[], first: number, y: number): Markup[] {
  let free = 0
  let before = ''
  return timesUs.flatMap((timeUs, at) => {
    const x = xs[at]!
    const text = `${(timeUs / 1000).toFixed(0)} ms`
    if (at < first || x < free || text === before) return []
    before = text
    free = x + LETTER * text.length + 24
    return [
      element('line', { class: 'lane', x1: x, x2: x, y1: y - 4, y2: y + 2 }),
      element('text', { class: 'quiet', x: x - 2, y: y + 14 }, text),
    ]
  })
}

/** What there is to be seen, each with its colour. */
function legend(kinds: readonly Mark['kind'][], records: readonly Arrow[], cuts: boolean): Markup[] {
  const seen = (way: Arrow['way']): boolean => records.some((record) => record.way === way)
  const entries = [
    [records.length > 0, 'quiet', 'a record (dotted: never received)'],
    [cuts, 'total', kinds.includes('barrier') ? 'a checkpoint; ◇ its barrier comes' : 'a checkpoint'],
    [seen('forwards'), 'checkpoints', 'crosses it forwards: in flight'],
    [seen('backwards'), 'goal', 'crosses it backwards'],
    [kinds.includes('keeps'), 'total', 'on its disk: ≥ promised ballot, [slot]=command at ballot'],
    [kinds.includes('does'), 'quiet', '[slot]=command applied, command asked? answered!'],
  ] as const
  let x = 20
  return entries
    .filter(([isThere]) => isThere)
    .flatMap(([, colour, name]) => {
      const at = x
      x += 38 + 5.6 * name.length
      return [
        element('rect', { x: at, y: HEAD - 2, width: 14, height: 4, rx: 2, style: `fill:var(--${colour})` }),
        element('text', { class: 'quiet', x: at + 20, y: HEAD + 4 }, name),
      ]
    })
}

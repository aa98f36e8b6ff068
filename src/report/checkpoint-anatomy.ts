/** Where the time of a checkpoint goes, vertex by vertex, as stacked bars on one axis. */
import type { VertexAnatomy } from '../flink/index.ts'
import { durationText } from '../intervals/index.ts'
import { linearScale, linearTickText } from './linear-scale.ts'
import { element, fragment, type Markup } from './markup.ts'
import { legend, PANEL_LEFT, PANEL_RIGHT, type Panel, panelHeading } from './panel.ts'

const PARTS = [
  { part: 'startDelayMs', colour: 'replay', name: 'start delay (barrier waits)' },
  { part: 'alignmentMs', colour: 'goal', name: 'alignment (channels blocked)' },
  { part: 'syncMs', colour: 'checkpoints', name: 'sync (task stops)' },
  { part: 'asyncMs', colour: 'total', name: 'async (upload)' },
] as const

const TOP = 52
const ROW = 30
const BAR = 18
/** Room for a label behind the longest bar. */
const LABEL_SHARE = 1.12
const NAME_LENGTH = 20

const shortened = (name: string): string => (name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name)

/** Bars of the worst subtask of each vertex; null where the dump holds no details per subtask. */
export function checkpointAnatomy(anatomy: readonly VertexAnatomy[]): Panel | null {
  if (anatomy.length === 0) return null
  const longestMs = Math.max(1, ...anatomy.flatMap((vertex) => [vertex.endToEndMs, sumOf(vertex)]))
  const x = linearScale(longestMs * LABEL_SHARE, PANEL_LEFT, PANEL_RIGHT, 'duration', 9)
  const bottom = TOP + anatomy.length * ROW
  const axis = x.ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: x.at(tick), x2: x.at(tick), y1: TOP - 4, y2: bottom }),
    element('text', { class: 'quiet', x: x.at(tick), y: bottom + 18, 'text-anchor': 'middle' }, linearTickText(tick)),
  ])
  const bars = anatomy.map((vertex, row) => vertexBar(vertex, TOP + row * ROW, (ms) => x.at(ms)))
  return {
    height: bottom + 24,
    markup: fragment([
      panelHeading('Anatomy of a checkpoint', 'worst subtask of each vertex, median over the last checkpoints'),
      legend(PARTS, 36),
      ...axis,
      ...bars,
    ]),
  }
}

const sumOf = (vertex: VertexAnatomy): number => PARTS.reduce((total, { part }) => total + vertex[part], 0)

function vertexBar(vertex: VertexAnatomy, top: number, at: (ms: number) => number): Markup {
  let fromMs = 0
  const y = top + (ROW - BAR) / 2 - 2
  const parts = PARTS.flatMap(({ part, colour, name }) => {
    const ms = vertex[part]
    if (ms === 0) return []
    const bar = element(
      'rect',
      {
        x: at(fromMs),
        y,
        width: Math.max(1, at(fromMs + ms) - at(fromMs)),
        height: BAR,
        style: `fill:var(--${colour})`,
      },
      element('title', {}, `${vertex.name}: ${name}, ${durationText(ms)}`),
    )
    fromMs += ms
    return [bar]
  })
  return fragment([
    element('text', { x: PANEL_LEFT - 10, y: y + 13, 'text-anchor': 'end' }, shortened(vertex.name)),
    ...parts,
    element('text', { class: 'quiet halo', x: at(fromMs) + 6, y: y + 13 }, `${durationText(vertex.endToEndMs)} in all`),
  ])
}

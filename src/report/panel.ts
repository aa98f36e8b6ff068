/** A part of a picture that knows its own height, so that pictures can be stacked. */
import { PICTURE_COLOURS } from './interval-picture.ts'
import { element, fragment, type Markup, style } from './markup.ts'

/** Drawn from its own (0, 0) down; the width is PANEL_WIDTH. */
export interface Panel {
  readonly markup: Markup
  readonly height: number
}

export const PANEL_WIDTH = 880
/** Where the plotting area of a panel lies from left to right. */
export const PANEL_LEFT = 150
export const PANEL_RIGHT = PANEL_WIDTH - 40

const GAP = 28
const PANEL_STYLE = `${PICTURE_COLOURS}
  .panels text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink); }
  .panels .title { font-size: 14px; font-weight: 600; }
  .panels .quiet { fill: var(--quiet); }
  .panels .grid { stroke: var(--grid); stroke-width: 1; }
  .panels .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .panels .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }`

/** Panels one below the other as one self-contained SVG. @param title for people who cannot see it */
export function panelsSvg(title: string, panels: readonly Panel[]): string {
  let y = 16
  const placed: Markup[] = []
  for (const panel of panels) {
    placed.push(element('g', { transform: `translate(0 ${y})` }, panel.markup))
    y += panel.height + GAP
  }
  const height = y - GAP + 16
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'panels',
      viewBox: `0 0 ${PANEL_WIDTH} ${height}`,
      width: PANEL_WIDTH,
      height,
      role: 'img',
      'aria-label': title,
    },
    style(PANEL_STYLE),
    element('rect', { width: PANEL_WIDTH, height, style: 'fill:var(--paper)' }),
    fragment(placed),
  ).markup
}

/** Title and explanation of a panel, at its top. */
export const panelHeading = (title: string, explanation: string): Markup =>
  element(
    'text',
    { x: 20, y: 14 },
    element('tspan', { class: 'title' }, title),
    element('tspan', { class: 'quiet', dx: 8 }, explanation),
  )

/** A sample of colour with its name, `width` to the next one. */
export const legend = (entries: readonly { readonly colour: string; readonly name: string }[], y: number): Markup => {
  let x = PANEL_LEFT
  return fragment(
    entries.map(({ colour, name }) => {
      const markup = fragment([
        element('rect', { x, y: y - 9, width: 10, height: 10, rx: 2, style: `fill:var(--${colour})` }),
        element('text', { class: 'quiet', x: x + 15, y }, name),
      ])
      x += 36 + name.length * 6.4
      return markup
    }),
  )
}

import { type IntervalReport, settingText } from '../intervals/index.ts'
import { type IntervalPictureOptions, intervalPictureSvg, PICTURE_COLOURS } from './interval-picture.ts'
import { intervalTable } from './interval-table.ts'
import { element, fragment, type Markup, style } from './markup.ts'

const PAGE_STYLE = `${PICTURE_COLOURS}
  body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif;
    max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  svg { max-width: 100%; height: auto; display: block; margin: 1.5rem 0; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; font-size: 14px; }
  th, td { padding: .3rem .55rem; border-bottom: 1px solid var(--grid); text-align: right; }
  th { color: var(--quiet); font-weight: 500; } tr.recommended td { font-weight: 650; }
  .quiet { color: var(--quiet); }`

/** One self-contained page: the recommendation, its picture, the candidates, the goals and the other models. */
export function intervalPageHtml(report: IntervalReport, options: IntervalPictureOptions = {}): string {
  const { recommended, goals, notes, model } = report
  const table = intervalTable(report)
  const title = `Checkpoint interval: ${settingText(recommended.intervalMs)}`
  const list = (items: readonly string[]): Markup =>
    items.length === 0 ? fragment([]) : element('ul', {}, ...items.map((item) => element('li', {}, item)))
  const body: Markup[] = [
    element('h1', {}, title),
    element('p', {}, capitalised(recommended.reason)),
    { markup: intervalPictureSvg(report, options) },
    list(goals.map((goal) => goal.text)),
    element('h2', {}, 'Candidates'),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        {},
        element(
          'tr',
          {},
          ...table.heading.map((text, column) => element('th', { title: table.explanations[column]! }, text)),
        ),
        ...table.rows.map(({ cells, recommended }) =>
          element(
            'tr',
            recommended ? { class: 'recommended' } : {},
            ...cells.map((cell) => element('td', {}, cell || ' ')),
          ),
        ),
      ),
    ),
    element('p', { class: 'quiet' }, `Model in use: ${model.name}, because ${model.why}.`),
    list(notes),
  ]
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('title', {}, title),
      style(PAGE_STYLE),
    ),
    element('body', {}, ...body),
  )
  return `<!doctype html>\n${page.markup}\n`
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

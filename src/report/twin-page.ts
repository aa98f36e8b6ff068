import type { Inferred, TwinReport } from '../flink/index.ts'
import { settingText } from '../intervals/index.ts'
import { intervalPictureSvg, PICTURE_COLOURS } from './interval-picture.ts'
import { element, fragment, type Markup, style } from './markup.ts'
import { twinPictureSvg } from './twin-picture.ts'

/** A figure by its name, as text. */
export interface FigureRow {
  readonly name: string
  readonly value: string
  readonly figure: Inferred<unknown>
}

const PAGE_STYLE = `${PICTURE_COLOURS}
  body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif;
    max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  svg { max-width: 100%; height: auto; display: block; margin: 1.5rem 0; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-size: 14px; }
  th, td { padding: .3rem .55rem; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top; }
  th { color: var(--quiet); font-weight: 500; } td:nth-child(2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
  .quiet { color: var(--quiet); }`

/** One self-contained page: pictures, figures with their origin, recommendation, advice and problems. */
export function twinPageHtml(report: TwinReport, figures: readonly FigureRow[]): string {
  const { job, flink, recommended, advice, problems, lastRecovery } = report
  const title = `Twin of ${job.name ?? 'a Flink job'}`
  const picture = twinPictureSvg(report)
  const list = (items: readonly string[]): Markup => element('ul', {}, ...items.map((item) => element('li', {}, item)))
  const section = (heading: string, items: readonly string[]): Markup[] =>
    items.length === 0 ? [] : [element('h2', {}, heading), list(items)]
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
    element(
      'body',
      {},
      element('h1', {}, title),
      element(
        'p',
        { class: 'quiet' },
        [job.id, job.state, flink.version && `Flink ${flink.version}`].filter(Boolean).join(', '),
      ),
      ...(picture === null ? [] : [{ markup: picture }]),
      ...(lastRecovery === null
        ? []
        : [element('h2', {}, 'The last recovery'), element('p', {}, `${lastRecovery.cause}: ${lastRecovery.why}.`)]),
      element(
        'h2',
        {},
        recommended.intervalMs === null
          ? 'Recommended interval'
          : `Recommended interval: ${settingText(recommended.intervalMs)}`,
      ),
      element('p', {}, recommended.reason),
      ...(recommended.report === null ? [] : [{ markup: intervalPictureSvg(recommended.report) }]),
      ...section(
        'Advice',
        advice.map((item) => `${item.advice}: ${item.evidence}.`),
      ),
      ...section('Problems of the dump', problems),
      element('h2', {}, 'Figures'),
      element('div', { class: 'scroll' }, figureTable(figures)),
    ),
  )
  return `<!doctype html>\n${page.markup}\n`
}

const figureTable = (figures: readonly FigureRow[]): Markup =>
  element(
    'table',
    {},
    element('tr', {}, ...['figure', 'value', 'sure', 'from'].map((text) => element('th', {}, text))),
    fragment(
      figures.map(({ name, value, figure }) =>
        element('tr', {}, ...[name, value, figure.sure, figure.from].map((text) => element('td', {}, text || ' '))),
      ),
    ),
  )

/** The checkpoint interval as a plot of characters, for a terminal: overhead and recovery over a logarithmic axis. */
import {
  durationText,
  type IntervalReport,
  intervalRow,
  logarithmicGrid,
  numberText,
  settingText,
} from '../intervals/index.ts'
import { durationTickText, logScale } from './log-scale.ts'

/** What a character stands for, so that a terminal can colour it. */
export type PlotRole = 'overhead' | 'recovery' | 'goal' | 'mark' | 'quiet'

const MARGIN = 9
const ROWS = 8

interface Cell {
  character: string
  role: PlotRole
}

/**
 * Lines of a plot.
 *
 * @param width columns of the terminal, at least 40
 * @param paint colours a text by what it stands for
 */
export function intervalPlot(
  report: IntervalReport,
  width: number,
  paint: (text: string, role: PlotRole) => string = (text) => text,
): string[] {
  const { problem, optimum, recommended, goals } = report
  const columns = Math.max(40, width) - MARGIN - 2
  const centreMs = Math.sqrt(optimum.intervalMs * recommended.intervalMs)
  const lowMs = Math.max(problem.shortestMs, centreMs / 20)
  const highMs = Math.max(centreMs * 20, lowMs * 10)
  const x = logScale(lowMs, highMs, 0, columns - 1, 'duration', 9)
  const intervals = logarithmicGrid(lowMs, highMs, columns)
  const rows = intervals.map((intervalMs) => intervalRow(problem, intervalMs))
  const markColumn = Math.round(x.at(recommended.intervalMs))

  const panel = (
    values: readonly number[],
    draw: (cells: Cell[][], rowOf: (value: number) => number) => void,
    text: (value: number) => string,
  ) => {
    const finite = values.filter((value) => Number.isFinite(value) && value > 0)
    const low = Math.min(...finite)
    const high = Math.max(...finite, low * 1.1)
    const y = logScale(low, high, ROWS - 1, 0, 'decade', 1)
    const cells = Array.from({ length: ROWS }, () =>
      Array.from(
        { length: columns },
        (_, column): Cell =>
          column === markColumn ? { character: '┊', role: 'mark' } : { character: ' ', role: 'quiet' },
      ),
    )
    draw(cells, (value) => Math.round(Math.min(ROWS - 1, Math.max(0, y.at(Math.max(value, low))))))
    return cells.map((line, row) => {
      const label = row === 0 ? text(high) : row === ROWS - 1 ? text(low) : ''
      return `${paint(label.padStart(MARGIN), 'quiet')} ${paint('│', 'quiet')}${painted(line, paint)}`
    })
  }

  const overheads = rows.map((row) => row.overhead)
  const overhead = panel(
    overheads.map((value) => Math.min(value, optimum.overhead * 40)),
    (cells, rowOf) => {
      overheads.forEach((value, column) => {
        if (value <= optimum.overhead * 40) cells[rowOf(value)]![column] = { character: '●', role: 'overhead' }
      })
    },
    (value) => `${numberText(value * 100)} %`,
  )

  const known = problem.load !== null
  const durations = rows.map((row) => row.recoveryMs ?? row.replayMs)
  const goal = goals.find((report) => report.goal === (known ? 'recovery' : 'replay'))
  const recovery = panel(
    [...durations.flatMap(({ p50, p99 }) => [p50, p99]), ...(goal === undefined ? [] : [goal.limitMs])],
    (cells, rowOf) => {
      durations.forEach(({ p50, p99 }, column) => {
        if (!Number.isFinite(p50)) return
        const from = Number.isFinite(p99) ? rowOf(p99) : 0
        for (let row = from; row < rowOf(p50); row += 1) cells[row]![column] = { character: '░', role: 'recovery' }
        cells[rowOf(p50)]![column] = { character: '●', role: 'recovery' }
      })
      if (goal === undefined) return
      for (const cell of cells[rowOf(goal.limitMs)]!)
        if (cell.character === ' ') Object.assign(cell, { character: '─', role: 'goal' })
    },
    durationText,
  )

  const axis = Array.from({ length: columns + 8 }, () => ' ')
  for (const tick of x.ticks) {
    const text = durationTickText(tick)
    const start = Math.max(0, Math.round(x.at(tick)) - Math.floor(text.length / 2))
    ;[...text].forEach((character, i) => {
      axis[start + i] = character
    })
  }
  const indent = ' '.repeat(MARGIN + 2)
  const rule = `${' '.repeat(MARGIN + 1)}${paint(`└${'─'.repeat(columns)}`, 'quiet')}`
  const goalText = goal === undefined ? '' : `; ── goal ${durationText(goal.limitMs)}`
  return [
    `${indent}Overhead, time lost per time of useful work (┊ recommended: ${settingText(recommended.intervalMs)})`,
    ...overhead,
    rule,
    `${indent}${known ? 'Recovery, from the failure until the backlog is gone' : 'Replay, age of the checkpoint fallen back to'} (● half, ░ up to 99 %${goalText})`,
    ...recovery,
    rule,
    `${indent}${paint(axis.join('').trimEnd(), 'quiet')}`,
  ]
}

/** A line of cells as text, neighbours of one role painted together. */
function painted(cells: readonly Cell[], paint: (text: string, role: PlotRole) => string): string {
  let line = ''
  for (let from = 0; from < cells.length; ) {
    let to = from
    while (to < cells.length && cells[to]!.role === cells[from]!.role) to += 1
    line += paint(
      cells
        .slice(from, to)
        .map((cell) => cell.character)
        .join(''),
      cells[from]!.role,
    )
    from = to
  }
  return line
}

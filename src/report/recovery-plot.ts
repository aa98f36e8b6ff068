/** A recovery as a plot of characters, for a terminal: lag over time. */
import { durationText } from '../intervals/index.ts'
import { linearScale, linearTickText } from './linear-scale.ts'
import type { TimelineInput } from './recovery-timeline.ts'

const MARGIN = 9
const ROWS = 8

/** Lines of a plot. @param width columns of the terminal, at least 40 */
export function recoveryPlot(input: TimelineInput, width: number): string[] {
  const { downtimeMs, replayMs, recoveryMs, normalLagMs } = input
  const columns = Math.max(40, width) - MARGIN - 2
  const peakMs = downtimeMs + replayMs
  const lastMs = recoveryMs * 1.15
  const x = linearScale(lastMs, 0, columns - 1, 'duration', Math.floor(columns / 12))
  const y = linearScale(peakMs, ROWS - 1, 0, 'duration', 4)
  const lagAt = (ms: number): number => {
    if (ms <= downtimeMs) return replayMs + ms
    const left = (recoveryMs - ms) / Math.max(1, recoveryMs - downtimeMs)
    return Math.max(normalLagMs, peakMs * left)
  }
  const rows = Array.from({ length: ROWS }, () => Array.from({ length: columns }, () => ' '))
  for (let column = 0; column < columns; column += 1) {
    const ms = (column / (columns - 1)) * lastMs
    const top = Math.round(Math.min(ROWS - 1, y.at(lagAt(ms))))
    for (let row = top; row < ROWS; row += 1) rows[row]![column] = ms <= downtimeMs ? '▒' : row === top ? '●' : '░'
  }
  const axis = Array.from({ length: columns + 8 }, () => ' ')
  for (const tick of x.ticks) {
    const text = linearTickText(tick)
    const start = Math.max(0, Math.round(x.at(tick)) - Math.floor(text.length / 2))
    for (const [i, character] of [...text].entries()) axis[start + i] = character
  }
  const indent = ' '.repeat(MARGIN + 2)
  return [
    `${indent}Lag after ${input.explanation} (▒ down, ░ catching up)`,
    ...rows.map((cells, row) => {
      const label = row === 0 ? durationText(peakMs) : row === ROWS - 1 ? '0' : ''
      return `${label.padStart(MARGIN)} │${cells.join('').trimEnd()}`
    }),
    `${' '.repeat(MARGIN + 1)}└${'─'.repeat(columns)}`,
    `${indent}${axis.join('').trimEnd()}`,
  ]
}

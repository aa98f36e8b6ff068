/** What `cutline fit` does: measured recoveries in, capacity and downtime out. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fitRecoveries, type RecoveryFit, readRecoveryRows, TooFewRows, UnreadableRows } from '../flink/index.ts'
import { durationText } from '../intervals/index.ts'
import { fitPictureSvg, grouped } from '../report/index.ts'
import type { Output } from './output.ts'
import { table } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { writeResult } from './write-result.ts'

export interface FitFlags {
  readonly series?: string
  readonly svg?: string
}

/** @throws UsageError when the file cannot be read or fitted */
export async function runFit(output: Output, path: string, flags: FitFlags): Promise<void> {
  const fit = fitted(path, flags.series)
  if (flags.svg !== undefined) writeResult(output, flags.svg, fitPictureSvg(fit))
  output.result(fit)
  for (const line of fitLines(fit)) output.line(line)
}

function fitted(path: string, series: string | undefined): RecoveryFit {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a CSV or JSON file.`)
  }
  try {
    return fitRecoveries(readRecoveryRows(basename(path), text, series))
  } catch (error) {
    if (error instanceof UnreadableRows || error instanceof TooFewRows) throw new UsageError(error.message)
    throw error
  }
}

function fitLines(fit: RecoveryFit): string[] {
  const { capacityPerSecond, downtimeMs, replayOffsetMs } = fit.parameters
  const rows = [
    [
      'capacity',
      `${grouped(capacityPerSecond.value)} records/s`,
      `${grouped(capacityPerSecond.low80)} to ${grouped(capacityPerSecond.high80)}`,
    ],
    [
      'downtime',
      durationText(downtimeMs.value),
      `${durationText(downtimeMs.low80)} to ${durationText(downtimeMs.high80)}`,
    ],
    [
      'failure before next checkpoint',
      durationText(replayOffsetMs.value),
      replayOffsetMs.fitted
        ? `${durationText(replayOffsetMs.low80)} to ${durationText(replayOffsetMs.high80)}`
        : 'as recorded',
    ],
  ]
  const errors = fit.byInterval.map(({ intervalMs, n, error }) => [
    `  every ${durationText(intervalMs)}`,
    `${n} rows`,
    `${error.toFixed(1)} %`,
  ])
  const held =
    fit.leaveOneIntervalOut === null
      ? ['All rows have one interval: how well others are predicted cannot be told.']
      : [
          `Mean error ${fit.inSample.toFixed(1)} % on these rows; ${fit.leaveOneIntervalOut.toFixed(1)} % on an interval left out of the fit:`,
          ...table(errors, 'lrr').split('\n'),
        ]
  const excluded =
    fit.excluded.length === 0
      ? []
      : [
          '',
          `Left out, as arrival exceeds the capacity or it never recovered: ${fit.excluded
            .map((row) => `${durationText(row.intervalMs)} at ${grouped(row.arrivalPerSecond)} records/s`)
            .join(', ')}.`,
        ]
  return [
    `Fitted to ${fit.n} recoveries (in brackets: 80 % of a bootstrap).`,
    '',
    ...table(
      rows.map(([name, value, range]) => [`  ${name!}`, value!, `(${range!})`]),
      'lrl',
    ).split('\n'),
    '',
    ...held,
    ...excluded,
    '',
    `To use it: cutline twin SOURCE --capacity ${Math.round(capacityPerSecond.value)} --downtime ${Math.round(downtimeMs.value)}ms`,
    `           cutline intervals --capacity ${Math.round(capacityPerSecond.value)} --restart ${Math.round(downtimeMs.value)}ms --arrival RATE --cost … --mtbf …`,
  ]
}

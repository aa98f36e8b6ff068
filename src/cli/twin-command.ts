/** What `cutline twin` does: dump in, figures and predictions out, as text, JSON, pictures and page. */
import { type FailureKind, type JobDump, parseDump, type TwinReport, twin } from '../flink/index.ts'
import { fetchAnswers, isAddress, readDump, saveAnswers, UnusableSource } from '../flink/node.ts'
import { twinPageHtml, twinPictureSvg } from '../report/index.ts'
import type { Output } from './output.ts'
import { figureRows, twinLines } from './twin-text.ts'
import { UsageError } from './usage-error.ts'
import { writeResult } from './write-result.ts'

/** The command's options as commander read them. */
export interface TwinFlags {
  readonly job?: string
  readonly config?: string
  readonly earlier?: string
  readonly save?: string
  readonly arrival?: number
  readonly capacity?: number
  readonly downtime?: number
  readonly mtbf?: number
  readonly failureAt?: number
  readonly kind?: FailureKind
  readonly recoveredLag?: number
  readonly reportEvery?: number
  readonly rto?: number
  readonly maxReplay?: number
  readonly svg?: string
  readonly html?: string
}

/** @throws UsageError when there is no dump to read or nothing can be written */
export async function runTwin(output: Output, source: string, flags: TwinFlags): Promise<void> {
  const dump = await usable(() => dumpOf(output, source, flags))
  const earlierSource = flags.earlier
  const earlier =
    earlierSource === undefined ? undefined : await usable(() => readDump(earlierSource, { jobId: flags.job }))
  const report = twin(dump, {
    earlier,
    arrivalPerSecond: flags.arrival,
    capacityPerSecond: flags.capacity,
    downtimeMs: flags.downtime,
    mtbfMs: flags.mtbf,
    failureAtMs: flags.failureAt,
    kind: flags.kind,
    goals: { recoveryMs: flags.rto, replayMs: flags.maxReplay },
    recoveredLagMs: flags.recoveredLag,
    reportEveryMs: flags.reportEvery,
  })
  if (flags.svg !== undefined) writeResult(output, flags.svg, pictureOf(report))
  if (flags.html !== undefined) writeResult(output, flags.html, twinPageHtml(report, figureRows(report)))
  output.result(twinJson(report))
  const columns = process.stdout.isTTY ? process.stdout.columns || 80 : null
  for (const line of twinLines(report, output.colours, columns)) output.line(line)
}

async function dumpOf(output: Output, source: string, { job, config, save }: TwinFlags): Promise<JobDump> {
  if (save === undefined) return readDump(source, { jobId: job, configFile: config })
  if (!isAddress(source))
    throw new UsageError(`--save records a running job, but ${source} is not an address: give http://HOST:PORT.`)
  const answers = await fetchAnswers(source, job)
  const files = saveAnswers(answers, save)
  output.note(`Saved ${files.length} answers in ${save}`)
  return parseDump(answers, source)
}

async function usable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof UnusableSource) throw new UsageError(error.message)
    throw error
  }
}

function pictureOf(report: TwinReport): string {
  const picture = twinPictureSvg(report)
  if (picture !== null) return picture
  throw new UsageError(
    'There is nothing to draw: the dump has neither checkpoint details per subtask nor the rates that a recovery needs; ' +
      'give --arrival and --capacity, or a whole dump.',
  )
}

/** The report as plain data: what is infinite becomes null. */
export function twinJson({ recommended, ...report }: TwinReport): object {
  const { intervalMs, reason, report: comparison } = recommended
  return {
    ...report,
    recommended: {
      intervalMs,
      reason,
      ...(comparison === null
        ? {}
        : { optimum: comparison.optimum, goals: comparison.goals, candidates: comparison.candidates }),
    },
  }
}

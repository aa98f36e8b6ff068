/** What `cutline conform` does: a trace in, accepted or the first event that is not allowed. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  conformTrace,
  readTrace,
  type TraceEvent,
  type TraceRefusal,
  type TraceReport,
  UnreadableTrace,
} from '../flink/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** What could have come instead is shown up to here. */
const MOST_ALLOWED = 12

/** @throws UsageError when the file cannot be read, is no trace, or lacks the start of the job */
export function runConform(output: Output, path: string): ExitCode {
  const report = conformTrace(eventsOf(path))
  const { refusal } = report
  if (refusal?.beforeStart === true)
    throw new UsageError(
      `${basename(path)} does not begin with the start of the job (line ${refusal.line} is ${String(refusal.event.event)}, ` +
        'and no task has been deployed yet): give all lines of the job manager from its start on, those of rolled logs too.',
    )
  output.result({ trace: path, ...report })
  for (const line of reportLines(basename(path), report, output)) output.line(line)
  return report.accepted ? EXIT.HOLDS : EXIT.SAFETY
}

function eventsOf(path: string): readonly TraceEvent[] {
  try {
    return readTrace(basename(path), textOf(path))
  } catch (error) {
    if (error instanceof UnreadableTrace) throw new UsageError(error.message)
    throw error
  }
}

function textOf(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a file of JSON lines.`,
    )
  }
  if (!path.endsWith('.gz') && !isGzip(bytes)) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch {
    throw new UsageError(`${path} cannot be unpacked: give a .gz that is whole, or the lines themselves.`)
  }
}

/** RFC 1952: ID1 and ID2. */
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

function reportLines(name: string, report: TraceReport, { colours }: Output): readonly string[] {
  const { refusal, events, steps } = report
  const { bold, green, red } = colours
  const read = settingLines(report)
  if (refusal === undefined)
    return [
      `${bold(green('accepted'))}: ${name}, all ${events} events are ones that our machines allow`,
      ...read,
      ...endLines(report),
    ]
  return [
    `${bold(red('refused'))}: ${name}, line ${refusal.line}, after ${steps} of ${events} events`,
    ...read,
    ...refusalLines(refusal),
  ]
}

function settingLines({ settings, vertices }: TraceReport): readonly string[] {
  const { mode, maxConcurrentCheckpoints, tolerableFailedCheckpoints, retainedCheckpoints } = settings
  const tolerated = Number.isFinite(tolerableFailedCheckpoints)
    ? `${tolerableFailedCheckpoints} failures tolerated, `
    : ''
  const job = Object.entries(vertices).map(([uid, subtasks]) => `${uid} x${subtasks}`)
  return [
    `  read as  ${mode}, ${maxConcurrentCheckpoints} at once, ${tolerated}${retainedCheckpoints} kept`,
    `  job      ${job.join(', ')}`,
  ]
}

/** Nothing of a job that has ended. */
function endLines({ ends }: TraceReport): readonly string[] {
  if (ends === undefined || ends.over) return []
  const open = ends.openCheckpoints
  const checkpoints = open.length === 0 ? '' : `, with checkpoint${open.length > 1 ? 's' : ''} ${open.join(', ')} open`
  return [`  ends     while the job is ${ends.job}${checkpoints}`]
}

function refusalLines({ event, problem, states, allowed }: TraceRefusal): readonly string[] {
  const more = allowed.length - MOST_ALLOWED
  const shown = allowed.slice(0, MOST_ALLOWED).join(', ')
  return [
    `  event    ${JSON.stringify(event)}`,
    `  why not  ${problem}`,
    `  allowed  ${allowed.length === 0 ? 'nothing' : shown}${more > 0 ? ` and ${more} more` : ''}`,
    '  states',
    ...Object.entries(states).map(([machine, state]) => `    ${machine}: ${state}`),
  ]
}

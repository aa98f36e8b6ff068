/** What `cutline intervals` does: question in, recommendation out, as text, JSON, picture and page. */
import { readFileSync } from 'node:fs'
import { type IntervalReport, OutOfRange, recommendInterval } from '../intervals/index.ts'
import { intervalPageHtml, intervalPictureSvg } from '../report/index.ts'
import { type IntervalInput, intervalInput } from './interval-input.ts'
import type { SimulationFlags } from './interval-simulation.ts'
import { intervalLines } from './interval-text.ts'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'
import { writeResult } from './write-result.ts'

/**
 * @param path a YAML or JSON file, or undefined
 * @param flags the command's options as commander read them
 * @throws UsageError when the question cannot be read or no model covers it
 */
export async function runIntervals(
  output: Output,
  path: string | undefined,
  flags: Readonly<Record<string, string>> & SimulationFlags,
): Promise<void> {
  const input = intervalInput(path === undefined ? undefined : await readYaml(path), flags)
  for (const remark of input.remarks) output.note(remark)
  const simulation = await simulationOf(flags)
  const report = recommended(input)
  const rows = simulation?.run(report) ?? null
  const points = simulation === null || rows === null ? {} : simulation.points(report, rows)
  if (flags.svg !== undefined) writeResult(output, flags.svg, intervalPictureSvg(report, points))
  if (flags.html !== undefined) writeResult(output, flags.html, intervalPageHtml(report, points))
  output.result({ ...intervalJson(report), ...(rows === null ? {} : { simulated: rows }) })
  const columns = process.stdout.isTTY ? process.stdout.columns || 80 : null
  for (const line of intervalLines(report, output.colours, columns)) output.line(line)
  if (simulation === null || rows === null) return
  for (const line of ['', ...simulation.lines(report, rows, output.colours)]) output.line(line)
}

/** The simulator is loaded only when it is asked for: without it the answer takes a fraction of a second. */
async function simulationOf(flags: SimulationFlags) {
  if (SIMULATION_FLAGS.every((name) => flags[name] === undefined)) return null
  const { simulated, simulatedPoints, simulationLines, simulationOptions } = await import('./interval-simulation.ts')
  const options = simulationOptions(flags)
  if (options === null) return null
  return {
    run: (report: IntervalReport) => simulated(report, options),
    points: simulatedPoints,
    lines: simulationLines,
  }
}
const SIMULATION_FLAGS = ['simulate', 'precision', 'seed', 'hours'] as const

function recommended({ problem, intervalsMs }: IntervalInput): IntervalReport {
  try {
    return recommendInterval(problem, intervalsMs === null ? {} : { intervalsMs })
  } catch (error) {
    if (!(error instanceof OutOfRange)) throw error
    // The question itself is refused: no model to name.
    const sentence = error.message.replace(/^interval-problem: /, '')
    throw new UsageError(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
  }
}

async function readYaml(path: string): Promise<unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a YAML or JSON file.`)
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text))
    throw new UsageError(`${path} is a web page, not a YAML or JSON file: save the data itself.`)
  if (text.trim() === '') throw new UsageError(`${path} is empty: give fields such as 'cost: 1s' and 'mtbf: 6h'.`)
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  const error = document.errors[0]
  if (error !== undefined)
    throw new UsageError(`${path} is not readable as YAML or JSON: ${error.message.split('\n')[0]!.replace(/:$/, '')}.`)
  return document.toJS()
}

/** The report as plain data: no functions; what is infinite becomes null. */
export function intervalJson({ problem, ...report }: IntervalReport): object {
  const { failures, weibull, profile, mtbfLimitsMs, ...rest } = problem
  return {
    recommended: report.recommended,
    optimum: report.optimum,
    model: report.model,
    candidates: report.candidates,
    goals: report.goals,
    others: report.others,
    risks: report.risks,
    notes: report.notes,
    problem: {
      ...rest,
      failures: { kind: failures.kind, mtbfMs: failures.mtbfMs, shape: weibull?.shape ?? null, mtbfLimitsMs },
      peakPerSecond: profile?.load.peakPerSecond ?? problem.arrivalPerSecond,
    },
  }
}

/**
 * The question of `cutline intervals`, from options and a file. Both name the same fields; an option overrides the file.
 * Unknown fields of a file are accepted and mentioned.
 */
import { z } from 'zod'
import type { FailureInput, Goals, IntervalProblem, LoadInput } from '../intervals/index.ts'
import { parseDurationMs } from './duration.ts'
import { UsageError } from './usage-error.ts'

/** Nothing at all, with or without a unit. */
const ZERO = /^0+(\.0+)?\s*(ms|s|m|min|h|d)?$/

/** A duration as text with a unit, or 0. */
const duration = z
  .union([z.string(), z.number()], { error: 'wants a duration such as 500ms, 30s, 5m or 1h' })
  .transform((value, context) => {
    const text = String(value).trim()
    if (ZERO.test(text)) return 0
    try {
      return parseDurationMs(text, '')
    } catch {
      context.addIssue({ code: 'custom', message: `wants a duration such as 500ms, 30s, 5m or 1h, but got '${text}'` })
      return z.NEVER
    }
  })

/** A number, also as the text of an option. */
const number = z.union([z.number(), z.string()], { error: 'wants a number' }).transform((value, context) => {
  const parsed =
    typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value.replaceAll('_', ''))
  if (Number.isFinite(parsed)) return parsed
  context.addIssue({ code: 'custom', message: `wants a number, but got '${value}'` })
  return z.NEVER
})

/** A list, or the text of an option with commas. */
const list = z
  .union([z.array(z.union([z.string(), z.number()])), z.string(), z.number()], { error: 'wants a list' })
  .transform((value) =>
    (Array.isArray(value) ? value.map(String) : String(value).split(',')).map((part) => part.trim()),
  )

/** A time: epoch milliseconds, an ISO date, or a duration since any beginning. */
function timeMs(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (ZERO.test(text)) return 0
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(date) ? date : parseDurationMs(text, '')
}

const times = list.transform((parts, context) =>
  parts.map((text) => {
    try {
      return timeMs(text)
    } catch {
      context.addIssue({
        code: 'custom',
        message: `wants times such as 2026-03-01T04:10:00Z, epoch milliseconds or 3h, but got '${text}'`,
      })
      return z.NEVER
    }
  }),
)

const durations = list.transform((parts, context) =>
  parts.map((text) => {
    const parsed = duration.safeParse(text)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: parsed.error.issues[0]!.message })
    return z.NEVER
  }),
)

const profile = z.array(z.looseObject({ at: duration, perSecond: number }), {
  error: 'wants a list of { at, perSecond }',
})

/** A file for `cutline intervals`. Every field is optional here: options may give the rest. */
const FILE_SCHEMA = z.looseObject({
  cost: duration.optional(),
  latency: duration.optional(),
  failedShare: number.optional(),
  minPause: duration.optional(),
  depth: number.optional(),
  hopDelay: duration.optional(),
  fullCost: duration.optional(),
  restorePerIncrement: duration.optional(),
  mtbf: duration.optional(),
  shape: number.optional(),
  failureTimes: times.optional(),
  restart: duration.optional(),
  detection: duration.optional(),
  load: number.optional(),
  arrival: z
    .union([number, profile], { error: 'wants a rate in records per second, or a list of { at, perSecond }' })
    .optional(),
  period: duration.optional(),
  capacity: number.optional(),
  goals: z
    .looseObject(
      {
        recovery: duration.optional(),
        replay: duration.optional(),
        latency: duration.optional(),
        quantile: number.optional(),
      },
      { error: 'wants fields recovery, replay, latency and quantile' },
    )
    .optional(),
  intervals: durations.optional(),
})

type Fields = z.infer<typeof FILE_SCHEMA>

/** Options whose name is not that of the field, and where they go. */
const GOAL_OPTIONS: Readonly<Record<string, string>> = {
  rto: 'recovery',
  maxReplay: 'replay',
  maxLag: 'latency',
  quantile: 'quantile',
}
/** Options that are no part of the question. */
const OTHER_OPTIONS = new Set(['svg', 'html', 'json', 'verbose', 'simulate', 'precision', 'seed', 'hours'])

/** The question, the candidates asked for, and remarks on the input. */
export interface IntervalInput {
  readonly problem: IntervalProblem
  readonly intervalsMs: readonly number[] | null
  readonly remarks: readonly string[]
}

const optionName = (field: string): string => `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/**
 * Puts a file's content and the options together.
 * @param content the parsed file, or undefined without one
 * @param flags what commander read
 * @throws UsageError with one sentence for each thing that is wrong
 */
export function intervalInput(content: unknown, flags: Readonly<Record<string, unknown>>): IntervalInput {
  const file = fileFields(content)
  const merged: Record<string, unknown> = { ...file }
  const named = new Map<string, string>()
  const goals: Record<string, unknown> = isRecord(file.goals) ? { ...file.goals } : {}
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || OTHER_OPTIONS.has(name)) continue
    const goal = GOAL_OPTIONS[name]
    if (goal === undefined) merged[name] = value
    else goals[goal] = value
    named.set(goal === undefined ? name : `goals.${goal}`, optionName(name))
  }
  if (Object.keys(goals).length > 0 && (file.goals === undefined || isRecord(file.goals))) merged.goals = goals
  // A way of giving the failures or the load on the line replaces another one in the file.
  const replace = (option: string, fields: readonly string[]): void => {
    if (named.has(option)) for (const field of fields) if (!named.has(field)) delete merged[field]
  }
  replace('mtbf', ['failureTimes'])
  replace('failureTimes', ['mtbf', 'shape'])
  replace('load', ['arrival', 'capacity', 'period'])
  replace('arrival', ['load', 'period'])

  const parsed = FILE_SCHEMA.safeParse(merged)
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => {
      const path = issue.path.join('.')
      return `${named.get(path) ?? path} ${issue.message}.`
    })
    throw new UsageError([...new Set(sentences)].join('\n'))
  }
  const fields = parsed.data
  const missing = missingFields(fields)
  if (missing.length > 0) throw new UsageError(missing.join('\n'))
  const known = new Set(Object.keys(FILE_SCHEMA.shape))
  const unknown = Object.keys(file).filter((field) => !known.has(field))
  return {
    problem: problemOf(fields),
    intervalsMs: fields.intervals ?? null,
    remarks: unknown.map((field) => `The file's field '${field}' is not known and was left out.`),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fileFields(content: unknown): Record<string, unknown> {
  if (content === undefined) return {}
  if (!isRecord(content))
    throw new UsageError(
      `The file wants fields such as 'cost: 1s' and 'mtbf: 6h', but holds ${content === null ? 'nothing' : Array.isArray(content) ? 'a list' : `only '${String(content).slice(0, 40)}'`}; see cutline intervals --help.`,
    )
  if ('history' in content && 'counts' in content)
    throw new UsageError('The file is an answer of a Flink job, not a question: cutline twin reads it.')
  return content
}

function missingFields(fields: Fields): string[] {
  const missing: string[] = []
  if (fields.cost === undefined)
    missing.push('The cost of a checkpoint is missing: give the work that one takes from the job, such as --cost 1s.')
  if (fields.mtbf === undefined && fields.failureTimes === undefined)
    missing.push(
      'How often failures come is missing: give --mtbf 6h, or the times of observed ones with --failure-times.',
    )
  if (fields.mtbf !== undefined && fields.failureTimes !== undefined)
    missing.push('Failures are given twice, as an MTBF and as observed times: leave one out.')
  if (fields.shape !== undefined && fields.mtbf === undefined)
    missing.push('A Weibull shape needs the mean time between failures: give --mtbf, too.')
  if (fields.load !== undefined && (fields.arrival !== undefined || fields.capacity !== undefined))
    missing.push('The load is given twice, as a share and as rates: leave one out.')
  if ((fields.arrival === undefined) !== (fields.capacity === undefined))
    missing.push(
      fields.arrival === undefined
        ? 'A capacity alone says nothing about the load: give the arrival rate, too (--arrival).'
        : 'An arrival rate alone says nothing about the load: give the capacity, too (--capacity).',
    )
  if (Array.isArray(fields.arrival) && fields.period === undefined)
    missing.push('A load that changes with time needs the period after which it repeats: give period, such as 24h.')
  if ((fields.fullCost === undefined) !== (fields.restorePerIncrement === undefined))
    missing.push(
      'Incremental checkpoints need both the cost of a full one (--full-cost) and what each adds to a restore (--restore-per-increment).',
    )
  return missing
}

function problemOf(fields: Fields): IntervalProblem {
  const goals: Goals = given({
    recoveryMs: fields.goals?.recovery,
    replayMs: fields.goals?.replay,
    latencyMs: fields.goals?.latency,
    quantile: fields.goals?.quantile,
  })
  const incremental =
    fields.fullCost === undefined || fields.restorePerIncrement === undefined
      ? undefined
      : { fullCostMs: fields.fullCost, restorePerIncrementalMs: fields.restorePerIncrement }
  return {
    costMs: fields.cost!,
    failures: failuresOf(fields),
    goals,
    ...given({
      latencyMs: fields.latency,
      failedShare: fields.failedShare,
      minPauseMs: fields.minPause,
      depth: fields.depth,
      hopDelayMs: fields.hopDelay,
      restartMs: fields.restart,
      detectionMs: fields.detection,
      load: loadOf(fields),
      incremental,
    }),
  }
}

function failuresOf({ mtbf, shape, failureTimes }: Fields): FailureInput {
  if (failureTimes !== undefined) return { kind: 'observed', timesMs: failureTimes }
  if (shape !== undefined) return { kind: 'weibull', shape, mtbfMs: mtbf! }
  return { kind: 'exponential', mtbfMs: mtbf! }
}

function loadOf({ load, arrival, capacity, period }: Fields): LoadInput | undefined {
  if (load !== undefined) return { share: load }
  if (arrival === undefined || capacity === undefined) return undefined
  if (typeof arrival === 'number') return { arrivalPerSecond: arrival, capacityPerSecond: capacity }
  const profile = arrival.map(({ at, perSecond }) => ({ atMs: at, perSecond }))
  return { profile, periodMs: period!, capacityPerSecond: capacity }
}

/** The fields that are given. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

/**
 * Measured recoveries, as a chaos experiment yields them: CSV with a header, JSON rows, or the layout in which the Khaos
 * project published its own (`{ source, data: { <series>: [{ interval_s, thr, rec_s }] } }`).
 */
import { z } from 'zod'

/** One recovery. */
export interface RecoveryRow {
  readonly intervalMs: number
  readonly arrivalPerSecond: number
  /** Infinity if it had not recovered when the experiment ended. */
  readonly recoveryMs: number
  /** How long before the next checkpoint the failure struck, ms; null if it was not recorded. */
  readonly beforeNextMs: number | null
}

/** Measurements that cannot be read; the message is one sentence. */
export class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows'
}

const positive = z.coerce.number().positive()
const rowSchema = z.looseObject({
  interval_s: positive,
  arrival_per_s: positive,
  /** Absent, empty or 'never': not recovered while it was watched. */
  recovery_s: z.union([positive, z.literal(['', 'never'])]).nullish(),
  failure_before_next_s: z.coerce.number().nonnegative().nullish(),
})
const khaosSchema = z.looseObject({
  source: z.string().nullish(),
  data: z.record(z.string(), z.array(z.looseObject({ interval_s: positive, thr: positive, rec_s: positive }))),
})
const WANTED = 'columns interval_s, arrival_per_s, recovery_s and perhaps failure_before_next_s'

/**
 * Reads measured recoveries.
 * @param name of the file, for sentences
 * @param series which one of a Khaos file; may be left out if there is one
 * @throws UnreadableRows with one sentence
 */
export function readRecoveryRows(name: string, text: string, series?: string): RecoveryRow[] {
  const trimmed = text.trim()
  if (trimmed === '') throw new UnreadableRows(`${name} is empty: give CSV or JSON with ${WANTED}.`)
  if (trimmed.startsWith('<'))
    throw new UnreadableRows(`${name} is a web page, not CSV or JSON: save the data itself, with ${WANTED}.`)
  const json = /^[[{]/.test(trimmed)
  const rows = json ? jsonRows(name, trimmed, series) : csvRows(name, trimmed)
  if (rows.length === 0) throw new UnreadableRows(`${name} holds no measured recovery: give rows with ${WANTED}.`)
  return rows.map((row, i) => {
    const parsed = rowSchema.safeParse(row)
    if (parsed.success) return toRow(parsed.data)
    const [issue] = parsed.error.issues
    throw new UnreadableRows(
      `Row ${i + 1} of ${name} lacks a usable ${String(issue?.path[0] ?? 'value')} (a number above 0): give ${WANTED}.`,
    )
  })
}

const toRow = (row: z.infer<typeof rowSchema>): RecoveryRow => ({
  intervalMs: row.interval_s * 1000,
  arrivalPerSecond: row.arrival_per_s,
  recoveryMs: typeof row.recovery_s === 'number' ? row.recovery_s * 1000 : Number.POSITIVE_INFINITY,
  beforeNextMs: row.failure_before_next_s == null ? null : row.failure_before_next_s * 1000,
})

function csvRows(name: string, text: string): unknown[] {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const names = header!.split(',').map((cell) => cell.trim())
  if (!names.includes('interval_s'))
    throw new UnreadableRows(`${name} begins with "${header!.slice(0, 60)}" instead of a header: give ${WANTED}.`)
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim())
    return Object.fromEntries(names.flatMap((key, i) => (cells[i] ? [[key, cells[i]]] : [])))
  })
}

function jsonRows(name: string, text: string, series: string | undefined): unknown[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UnreadableRows(`${name} breaks off or is damaged JSON: fetch it again.`)
  }
  if (Array.isArray(json)) return json
  const khaos = khaosSchema.safeParse(json)
  if (!khaos.success) {
    const { rows } = json as { rows?: unknown }
    if (Array.isArray(rows)) return rows
    throw new UnreadableRows(`${name} is JSON without rows: give an array of objects with ${WANTED}.`)
  }
  const names = Object.keys(khaos.data.data)
  const chosen = series ?? (names.length === 1 ? names[0] : undefined)
  const rows = chosen === undefined ? undefined : khaos.data.data[chosen]
  if (rows === undefined)
    throw new UnreadableRows(`${name} holds the series ${names.join(', ')}: name one of them with --series.`)
  // 'failure injected ~3s before next checkpoint'
  const before = /~?(\d+(?:\.\d+)?) ?s before next checkpoint/.exec(khaos.data.source ?? '')?.[1]
  return rows.map((row) => ({
    interval_s: row.interval_s,
    arrival_per_s: row.thr,
    recovery_s: row.rec_s,
    ...(before === undefined ? {} : { failure_before_next_s: Number(before) }),
  }))
}

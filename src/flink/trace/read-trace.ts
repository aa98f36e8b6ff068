import { type TraceEvent, traceEventSchema } from './trace-event.ts'

/** The file or the object is no trace; the message is one sentence. */
export class UnreadableTrace extends Error {
  override readonly name = 'UnreadableTrace'
}

const WANTED = 'JSON lines such as {"t_ms": 1795413954924, "who": "jm", "event": "trigger", "checkpoint": 1, …}'

/**
 * Reads a trace: JSON lines, blank ones left out, a byte order mark too.
 * @param name of the file, for sentences
 * @throws UnreadableTrace that names the line
 */
export function readTrace(name: string, text: string): readonly TraceEvent[] {
  const events: TraceEvent[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries())
    if (line.trim() !== '') events.push(traceEvent(name, index + 1, json(name, index + 1, line)))
  if (events.length === 0) throw new UnreadableTrace(`${name} holds no event: give ${WANTED}.`)
  return events
}

/**
 * The events of a trace that has been parsed already.
 * @throws UnreadableTrace that names the first value that is no event
 */
export function traceOf(name: string, values: readonly unknown[]): readonly TraceEvent[] {
  if (values.length === 0) throw new UnreadableTrace(`${name} holds no event: give ${WANTED}.`)
  return values.map((value, index) => traceEvent(name, index + 1, value))
}

function json(name: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const damaged = text.trimStart().startsWith('{')
    throw unreadable(name, line, damaged ? 'it breaks off or is damaged' : 'it is not JSON')
  }
}

function traceEvent(name: string, line: number, value: unknown): TraceEvent {
  const parsed = traceEventSchema.safeParse(value)
  if (parsed.success) return { ...parsed.data, line }
  const event = typeof value === 'object' && value !== null ? (value as { event?: unknown }).event : undefined
  if (event === undefined) throw unreadable(name, line, 'it has no "event"')
  const [issue] = parsed.error.issues
  if (issue === undefined || issue.path[0] === 'event')
    throw unreadable(name, line, `nothing is called ${JSON.stringify(event)}`)
  throw unreadable(name, line, `${String(event)} needs a usable ${issue.path.join('.')} (${issue.message})`)
}

const unreadable = (name: string, line: number, why: string): UnreadableTrace =>
  new UnreadableTrace(`Line ${line} of ${name} is no event of a trace (${why}): give ${WANTED}.`)

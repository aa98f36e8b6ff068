/**
 * Damages of a real trace, drawn from a seed: an event dropped, two swapped across a cause and its effect, an id changed. They
 * know nothing of the acceptor's rules; what causes what is read off the log statements (cause-of.ts).
 */
import seedrandom from 'seedrandom'
import { causeOf } from './cause-of.ts'

/** A line of a trace, as it stands in the file. */
export type Line = Readonly<Record<string, unknown>> & {
  readonly t_ms: number
  readonly who: string
  readonly event: string
  readonly proc?: string
  readonly attempt?: number
  readonly checkpoint?: number
  readonly channel?: string
}

export type DamageKind = (typeof DAMAGE_KINDS)[number]
export const DAMAGE_KINDS = ['drop', 'swap', 'change'] as const

export interface Damage {
  readonly kind: DamageKind
  /** The lines that are concerned, from 1. */
  readonly lines: readonly number[]
  /** What was done, for people. */
  readonly what: string
  /** The trace as it is now. */
  readonly events: readonly Line[]
}

/** A damage of this kind; the same for the same seed. */
export function damageOf(kind: DamageKind, events: readonly Line[], seed: string): Damage {
  const random = seedrandom(seed, { global: false })
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  if (kind === 'drop') {
    const at = draw([...events.keys()])
    const rest = events.filter((_, i) => i !== at)
    return { kind, lines: [at + 1], what: `${named(events[at]!)} dropped`, events: rest }
  }
  if (kind === 'swap') {
    const [cause, effect] = draw(pairs(events))
    return {
      kind,
      lines: [cause + 1, effect + 1],
      what: `${named(events[cause]!)} and ${named(events[effect]!)} swapped`,
      events: swapped(events, cause, effect),
    }
  }
  const at = draw([...events.keys()].filter((i) => ids(events[i]!).length > 0))
  const line = events[at]!
  const id = draw(ids(line))
  const others = [...new Set(events.flatMap((e) => ids(e).filter(({ of }) => of === id.of)).map(({ value }) => value))]
  const other = draw(others.filter((value) => value !== id.value)) ?? another(id.value)
  return {
    kind,
    lines: [at + 1],
    what: `${id.name} of ${named(line)} changed from ${id.value} to ${other}`,
    events: events.map((e, i) => (i === at ? id.put(other) : e)),
  }
}

/** An id that no line has. */
const another = (value: string | number): string | number => (typeof value === 'number' ? value + 1 : `${value}-2`)

/** Causes with their effects, by place; those without an order of their own are left out. */
function pairs(events: readonly Line[]): readonly (readonly [cause: number, effect: number])[] {
  return [...events.keys()].flatMap((effect) => {
    const cause = causeOf(events, effect)
    if (cause === null) return []
    const [a, b] = [events[cause]!, events[effect]!]
    return a.t_ms === b.t_ms && a.proc !== b.proc ? [] : [[cause, effect] as const]
  })
}
/** What happened changes places; when something happened stays, or the order of times alone would tell. */
function swapped(events: readonly Line[], a: number, b: number): readonly Line[] {
  return events.map((e, i) => {
    if (i !== a && i !== b) return e
    return { ...events[i === a ? b : a]!, t_ms: e.t_ms }
  })
}

interface Id {
  readonly name: string
  /** Ids of one kind can take one another's place. */
  readonly of: 'checkpoint' | 'attempt' | 'task' | 'channel' | 'process'
  readonly value: string | number
  put(other: string | number): Line
}
function ids(line: Line): readonly Id[] {
  const own = (name: string, of: Id['of'], value: unknown): Id[] =>
    typeof value === 'string' || typeof value === 'number'
      ? [{ name, of, value, put: (other) => ({ ...line, [name]: other }) }]
      : []
  const { detail } = line
  const inside = (name: string, of: Id['of']): Id[] => {
    const value = typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>)[name] : undefined
    return typeof value === 'string' || typeof value === 'number'
      ? [
          {
            name: `detail.${name}`,
            of,
            value,
            put: (other) => ({ ...line, detail: { ...(detail as object), [name]: other } }),
          },
        ]
      : []
  }
  const isTask = line.attempt !== undefined
  return [
    ...own('checkpoint', 'checkpoint', line.checkpoint),
    ...own('attempt', 'attempt', line.attempt),
    ...own('channel', 'channel', line.channel),
    ...(isTask ? [...own('who', 'task', line.who), ...own('proc', 'process', line.proc)] : []),
    ...inside('attempt', 'attempt'),
    ...inside('task', 'task'),
    ...(line.event === 'job_state' || line.event === 'task_state' ? [] : inside('from', 'task')),
  ]
}

/** A line in a few words. */
export function named({ event, who, checkpoint, detail }: Line): string {
  const { task, from, to } = (typeof detail === 'object' && detail !== null ? detail : {}) as Record<string, unknown>
  const whose = who === 'jm' || who === 'driver' ? '' : ` of ${who}`
  const state = to === undefined ? '' : ` ${task === undefined ? '' : `${task} `}${from} -> ${to}`
  const sender = to === undefined && from !== undefined ? ` from ${from}` : ''
  return `${event}${checkpoint === undefined ? '' : ` ${checkpoint}`}${whose}${state}${sender}`
}

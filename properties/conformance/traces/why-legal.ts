import type { Damage, Line } from './damage.ts'

/**
 * Why a damaged trace is one that a cluster may have written all the same, as a sentence; null if no such reason is known. Each
 * is looked up in the trace itself, so that what has no reason shows.
 */
export function whyLegal({ kind, lines: [at] }: Damage, events: readonly Line[]): string | null {
  if (kind !== 'drop') return null
  const line = events[at! - 1]!
  const rest = events.slice(at)
  return REASONS.find(({ of, holds }) => of.includes(line.event) && holds(line, rest))?.why ?? null
}

interface Reason {
  /** Events that may be missing for this reason. */
  readonly of: readonly string[]
  readonly why: string
  /** @param rest the lines behind the one that was dropped */
  readonly holds: (line: Line, rest: readonly Line[]) => boolean
}

/** See src/flink/trace/debts.ts. */
const PATIENCE_MS = 10_000
const A_TURN_MS = 1000

const REASONS: readonly Reason[] = [
  {
    of: ['trigger_failed'],
    why: 'a request that comes to nothing before it has an id changes nothing that a later line could show',
    holds: ({ checkpoint }) => checkpoint === undefined,
  },
  {
    of: ['act'],
    why: 'what the driver does to the load is known to no process of the cluster, and it waits for nothing of it',
    holds: ({ who }) => who === 'driver',
  },
  {
    of: ['recovered'],
    why: 'the next that the driver sees belongs to another failure, which it injects whether or not this one is recovered from',
    holds: ({ who }, rest) => {
      const next = rest.find(({ event }) => SEEN_BY_DRIVER.includes(event))
      return who === 'driver' && (next === undefined || next.event === 'failure_injected')
    },
  },
  {
    of: ['job_state'],
    why: 'the recording may stop before the job has ended',
    holds: ({ detail }) => (detail as { to: string }).to === 'CANCELED',
  },
  {
    of: ['failure_injected'],
    why: 'the experiment goes on without a failure being noticed as injected: the last ones have been recovered from',
    holds: (_line, rest) => !rest.some(({ event }) => event === 'first_out'),
  },
  {
    of: ['notify_subsumed'],
    why: 'mail of a task that ends within a second, and before it reads any other mail, may be left unread',
    holds: (line, rest) =>
      !rest.some((other) => ofAttempt(line)(other) && READS_MAIL.includes(other.event)) && endsAtOnce(line, rest),
  },
  {
    of: ['barrier'],
    why: 'the checkpoint came to nothing before all barriers were there: this one may still have stood behind records',
    holds: (line, rest) =>
      !rest.some(
        (other) =>
          ofAttempt(line)(other) &&
          (other.event === 'barrier'
            ? other.channel === line.channel
            : AFTER_BARRIERS.includes(other.event) && other.checkpoint === line.checkpoint),
      ),
  },
  {
    of: ['ack_received', 'late_ack_expired', 'ack_unknown', 'late_decline'],
    why: 'the message may have been on its way when the recording stopped, and nothing waited for it',
    holds: (line, rest) =>
      endsSoon(line, rest) &&
      !rest.some((other) => other.event === 'completed' && other.checkpoint === line.checkpoint),
  },
  {
    of: ['coord_notify_complete', 'coord_notify_aborted', 'failed'],
    why: 'the recording may have stopped before the thread came to it',
    holds: (line, rest) => endsSoon(line, rest),
  },
  {
    of: ['async_done'],
    why: 'the acknowledgement is sent before this line is written, and the process was killed, or the recording stopped, soon after',
    holds: (line, rest) =>
      endsSoon(line, rest) ||
      rest.some(({ event, detail }) => event === 'failure_injected' && (detail as { tm?: unknown }).tm === line.proc),
  },
]

const READS_MAIL = ['notify_complete_recv', 'notify_subsumed', 'notify_aborted']
const SEEN_BY_DRIVER = ['failure_injected', 'first_out', 'recovered']
const AFTER_BARRIERS = ['handler_trigger', 'aligned']
const ofAttempt =
  ({ who, attempt }: Line) =>
  (other: Line): boolean =>
    other.who === who && other.attempt === attempt
const endsSoon = ({ t_ms }: Line, rest: readonly Line[]): boolean =>
  rest.every((other) => other.t_ms - t_ms <= PATIENCE_MS)
/** Whether the task, or the recording, ends within a turn of the last line of the task's thread. */
function endsAtOnce(line: Line, rest: readonly Line[]): boolean {
  const at = rest.findIndex(
    ({ event, detail }) =>
      (event === 'task_state' && isEndOf(line, detail as Readonly<Record<string, unknown>>)) ||
      (event === 'failure_injected' && (detail as { tm?: unknown }).tm === line.proc),
  )
  const lived = at < 0 ? rest : rest.slice(0, at + 1)
  const last = lived.findLast((other) => ofAttempt(line)(other) && !other.event.startsWith('async_')) ?? line
  return (lived.at(-1) ?? line).t_ms - last.t_ms <= A_TURN_MS
}
const isEndOf = ({ who, attempt }: Line, { task, attempt: of, from }: Readonly<Record<string, unknown>>): boolean =>
  task === who && of === attempt && from === 'RUNNING'

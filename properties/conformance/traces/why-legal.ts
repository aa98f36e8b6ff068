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

const REASONS: readonly Reason[] = [
  {
    of: ['trigger_failed'],
    why: 'a request that comes to nothing before it has an id changes nothing that a later line could show',
    holds: () => true,
  },
  {
    of: ['act', 'recovered'],
    why: 'what the driver of the experiment does or sees leads to no other line',
    holds: () => true,
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
    why: 'mail of a task that ends before it reads any other mail may be left unread',
    holds: (line, rest) => !rest.some((other) => ofAttempt(line)(other) && READS_MAIL.includes(other.event)),
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
const AFTER_BARRIERS = ['handler_trigger', 'aligned']
const ofAttempt =
  ({ who, attempt }: Line) =>
  (other: Line): boolean =>
    other.who === who && other.attempt === attempt
const endsSoon = ({ t_ms }: Line, rest: readonly Line[]): boolean =>
  rest.every((other) => other.t_ms - t_ms <= PATIENCE_MS)

import type { Line } from './damage.ts'

/**
 * The line that has directly led to another, by what the log statements of Flink tell of; null for those that nothing in the trace
 * has led to. Of the tasks of these traces each vertex reads from all subtasks of the one before: src, work, tail.
 */
export function causeOf(events: readonly Line[], at: number): number | null {
  const line = events[at]!
  const { event, who, attempt, checkpoint } = line
  const before = (is: (other: Line) => boolean): number | null => {
    for (let i = at - 1; i >= 0; i -= 1) if (is(events[i]!)) return i
    return null
  }
  const of = (name: string) => before((other) => other.event === name && other.checkpoint === checkpoint)
  const own = (...names: string[]) =>
    before(
      (other) =>
        names.includes(other.event) &&
        other.who === who &&
        other.attempt === attempt &&
        (names.includes('notify_complete') || other.checkpoint === checkpoint),
    )
  const detail = (line.detail ?? {}) as Readonly<Record<string, unknown>>
  switch (event) {
    case 'barrier':
      return before(
        (other) => other.event === 'broadcast' && other.checkpoint === checkpoint && other.who === senderOf(line),
      )
    case 'handler_trigger':
      return own('barrier')
    case 'checkpoint_start':
      return who.startsWith('src') ? of('coord_snapshot') : own('handler_trigger')
    case 'broadcast':
    case 'skip_aborted':
      return own('checkpoint_start')
    case 'sync_done':
      return own('broadcast')
    case 'aligned':
      return own('sync_done', 'skip_aborted', 'barrier')
    case 'async_start':
      return own('sync_done')
    case 'async_done':
      return own('async_start')
    case 'handler_abort':
      return before((other) => other.event === 'cancel_barrier' && other.who === who && other.attempt === attempt)
    case 'aborted':
      return own('cancel_barrier')
    case 'cancel_barrier':
      return before(
        (other) =>
          other.event === 'checkpoint_start' && other.checkpoint === checkpoint && other.who.startsWith('work'),
      )
    case 'ack_received':
    case 'late_ack_expired':
    case 'ack_unknown':
    case 'declined':
      return before(
        (other) =>
          other.event === 'async_start' &&
          other.checkpoint === checkpoint &&
          other.who === detail.from &&
          other.attempt === detail.attempt,
      )
    case 'late_decline':
      return before(
        (other) => other.event === 'aborted' && other.checkpoint === checkpoint && other.who === detail.from,
      )
    case 'completed':
      return of('ack_received')
    case 'coord_snapshot':
      return of('trigger')
    case 'coord_notify_complete':
      return of('completed')
    case 'coord_notify_aborted':
      return of('failed')
    case 'expired':
      return of('trigger')
    case 'failed':
      return of('expired') ?? of('declined')
    case 'notify_complete_recv':
      return of('completed')
    case 'notify_complete':
      return own('notify_complete_recv')
    case 'notify_subsumed':
      return before((other) => other.event === 'notify_complete' && other.who === who && other.attempt === attempt)
    case 'notify_aborted':
      return of('failed')
    case 'restore':
      return before((other) => other.event === 'job_state')
    case 'restart_region':
      return before((other) => other.event === 'failed' || isChange(other, 'FAILED'))
    case 'job_state':
      if (detail.to === 'RESTARTING') return before((other) => other.event === 'restart_region')
      if (detail.to === 'RUNNING')
        return before((other) => other.event === 'restore_none' || isChange(other, 'CANCELED'))
      return detail.to === 'CANCELED' ? before((other) => isChange(other, 'CANCELED')) : null
    case 'task_state':
      return causeOfChange(detail, before)
    case 'first_out':
      return before((other) => other.event === 'job_state')
    case 'recovered':
      return before((other) => other.event === 'first_out')
    default:
      return null
  }
}

function causeOfChange(
  { task, from, to }: Readonly<Record<string, unknown>>,
  before: (is: (other: Line) => boolean) => number | null,
): number | null {
  if (from === 'CREATED') return before((other) => other.event === 'job_state' || other.event === 'restore')
  if (to === 'CANCELING') return before((other) => other.event === 'job_state')
  return before((other) => isChange(other, from) && (other.detail as Readonly<Record<string, unknown>>).task === task)
}
const isChange = ({ event, detail }: Line, to: unknown): boolean =>
  event === 'task_state' && (detail as Readonly<Record<string, unknown>>).to === to

const BEFORE: Readonly<Record<string, string>> = { work: 'src', tail: 'work' }
const senderOf = ({ who, channel = '' }: Line): string => `${BEFORE[who.split(':')[0]!]}:${channel.split('.')[1]}`

/**
 * Traces as a cluster would write them, made line by line: for what the recorded ones do not show. Every line has a millisecond of
 * its own unless told, so that nothing but what it tells of can reorder it.
 */
import type { Line } from '../../conformance/traces/damage.ts'

export const JM = 'jm'
const TRIGGERED_AT = 1_000_000

export class MadeTrace {
  readonly lines: Line[] = []
  readonly tasks: readonly string[]
  t = 1_000_000
  attempt = 0

  constructor(...tasks: readonly string[]) {
    this.tasks = tasks
  }
  jm(event: string, fields: object = {}): this {
    this.t += 1
    this.lines.push({ t_ms: this.t, who: JM, proc: JM, event, ...fields })
    return this
  }
  /** Lines of one task's thread about one checkpoint. `barrier 0.1` names its channel. */
  task(who: string, checkpoint: number, ...events: readonly string[]): this {
    for (const name of events) {
      const [event, ...rest] = name.split(' ')
      this.t += 1
      const detail =
        event === 'broadcast'
          ? { detail: { trigger_timestamp: TRIGGERED_AT + checkpoint } }
          : event === 'sync_done'
            ? { detail: { unaligned: rest[0] === 'unaligned' } }
            : {}
      const channel = event === 'barrier' ? { channel: rest[0]! } : {}
      this.lines.push({
        t_ms: this.t,
        who,
        proc: `tm-${who}`,
        attempt: this.attempt,
        event: event!,
        checkpoint,
        ...channel,
        ...detail,
      })
    }
    return this
  }
  change(task: string, ...states: readonly string[]): this {
    for (const [i, to] of states.entries())
      if (i > 0) this.jm('task_state', { detail: { task, attempt: this.attempt, from: states[i - 1], to } })
    return this
  }
  /** A new job, all tasks running. */
  started(): this {
    return this.jm('restore_none')
      .jm('job_state', { detail: { from: 'CREATED', to: 'RUNNING' } })
      .deployed()
  }
  deployed(): this {
    for (const task of this.tasks) this.change(task, 'CREATED', 'SCHEDULED')
    for (const task of this.tasks) this.change(task, 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING')
    return this
  }
  /** The coordinator begins a checkpoint. */
  triggered(checkpoint: number, type = 'Checkpoint'): this {
    return this.jm('trigger', { checkpoint, detail: { type, trigger_timestamp: TRIGGERED_AT + checkpoint } }).jm(
      'coord_snapshot',
      { checkpoint },
    )
  }
  /** The synchronous part of a source. */
  source(who: string, checkpoint: number, unaligned = ''): this {
    return this.task(who, checkpoint, 'checkpoint_start', 'broadcast', `sync_done ${unaligned}`.trim())
  }
  /** The asynchronous parts of all tasks, and what the coordinator does at the last acknowledgement. */
  acknowledged(checkpoint: number, by: readonly string[] = this.tasks): this {
    for (const task of by)
      this.task(task, checkpoint, 'async_start', 'async_done').jm('ack_received', {
        checkpoint,
        detail: { from: task, attempt: this.attempt },
      })
    return this
  }
  /** @param subsumed the checkpoint before, 0: none */
  completed(checkpoint: number, subsumed: number): this {
    this.jm('completed', { checkpoint }).jm('coord_notify_complete', { checkpoint })
    for (const task of this.tasks) {
      this.task(task, checkpoint, 'notify_complete_recv', 'notify_complete')
      if (subsumed > 0) this.task(task, subsumed, 'notify_subsumed')
    }
    return this
  }
  /** @param latest the newest completed checkpoint, 0: none */
  aborted(checkpoint: number, before: number, latest: number, by: readonly string[] = this.tasks): this {
    this.jm('failed', { checkpoint, detail: failure(checkpoint, before) }).jm('coord_notify_aborted', { checkpoint })
    for (const task of by) {
      if (latest > 0) this.task(task, latest, 'notify_complete_recv')
      this.task(task, checkpoint, 'notify_aborted')
    }
    return this
  }
}

export const failure = (checkpoint: number, before: number): string =>
  `Failed to trigger or complete checkpoint ${checkpoint} for job 0. (${before} consecutive failed attempts so far)`

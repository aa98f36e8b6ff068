/** What the recorded traces do not show: other settings, other wirings, other ends. */
import { describe, expect, it } from 'vitest'
import { conformTrace, traceOf } from '../../../src/flink/index.ts'
import type { Line } from '../../conformance/traces/damage.ts'
import { failure, MadeTrace } from './made-trace.ts'

const judge = (events: readonly Line[]) => conformTrace(traceOf('made', events))
const SYNC = ['handler_trigger', 'checkpoint_start', 'broadcast', 'sync_done'] as const
const restart = (subtask: number, attempt: number, tasks: number): string =>
  `${tasks} tasks will be restarted to recover the failed task 0a_0b_${subtask}_${attempt}.`

/** Two sources and a sink that reads from both. */
const two = (): MadeTrace => new MadeTrace('src:0', 'src:1', 'sink:0').started()
const aligned = (trace: MadeTrace, checkpoint: number, subsumed: number): MadeTrace =>
  trace
    .triggered(checkpoint)
    .source('src:0', checkpoint)
    .source('src:1', checkpoint)
    .task('sink:0', checkpoint, 'barrier 0.0', 'barrier 0.1', ...SYNC, 'aligned')
    .acknowledged(checkpoint)
    .completed(checkpoint, subsumed)
const without = ({ lines }: MadeTrace, gone: (e: Line) => boolean): readonly Line[] => {
  const at = lines.findIndex(gone)
  expect(at).toBeGreaterThan(0)
  return lines.filter((_, i) => i !== at)
}

describe('at least once', () => {
  const once = (trace: MadeTrace, checkpoint: number): MadeTrace =>
    trace
      .triggered(checkpoint)
      .source('src:0', checkpoint)
      .source('src:1', checkpoint)
      .task('sink:0', checkpoint, 'barrier 0.0', 'barrier 0.1', 'aligned', 'checkpoint_start', 'broadcast', 'sync_done')
      .acknowledged(checkpoint)
      .completed(checkpoint, checkpoint - 1)

  it('the tracker says that all barriers are there before the snapshot', () => {
    const { accepted, settings } = judge(once(once(two(), 1), 2).lines)
    expect(settings.mode).toBe('at-least-once')
    expect(accepted).toBe(true)
  })
  it('no input is blocked: a barrier of the next checkpoint may come before the snapshot of this one', () => {
    const trace = once(two(), 1).triggered(2).triggered(3)
    for (const n of [2, 3]) trace.source('src:0', n).source('src:1', n)
    trace
      .task('sink:0', 2, 'barrier 0.0')
      .task('sink:0', 3, 'barrier 0.0')
      .task('sink:0', 2, 'barrier 0.1', 'aligned', 'checkpoint_start', 'broadcast', 'sync_done')
    const { refusal, settings } = judge(trace.lines)
    expect(settings.maxConcurrentCheckpoints).toBe(2)
    expect(refusal).toBeUndefined()
  })
  it('a snapshot before all barriers is refused', () => {
    const trace = once(once(two(), 1), 2)
    const { refusal } = judge(without(trace, ({ event, checkpoint }) => event === 'aligned' && checkpoint === 2))
    expect(refusal).toMatchObject({
      event: { event: 'checkpoint_start' },
      problem: 'the thread of sink:0 is at aligned 2',
    })
  })
  it('a cancellation is counted without lines of its own', () => {
    const trace = once(two(), 1).triggered(2).source('src:0', 2).task('sink:0', 2, 'barrier 0.0')
    trace.jm('expired', { checkpoint: 2 }).aborted(2, 0, 1)
    trace
      .task('src:1', 2, 'checkpoint_start', 'skip_aborted')
      .task('sink:0', 2, 'aborted')
      .jm('late_decline', { checkpoint: 2, detail: { from: 'sink:0', attempt: 0 } })
    expect(judge(trace.lines).refusal).toBeUndefined()
  })
})

describe('aligned with timeout', () => {
  const timedOut = (): MadeTrace =>
    aligned(two(), 1, 0)
      .triggered(2)
      .source('src:0', 2)
      .task('sink:0', 2, 'barrier 0.0', 'handler_trigger', 'checkpoint_start', 'broadcast', 'sync_done unaligned')
      .source('src:1', 2)
      .task('sink:0', 2, 'barrier 0.1', 'aligned')
      .acknowledged(2)
      .completed(2, 1)

  it('the time may run out in the middle of an alignment', () => {
    const { settings, refusal } = judge(timedOut().lines)
    expect(settings.mode).toBe('aligned-timeout')
    expect(refusal).toBeUndefined()
  })
  it('what overtakes waits for the other barriers with its acknowledgement', () => {
    const { lines } = timedOut()
    const late = lines.findIndex((e) => e.event === 'barrier' && e.checkpoint === 2 && e.channel === '0.1')
    const done = lines.findIndex((e) => e.event === 'async_done' && e.checkpoint === 2 && e.who === 'sink:0')
    const moved = [
      ...lines.slice(0, late),
      ...lines.slice(late + 2, done + 1),
      ...lines.slice(late, late + 2),
      ...lines.slice(done + 1),
    ]
    const { refusal } = judge(moved.map((e, i) => ({ ...e, t_ms: lines[i]!.t_ms })))
    expect(refusal).toMatchObject({
      event: { event: 'async_done', who: 'sink:0' },
      problem: 'sink:0 waits for barriers of checkpoint 2',
    })
  })
  it('without a first barrier there is nothing to time out', () => {
    const { refusal } = judge(without(timedOut(), (e) => e.event === 'barrier' && e.checkpoint === 2))
    expect(refusal?.problem).toBe('nothing makes sink:0 trigger checkpoint 2: it waits for barriers')
  })
})

describe('wiring', () => {
  it('pointwise edges: each task reads from its own', () => {
    const trace = new MadeTrace('src:0', 'src:1', 'map:0', 'map:1').started().triggered(1)
    trace.source('src:0', 1).task('map:0', 1, 'barrier 0.0', ...SYNC, 'aligned')
    expect(judge(trace.lines).refusal).toBeUndefined()
    trace
      .source('src:1', 1)
      .task('map:1', 1, 'barrier 0.0', ...SYNC, 'aligned')
      .acknowledged(1)
      .completed(1, 0)
    expect(judge(trace.lines).refusal).toBeUndefined()
    const { refusal } = judge(without(trace, ({ event, who }) => event === 'broadcast' && who === 'src:1'))
    expect(refusal?.problem).toBe('the thread of src:1 is at broadcast 1')
  })
  it('a join reads each gate from another vertex', () => {
    const trace = new MadeTrace('left:0', 'right:0', 'join:0').started()
    trace
      .jm('trigger', { checkpoint: 1, detail: { type: 'Checkpoint', trigger_timestamp: 1_000_001 } })
      .jm('coord_snapshot', { checkpoint: 1 })
      .jm('coord_snapshot', { checkpoint: 1 })
      .source('left:0', 1)
      .source('right:0', 1)
      .task('join:0', 1, 'barrier 1.0', 'barrier 0.0', ...SYNC, 'aligned')
      .acknowledged(1)
    const { settings, refusal } = judge(trace.lines)
    expect(settings.sourceCoordinators).toBe(2)
    expect(refusal).toBeUndefined()
    const [last] = trace.lines.filter(({ event }) => event === 'coord_snapshot').slice(-1)
    const late = [...trace.lines.filter((e) => e !== last), { ...last!, t_ms: trace.t + 1 }]
    expect(judge(late).refusal?.problem).toBe('no trigger of checkpoint 1 is next for left:0')
  })
})

describe('the coordinator', () => {
  it('goes on from the checkpoint that a job is started from', () => {
    const trace = new MadeTrace('src:0')
      .jm('restore', { checkpoint: 7, detail: { trigger_timestamp: 5 } })
      .jm('job_state', { detail: { from: 'CREATED', to: 'RUNNING' } })
      .deployed()
      .triggered(8)
    expect(judge(trace.lines).refusal).toBeUndefined()
    expect(judge(two().triggered(8).lines).refusal?.problem).toBe('the next checkpoint is 1')
  })
  it('takes a savepoint besides a checkpoint, and announces it to nobody', () => {
    const trace = aligned(two(), 1, 0).triggered(2).triggered(3, 'Savepoint')
    for (const n of [2, 3]) trace.source('src:0', n).source('src:1', n)
    for (const n of [2, 3]) trace.task('sink:0', n, 'barrier 0.0', 'barrier 0.1', ...SYNC, 'aligned')
    trace.acknowledged(3).jm('completed', { checkpoint: 3 })
    trace.acknowledged(2).completed(2, 1)
    expect(judge(trace.lines).refusal).toBeUndefined()
    const announced = trace.task('src:0', 3, 'notify_complete_recv')
    expect(judge(announced.lines).refusal?.problem).toBe('no such notice of checkpoint 3 is next for src:0')
  })
  it('does not count failures where there is no limit to them', () => {
    const trace = aligned(two(), 1, 0)
    for (const n of [2, 3, 4]) trace.triggered(n).jm('expired', { checkpoint: n }).aborted(n, 0, 1, [])
    const { settings, refusal } = judge(trace.lines)
    expect(settings.tolerableFailedCheckpoints).toBe(2_147_483_647)
    expect(refusal).toBeUndefined()
  })
  it('gives up a checkpoint that the store refuses', () => {
    const trace = aligned(two(), 1, 0).triggered(2).source('src:0', 2).source('src:1', 2)
    trace
      .task('sink:0', 2, 'barrier 0.0', 'barrier 0.1', ...SYNC, 'aligned')
      .acknowledged(2)
      .aborted(2, 0, 1)
    expect(judge(trace.lines).refusal).toBeUndefined()
  })
  it('hears of a source that was not ready', () => {
    const trace = aligned(two(), 1, 0).triggered(2)
    trace.jm('declined', { checkpoint: 2, detail: { from: 'src:1', attempt: 0 } }).aborted(2, 0, 1)
    expect(judge(trace.lines).refusal).toBeUndefined()
    const foreign = aligned(two(), 1, 0).triggered(2)
    foreign.jm('declined', { checkpoint: 2, detail: { from: 'sink:0', attempt: 0 } })
    expect(judge(foreign.lines).refusal?.problem).toBe(
      'no decline of checkpoint 2 by attempt 0 of sink:0 is on its way',
    )
  })
  it('refuses a request for a reason that does not hold', () => {
    const idle = { detail: 'since … Not all required tasks are currently running..' }
    const trace = two()
    trace.t += 2000
    expect(judge(trace.jm('trigger_failed', idle).lines).refusal?.problem).toBe('all tasks run')
    // whoever looked did so before the line was written
    expect(judge(two().jm('trigger_failed', idle).lines).refusal).toBeUndefined()
    const other = two().jm('trigger_failed', { detail: 'since the moon is full' })
    expect(judge(other.lines).refusal?.problem).toBe('it gives a reason that no request comes to nothing for')
    const io = two().jm('trigger_failed', {
      detail: 'An Exception occurred while triggering the checkpoint. IO-problem detected.',
    })
    expect(judge(io.lines).refusal).toBeUndefined()
  })
})

describe('unaligned', () => {
  it('a barrier overtakes the cancellation of the checkpoint before', () => {
    const trace = two()
    const taken = (n: number) =>
      trace
        .triggered(n)
        .source('src:0', n, 'unaligned')
        .task('sink:0', n, 'barrier 0.0', 'handler_trigger', 'checkpoint_start', 'broadcast', 'sync_done unaligned')
    taken(1).source('src:1', 1, 'unaligned').task('sink:0', 1, 'barrier 0.1', 'aligned').acknowledged(1).completed(1, 0)
    trace.triggered(2).source('src:0', 2, 'unaligned').jm('expired', { checkpoint: 2 }).aborted(2, 0, 1)
    trace.task('src:1', 2, 'checkpoint_start', 'skip_aborted')
    // src:1 has sent a cancellation: it stands behind records, and what comes next goes past it
    trace.triggered(3).source('src:1', 3, 'unaligned').task('sink:0', 3, 'barrier 0.1', 'handler_trigger')
    const { settings, refusal } = judge(trace.lines)
    expect(settings.mode).toBe('unaligned')
    expect(refusal).toBeUndefined()
  })
})

describe('a millisecond', () => {
  it('what a task has done comes before its end, wherever the lines stand', () => {
    const trace = aligned(two(), 1, 0).triggered(2).source('src:0', 2)
    trace.jm('job_state', { detail: { from: 'RUNNING', to: 'CANCELLING' } }).change('src:1', 'RUNNING', 'CANCELING')
    const { t } = trace.change('src:1', 'CANCELING', 'CANCELED')
    trace.task('src:1', 2, 'checkpoint_start')
    expect(judge(trace.lines).refusal?.problem).toBe(
      'attempt 0 of src:1 does not run: the job manager knows it as CANCELED',
    )
    const atOnce = trace.lines.map((e) => ({ ...e, t_ms: Math.min(e.t_ms, t) }))
    expect(judge(atOnce).refusal).toBeUndefined()
  })
})

describe('a barrier whose abort was noticed before it', () => {
  const trace = aligned(two(), 1, 0).triggered(2).source('src:0', 2).task('sink:0', 2, 'barrier 0.0')
  trace.jm('expired', { checkpoint: 2 }).aborted(2, 0, 1)
  const until = trace.lines.length

  it('only sends a cancellation on, which ends the alignment', () => {
    trace.task('src:1', 2, 'checkpoint_start', 'skip_aborted').task('sink:0', 2, 'cancel_barrier')
    trace.task('sink:0', 2, 'handler_abort', 'aborted')
    trace.jm('late_decline', { checkpoint: 2, detail: { from: 'sink:0', attempt: 0 } })
    expect(judge(trace.lines).refusal).toBeUndefined()
  })
  it('is not taken', () => {
    const { refusal } = judge([
      ...trace.lines.slice(0, until),
      ...new MadeTrace().task('src:1', 2, 'checkpoint_start', 'broadcast').lines.map((e) => ({ ...e, t_ms: trace.t })),
    ])
    expect(refusal?.problem).toBe('the thread of src:1 is at skip_aborted 2')
  })
})

describe('restarts', () => {
  /** A process is killed; the first restart deploys to it again, and fails. */
  function killed(): MadeTrace {
    const trace = aligned(two(), 1, 0)
    trace.t += 1
    trace.lines.push({
      t_ms: trace.t,
      who: 'driver',
      event: 'failure_injected',
      detail: { kind: 'kill', tm: 'tm-src:1' },
    })
    trace.change('sink:0', 'RUNNING', 'FAILED')
    trace
      .jm('restart_region', { detail: restart(0, 0, 3) })
      .jm('job_state', { detail: { from: 'RUNNING', to: 'RESTARTING' } })
    for (const task of ['src:0', 'src:1']) trace.change(task, 'RUNNING', 'CANCELING', 'CANCELED')
    trace.jm('job_state', { detail: { from: 'RESTARTING', to: 'RUNNING' } })
    trace.jm('restore', { checkpoint: 1, detail: { trigger_timestamp: 1_000_001 } })
    trace.attempt = 1
    for (const task of trace.tasks) trace.change(task, 'CREATED', 'SCHEDULED')
    for (const task of ['src:0', 'src:1']) trace.change(task, 'SCHEDULED', 'DEPLOYING')
    trace.change('src:1', 'DEPLOYING', 'FAILED')
    trace
      .jm('restart_region', { detail: restart(1, 1, 3) })
      .jm('job_state', { detail: { from: 'RUNNING', to: 'RESTARTING' } })
    trace.change('src:0', 'DEPLOYING', 'CANCELING', 'CANCELED').change('sink:0', 'SCHEDULED', 'CANCELED')
    trace.jm('job_state', { detail: { from: 'RESTARTING', to: 'RUNNING' } })
    trace.jm('restore', { checkpoint: 1, detail: { trigger_timestamp: 1_000_001 } })
    trace.attempt = 2
    return trace.deployed()
  }
  it('may take two rounds', () => {
    expect(judge(killed().lines).refusal).toBeUndefined()
  })
  it('nothing comes from a process that was killed', () => {
    const trace = killed().triggered(2).task('src:1', 2, 'checkpoint_start')
    expect(judge(trace.lines).refusal?.problem).toBe('tm-src:1 has been killed')
  })
  it('two tasks may fail at once, and each says so', () => {
    const trace = aligned(two(), 1, 0)
    trace.change('src:0', 'RUNNING', 'FAILED').change('src:1', 'RUNNING', 'FAILED')
    trace
      .jm('restart_region', { detail: restart(0, 0, 3) })
      .jm('job_state', { detail: { from: 'RUNNING', to: 'RESTARTING' } })
    trace.jm('restart_region', { detail: restart(1, 0, 3) }).change('sink:0', 'RUNNING', 'CANCELING', 'CANCELED')
    trace.jm('job_state', { detail: { from: 'RESTARTING', to: 'RUNNING' } })
    expect(judge(trace.lines).refusal).toBeUndefined()
  })
  it('a checkpoint on its way is given up first', () => {
    const trace = aligned(two(), 1, 0).triggered(2).change('sink:0', 'RUNNING', 'FAILED')
    const given = [
      ...trace.lines,
      { ...trace.lines.at(-1)!, t_ms: trace.t + 1, event: 'failed', checkpoint: 2, detail: failure(2, 0) },
    ]
    expect(judge(given).refusal).toBeUndefined()
    trace
      .jm('restart_region', { detail: restart(0, 0, 3) })
      .jm('job_state', { detail: { from: 'RUNNING', to: 'RESTARTING' } })
    for (const task of ['src:0', 'src:1']) trace.change(task, 'RUNNING', 'CANCELING', 'CANCELED')
    trace.jm('job_state', { detail: { from: 'RESTARTING', to: 'RUNNING' } })
    trace.jm('restore', { checkpoint: 1, detail: { trigger_timestamp: 1_000_001 } })
    expect(judge(trace.lines).refusal?.problem).toBe('checkpoint 2 is on its way: a restart gives it up first')
  })
  it('a job may be given up instead', () => {
    const trace = aligned(two(), 1, 0)
      .change('sink:0', 'RUNNING', 'FAILED')
      .jm('restart_region', { detail: restart(0, 0, 3) })
    trace.jm('job_state', { detail: { from: 'RUNNING', to: 'FAILING' } })
    for (const task of ['src:0', 'src:1']) trace.change(task, 'RUNNING', 'CANCELING', 'CANCELED')
    trace.jm('job_state', { detail: { from: 'FAILING', to: 'FAILED' } })
    expect(judge(trace.lines).refusal).toBeUndefined()
  })
  it.each([
    [
      'nobody has failed',
      (t: MadeTrace) => t.jm('restart_region', { detail: restart(0, 0, 3) }),
      'the task that it speaks of has not failed',
    ],
    [
      'no restart is announced',
      (t: MadeTrace) => t.jm('job_state', { detail: { from: 'RUNNING', to: 'RESTARTING' } }),
      'no restart has been announced (restart_region)',
    ],
    [
      'nobody cancels',
      (t: MadeTrace) => t.change('src:0', 'RUNNING', 'CANCELING'),
      'nobody has cancelled src:0: the job is RUNNING',
    ],
    [
      'no such change',
      (t: MadeTrace) => t.change('src:0', 'RUNNING', 'SCHEDULED'),
      'a task that is RUNNING does not become SCHEDULED',
    ],
    [
      'tasks live',
      (t: MadeTrace) =>
        t
          .jm('job_state', { detail: { from: 'RUNNING', to: 'CANCELLING' } })
          .jm('job_state', { detail: { from: 'CANCELLING', to: 'CANCELED' } }),
      'src:0, src:1, sink:0 have not ended',
    ],
    ['no such task', (t: MadeTrace) => t.task('src:7', 1, 'checkpoint_start'), 'there is no task src:7'],
  ])('not where %s', (_why, add, problem) => {
    expect(judge(add(two()).lines).refusal?.problem).toBe(problem)
  })
})

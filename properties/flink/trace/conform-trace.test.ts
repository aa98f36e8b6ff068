import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conformTrace, traceOf } from '../../../src/flink/index.ts'
import type { Line } from '../../conformance/traces/damage.ts'
import { recordedTrace, recordedTraces } from './recorded-traces.ts'

const judge = (events: readonly Line[]) => conformTrace(traceOf('trace', events))
const anyTrace = fc.constantFrom(...recordedTraces)

describe('the traces of a real cluster', () => {
  it.each(recordedTraces)('$id is accepted, event by event', ({ events }) => {
    const report = judge(events)
    expect(report.refusal).toBeUndefined()
    expect(report).toMatchObject({ accepted: true, events: events.length, steps: events.length })
    expect(report.vertices).toEqual({ src: 2, work: 2, tail: 2 })
  })

  it.each([
    [
      'exp-tol2',
      { mode: 'aligned', tolerableFailedCheckpoints: 2, maxConcurrentCheckpoints: 1, retainedCheckpoints: 1 },
    ],
    ['asyncfail-tol1', { mode: 'aligned', tolerableFailedCheckpoints: 1 }],
    ['bp120-unaligned', { mode: 'unaligned', sourceCoordinators: 1 }],
    ['ex-T10-r60-unal', { mode: 'unaligned' }],
    ['kill-T05-r80-1', { mode: 'aligned', tolerableFailedCheckpoints: Number.POSITIVE_INFINITY }],
  ])('of %s the settings are found', (id, settings) => {
    expect(judge(recordedTrace(id).events).settings).toMatchObject(settings)
  })

  it('lines of different processes within a millisecond have no order', () => {
    fc.assert(
      fc.property(anyTrace, fc.infiniteStream(fc.nat(1000)), ({ events }, choices) => {
        const shuffled = withinMilliseconds(events, () => choices.next().value!)
        expect(judge(shuffled)).toMatchObject({ accepted: true, steps: events.length })
      }),
      { numRuns: 40 },
    )
  })

  it('a recording may stop at any time', () => {
    fc.assert(
      fc.property(anyTrace, fc.double({ min: 0, max: 1, noNaN: true }), ({ events }, share) => {
        // before the first snapshot nothing says what kind of barriers there are
        const first = events.findIndex(({ event }) => event === 'sync_done')
        let end = first + 1 + Math.floor(share * (events.length - first - 1))
        while (events[end]?.t_ms === events[end - 1]!.t_ms) end += 1
        expect(judge(events.slice(0, end)).refusal).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  it.each(recordedTraces)('$id needs nothing of what the driver of the experiment does', ({ events }) => {
    expect(judge(events.filter(({ who }) => who !== 'driver')).refusal).toBeUndefined()
  })

  it('the same trace comes out the same, whatever was judged in between', () => {
    const { events } = recordedTrace('decline-tol0')
    const damaged = events.filter((_, i) => i !== 400)
    const once = judge(damaged)
    judge(recordedTrace('bp120-unaligned').events)
    expect(judge(damaged)).toEqual(once)
    expect(once.accepted).toBe(false)
  })
})

describe('the first event that is not allowed', () => {
  const { events } = recordedTrace('exp-tol2')
  const at = (line: number): Line => events[line - 1]!
  const without = (line: number): readonly Line[] => events.filter((_, i) => i !== line - 1)
  const changed = (line: number, fields: object): readonly Line[] =>
    events.map((e, i) => (i === line - 1 ? ({ ...e, ...fields } as Line) : e))

  it('is shown with the state of the machines and what was allowed', () => {
    expect(at(113)).toMatchObject({ event: 'handler_trigger', who: 'work:1', checkpoint: 2 })
    const { refusal, steps } = judge(without(112))
    expect(steps).toBe(111)
    expect(refusal).toMatchObject({
      line: 112,
      event: { event: 'handler_trigger', who: 'work:1' },
      problem: 'nothing makes work:1 trigger checkpoint 2: it waits for barriers',
      states: {
        'task work:1': 'attempt 0, running',
        'barriers of work:1': 'aligning',
        'pending-checkpoint 2': 'collecting',
        'checkpoint 2 waits for': 'work:0, work:1, tail:0, tail:1',
      },
      allowed: ['barrier 2 on 0.0'],
    })
  })

  it.each([
    [150, 'completed', 150, 'no coordinator of a source comes to coord_notify_complete 2 next'],
    [186, 'expired', 186, 'nothing has happened that would fail checkpoint 3'],
    [187, 'failed', 187, 'no coordinator of a source comes to coord_notify_aborted 3 next'],
    [207, 'skip_aborted', 207, 'the thread of work:1 is at skip_aborted 3'],
    [296, 'restart_region', 296, 'no restart has been announced (restart_region)'],
    [312, 'restore', 312, 'no task is scheduled before it is decided what is restored'],
    // found ten seconds later
    [209, 'late_decline', 337, 'the decline of checkpoint 3 by tail:1 has never arrived'],
    [422, 'late_ack_expired', 547, 'the acknowledgement of checkpoint 6 by work:0 has never arrived'],
  ])('without line %i (%s) is line %i: %s', (line, event, where, problem) => {
    expect(at(line).event).toBe(event)
    expect(judge(without(line)).refusal).toMatchObject({ line: where, problem })
  })

  it('mail that waits behind nothing is read within a second', () => {
    const { events: of } = recordedTrace('cal-ex')
    expect(of[432]).toMatchObject({ event: 'notify_subsumed', who: 'work:0', checkpoint: 4 })
    const problem = 'work:0 has not heard that checkpoint 4 was subsumed'
    expect(judge(of.filter((_, i) => i !== 432)).refusal).toMatchObject({ problem })
  })
  it.each([
    [0, false],
    [1, false],
    [20, true],
    [113, true],
  ])('without its first %i lines a trace lacks its start: %s', (cut, lacks) => {
    expect(judge(events.slice(cut)).refusal?.beforeStart ?? false).toBe(lacks)
  })

  it.each([
    [282, { checkpoint: 4 }, 'checkpoint 4 is not on its way'],
    [96, { checkpoint: 3 }, 'the next checkpoint is 2'],
    [312, { checkpoint: 1 }, 'checkpoint 2 is restored'],
    [312, { detail: { trigger_timestamp: 5 } }, /^checkpoint 2 was triggered at \d+, not at 5$/],
    [
      234,
      { detail: 'complete checkpoint 4 for job x (0 consecutive failed attempts so far)' },
      '1 failures in a row were counted before it, not 0',
    ],
    [296, { detail: '5 tasks will be restarted to recover from a global failure.' }, '6 tasks fail together, not 5'],
    [113, { who: 'jm' }, 'there is no task jm'],
    [96, { who: 'src:0' }, "trigger is the job manager's to say, not src:0's"],
    [115, { detail: { trigger_timestamp: 7 } }, /not at 7$/],
    [116, { detail: { unaligned: true } }, 'the barriers of checkpoint 2 do not overtake in work:1'],
    [119, { t_ms: 5 }, 'it is earlier than the line before it: lines go by their times'],
  ])('with another id in line %i (%j)', (line, fields, problem) => {
    expect(judge(changed(line, fields)).refusal?.problem).toMatch(problem)
  })
})

/** The lines of each process keep their order; of all others of their millisecond any may come next. */
function withinMilliseconds(events: readonly Line[], choose: () => number): readonly Line[] {
  const shuffled: Line[] = []
  for (let from = 0; from < events.length; ) {
    const lanes = new Map<string | undefined, Line[]>()
    let to = from
    for (; events[to]?.t_ms === events[from]!.t_ms; to += 1) {
      const e = events[to]!
      lanes.set(e.proc, [...(lanes.get(e.proc) ?? []), e])
    }
    for (; from < to; from += 1) {
      const waiting = [...lanes.values()].filter((lane) => lane.length > 0)
      shuffled.push(waiting[choose() % waiting.length]!.shift()!)
    }
  }
  return shuffled
}

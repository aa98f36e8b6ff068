import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import ownSink from '../../scenarios/own-sink.ts'
import { explain, type StoryLine, storyText } from '../../src/check/explain.ts'
import { Runner } from '../../src/check/index.ts'
import { shrink } from '../../src/check/shrink.ts'
import type { Plan } from '../../src/model/index.ts'
import { aligned, drawn, failing, keyedState, tooFar } from './subjects.ts'

const sound = new Runner(keyedState, aligned)
/** One of everything, no faults, one record. */
const plain: Plan = {
  ...drawn(0),
  records: 1,
  parallelism: { numbers: 1, count: 1, sink: 1 },
  taskManagers: 1,
  faults: [],
}
const text = ({ who, what }: StoryLine): string => `${who} ${what}`

describe('a story', () => {
  it('is in order and names only who is there', () => {
    const known =
      /^((numbers|count|sink)\[[01]\]( of execution \d+)?|job manager|checkpoint (coordinator|store)|snapshot storage|external log|enumerator of numbers|fault|oracles|oracle [a-z]+)$/
    fc.assert(
      fc.property(fc.nat(1_000_000), (i) => {
        const lines = explain(sound, drawn(i))
        const times = lines.map(({ atUs }) => atUs)
        expect(times).toEqual([...times].sort((a, b) => a - b))
        for (const { who, what } of lines) {
          expect(who).toMatch(known)
          expect(what).toMatch(/^[^\n]*$/)
          expect(what).not.toMatch(/undefined|attempt \d|@tm/)
        }
        expect(lines.at(-1)).toMatchObject({ who: 'oracles', what: 'find nothing wrong' })
      }),
      { numRuns: 40 },
    )
  })

  it('tells of each fault when it strikes', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (i) => {
        const plan = drawn(i)
        const fired = sound.run(plan).fired.filter((struck) => struck).length
        expect(explain(sound, plan).filter(({ who }) => who === 'fault')).toHaveLength(fired)
      }),
      { numRuns: 40 },
    )
  })

  it('follows a checkpoint from its trigger to the commit', () => {
    const told = explain(sound, plain).map(text)
    const steps = [
      'checkpoint coordinator triggers checkpoint 1',
      'numbers[0] gets the trigger',
      'numbers[0] takes its snapshot for checkpoint 1 and sends the barriers on',
      'count[0] gets a barrier',
      'count[0] has all barriers',
      'count[0] takes its snapshot for checkpoint 1 and sends the barriers on',
      'sink[0] prepares transaction 0',
      'snapshot storage has made the snapshot of sink[0] for checkpoint 1 durable',
      'sink[0] acknowledges checkpoint 1',
      'checkpoint coordinator has the acknowledgement of sink[0] for checkpoint 1',
      'checkpoint coordinator has all acknowledgements of checkpoint 1',
      'checkpoint coordinator begins to write checkpoint 1 to the checkpoint store',
      'checkpoint store has made checkpoint 1 durable',
      'checkpoint coordinator announces that checkpoint 1 is complete',
      'sink[0] learns that checkpoint 1 is complete',
      'sink[0] asks the external log to commit',
      'external log has committed transaction 0',
      'job manager knows that the job is finished',
    ]
    const places = steps.map((step) => told.indexOf(step))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('follows an order into the log of a sink of the user’s own', () => {
    const story = explain(new Runner(ownSink, aligned), {
      ...plain,
      scenario: 'own-sink',
      parallelism: { 'orders-in': 1, sink: 1 },
    }).map(text)
    const steps = [
      'sink[0] begins without state on task manager 0',
      'sink[0] opens transaction sink-0:1:1 of orders',
      'sink[0] appends {"id":0,"customer":"ada","cents":100} to transaction sink-0:1:1',
      'sink[0] prepares transaction sink-0:1:1',
      'sink[0] asks the external log to commit',
      'sink[0] commits transaction sink-0:1:1: its rows are in orders',
      'job manager knows that the job is finished',
    ]
    const places = steps.map((step) => story.indexOf(step))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('follows a crash from the fault to the restored state', () => {
    const crash = {
      what: 'crash-task',
      target: { operator: 'count', subtask: 0 },
      when: { phase: 'metadata-end', nth: 1 },
    } as const
    const told = explain(sound, { ...plain, faults: [crash] }).map(text)
    const steps = [
      'job manager is elected as the leader',
      'checkpoint coordinator has read the checkpoint store',
      'job manager deploys execution 1 from nothing',
      'count[0] begins without state on task manager 0',
      'job manager knows that all tasks run',
      'fault count[0] crashes',
      'count[0] fails',
      'job manager sees the failure of count[0] and cancels execution 1',
      'job manager knows that all tasks of the failed execution are gone',
      'checkpoint coordinator chooses checkpoint 1',
      'job manager deploys execution 2 from checkpoint 1',
      'count[0] restores the snapshot of count[0] for checkpoint 1 on task manager 0',
    ]
    const places = steps.map((step) => told.indexOf(step))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('ends with the finding', () => {
    const runner = new Runner(keyedState, aligned, tooFar)
    const { plan, finding } = failing(runner)
    const small = shrink(runner, plan, finding)
    const lines = explain(runner, small.plan)
    expect(lines.at(-1)).toEqual({
      atUs: small.finding.atUs,
      who: `oracle ${small.finding.oracle}`,
      what: small.finding.message,
    })
    expect(lines.filter(({ who }) => who === 'fault')).toHaveLength(small.plan.faults.length)
  })

  it('is written with times in milliseconds, in columns', () => {
    const lines = [
      { atUs: 74_840, who: 'job manager', what: 'is elected as the leader' },
      { atUs: 1_107_300, who: 'fault', what: 'count[0] crashes' },
    ]
    expect(storyText(lines)).toBe(
      '  74.8 ms  job manager  is elected as the leader\n1107.3 ms  fault        count[0] crashes',
    )
    expect(storyText([])).toBe('')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/check/input-error.ts'
import { canonicalPlan, readPlan, requireFit } from '../../src/check/plan-codec.ts'
import type { Plan } from '../../src/model/index.ts'
import { drawn, graph } from './subjects.ts'

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, held]) => [key, reversed(held)]),
  )
}
const index = fc.nat(1_000_000)

describe('a plan', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(index, (i) => {
        const plan = drawn(i)
        expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
        requireFit(plan, graph)
      }),
    )
  })

  it('has one canonical form, whatever the order of its keys', () => {
    fc.assert(
      fc.property(index, (i) => {
        const plan = drawn(i)
        expect(canonicalPlan(reversed(plan) as Plan)).toBe(canonicalPlan(plan))
        expect(JSON.parse(canonicalPlan(plan))).toEqual(plan)
      }),
    )
  })

  it('has another canonical form if anything in it is another', () => {
    const plan = Array.from({ length: 20 }, (_, i) => drawn(i)).find(({ faults }) => faults.length > 0)!
    const forms = [plan, { ...plan, records: plan.records + 1 }, { ...plan, bug: 'x' }, { ...plan, faults: [] }]
    expect(new Set(forms.map(canonicalPlan)).size).toBe(forms.length)
  })
})

const crash = { what: 'crash-task', target: { operator: 'count', subtask: 0 }, when: { phase: 'aligned', nth: 1 } }
const slow = { what: 'slow', target: { effect: 'put' }, when: { phase: 'put-begin', nth: 1 }, forUs: 5 }
const withFault = (fault: unknown) => (plan: Plan) => ({ ...plan, faults: [crash, fault] })
const withTiming = (changed: object) => (plan: Plan) => ({ ...plan, timing: { ...plan.timing, ...changed } })

describe('a plan from outside is refused', () => {
  it.each<[string, (plan: Plan) => unknown, RegExp]>([
    ['no object', () => [], /it must be an object with engine, scenario.*, but is an array/],
    ['another engine', (plan) => ({ ...plan, engine: 99 }), /written by engine 99, and this Cutline has engine \d+/],
    ['no seed', ({ seed: _, ...plan }) => plan, /seed must be a text of 1 to 400 characters, but is missing/],
    ['a foreign key', (plan) => ({ ...plan, colour: 'red' }), /it has 'colour', which nobody reads/],
    ['half a record', (plan) => ({ ...plan, records: 0.5 }), /records must be an integer from 1 .*, but is 0.5/],
    ['no records', (plan) => ({ ...plan, records: 0 }), /records must be an integer from 1/],
    ['parallelism zero', (plan) => ({ ...plan, parallelism: { count: 0 } }), /parallelism\.count must be an integer/],
    ['a list as parallelism', (plan) => ({ ...plan, parallelism: 2 }), /parallelism must be an object of numbers/],
    ['no credit', withTiming({ channelCapacity: 0 }), /timing\.channelCapacity must be an integer from 1 to 32/],
    ['a negative time', withTiming({ minPauseUs: -1 }), /timing\.minPauseUs must be an integer from 0/],
    ['faults that are no list', (plan) => ({ ...plan, faults: {} }), /faults must be a list, but is an object/],
    [
      'more savepoints than there is room for',
      (plan) => ({
        ...plan,
        faults: [1, 2, 3, 4].map((at) => ({ what: 'savepoint', target: 'job-manager', when: { at } })),
      }),
      /faults must ask for at most 3 savepoints, but ask for 4/,
    ],
    ['an override of two', (plan) => ({ ...plan, overrides: [['a', 1]] }), /overrides\[0\]/],
    [
      'an unknown kind',
      withFault({ ...crash, what: 'melt' }),
      /faults\[1\]\.what must be a kind of fault, but is 'melt'/,
    ],
    [
      'an unknown phase',
      withFault({ ...crash, when: { phase: 'ack-snt', nth: 1 } }),
      /faults\[1\]\.when\.phase must be a phase .*, but is 'ack-snt'/,
    ],
    [
      'the zeroth occurrence',
      withFault({ ...crash, when: { phase: 'aligned', nth: 0 } }),
      /faults\[1\]\.when\.nth must be an integer from 1/,
    ],
    [
      'no moment',
      withFault({ ...crash, when: 'soon' }),
      /faults\[1\]\.when must be an object with phase, nth, restore/,
    ],
    ['a time before the start', withFault({ ...crash, when: { at: -1 } }), /faults\[1\]\.when\.at must be an integer/],
    [
      'a role of another kind of fault',
      withFault({ ...crash, target: { taskManager: 0 } }),
      /faults\[1\]\.target\.operator must be a text/,
    ],
    ['a job manager by number', withFault({ what: 'crash-jobmanager', target: 1, when: { at: 1 } }), /'job-manager'/],
    [
      'an unknown effect',
      withFault({ ...slow, target: { effect: 'push' } }),
      /faults\[1\]\.target\.effect must be one of trigger, ack.*, but is 'push'/,
    ],
    [
      'an effect that cannot end like this',
      withFault({ ...slow, what: 'drop', forUs: undefined }),
      /faults\[1\]\.what must be slow or fail or ambiguous for the effect 'put', but is 'drop'/,
    ],
    [
      'an effect anchored where another one begins',
      withFault({ ...slow, when: { phase: 'ack-sent', nth: 1 } }),
      /faults\[1\]\.when\.phase must be 'put-begin', where the effect 'put' begins/,
    ],
    ['a delay of unknown length', withFault({ ...slow, forUs: undefined }), /faults\[1\]\.forUs must say how long/],
    ['a failure that lasts', withFault({ ...slow, what: 'fail' }), /faults\[1\]\.forUs has no meaning for 'fail'/],
  ])('%s', (_, change, message) => {
    const read = (): Plan => readPlan(change(drawn(3)))
    expect(read).toThrow(InputError)
    expect(read).toThrow(message)
  })

  it('in one sentence of one line', () => {
    const foreign = fc.oneof(fc.anything(), fc.array(fc.object()), fc.string())
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(drawn(1))), foreign, (key, value) => {
        for (const plan of [
          value,
          { ...drawn(1), [key]: value },
          { ...drawn(1), faults: [{ ...crash, when: value }] },
        ]) {
          try {
            readPlan(plan)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
            expect((error as Error).message).toMatch(/^the plan [^\n]+$/)
          }
        }
      }),
    )
  })

  it('if the job has no such vertex', () => {
    const plan = drawn(0)
    const parallelism = { ...plan.parallelism, wordcount: 2 }
    expect(() => requireFit({ ...plan, parallelism }, graph)).toThrow(
      "the plan does not fit the job: parallelism names 'wordcount', but the vertices are numbers, count, sink",
    )
    const faults = [{ ...crash, target: { operator: 'cuont', subtask: 0 } }] as unknown as Plan['faults']
    expect(() => requireFit({ ...plan, faults }, graph)).toThrow("faults[0].target names 'cuont'")
  })
})

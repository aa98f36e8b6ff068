import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../src/kernel/index.ts'

/** The queue as a list that is sorted whenever somebody asks. */
class SortedModel {
  readonly events: { time: number; tie: number; sequence: number; cancelled: boolean }[] = []
  next() {
    return this.events.sort((a, b) => a.time - b.time || a.tie - b.tie || a.sequence - b.sequence)[0]
  }
}

type Step =
  | { readonly do: 'push'; readonly time: number; readonly tie: number }
  | { readonly do: 'pop' }
  | { readonly do: 'cancel'; readonly which: number }

/** Few times and few ties, so that they are equal often; some beyond what 32, 40 and 52 bits hold. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 40 + 1, 2 ** 40 + 2, 2 ** 52, 2 ** 53 - 1),
)
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('push' as const),
        time,
        tie: fc.constantFrom(0, 1, 2, 1024, 2 ** 20 - 1),
      }),
    },
    { weight: 3, arbitrary: fc.constant({ do: 'pop' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
  ),
  { maxLength: 200 },
)

/** Takes the next event out, as the loop does. */
function take(queue: EventQueue): { sequence: number; operand: number } {
  const slot = queue.pop()
  const sequence = queue.sequence[slot]!
  queue.sequence[slot] = -1
  return { sequence, operand: queue.a[slot]! }
}

describe('the event queue', () => {
  it('gives events by time, then tie, then order of pushing, and leaves cancelled ones marked', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (todo: Step[], capacity) => {
        const queue = new EventQueue(capacity)
        const model = new SortedModel()
        const handles: number[] = []
        for (const step of todo) {
          expect(queue.size).toBe(model.events.length)
          expect(queue.nextTime()).toBe(model.next()?.time ?? Number.POSITIVE_INFINITY)
          if (step.do === 'push') {
            const sequence = queue.pushed
            model.events.push({ time: step.time, tie: step.tie, sequence, cancelled: false })
            handles.push(queue.push(step.time, step.tie, 7, 3, sequence, -5, 9, 2))
          } else if (step.do === 'cancel') {
            const sequence = handles.length === 0 ? -1 : step.which % handles.length
            const event = model.events.find((e) => e.sequence === sequence && !e.cancelled)
            expect(queue.cancel(handles[sequence] ?? -1)).toBe(event !== undefined)
            if (event) event.cancelled = true
          } else if (queue.size > 0) {
            const wanted = model.next()!
            model.events.shift()
            expect(take(queue)).toEqual({ sequence: wanted.cancelled ? -1 : wanted.sequence, operand: wanted.sequence })
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the operands of every event through growth', () => {
    const queue = new EventQueue(2)
    for (let i = 0; i < 1000; i += 1) queue.push(1000 - i, 0, i, i + 1, i + 2, i + 3, i + 4, i + 5)
    for (let i = 999; i >= 0; i -= 1) {
      const slot = queue.pop()
      const operands = [queue.to, queue.code, queue.a, queue.b, queue.ref, queue.generation].map((of) => of[slot])
      expect(operands).toEqual([i, i + 1, i + 2, i + 3, i + 4, i + 5])
    }
  })

  it('is as new after a reset, also in the slots it hands out', () => {
    const fresh = new EventQueue(8)
    const used = new EventQueue(8)
    for (let i = 0; i < 5; i += 1) used.push(i, 0, 0, 0, 0, 0, 0, 0)
    used.pop()
    const old = used.push(9, 0, 0, 0, 0, 0, 0, 0)
    used.reset()
    expect(used.cancel(old)).toBe(false)
    expect([used.size, used.pushed, used.nextTime()]).toEqual([0, 0, Number.POSITIVE_INFINITY])
    for (const i of [3, 1, 2]) expect(used.push(i, 0, 0, 0, i, 0, 0, 0)).toBe(fresh.push(i, 0, 0, 0, i, 0, 0, 0))
    for (const i of [1, 2, 3]) expect(take(used).operand).toBe(i)
  })

  it('refuses more than 16,384 events at once, and says what that means', () => {
    const queue = new EventQueue(1024)
    for (let i = 0; i < 16_384; i += 1) queue.push(i, 0, 0, 0, 0, 0, 0, 0)
    expect(() => queue.push(0, 0, 0, 0, 0, 0, 0, 0)).toThrow(/more than 16384 events wait at once: the model sends/)
  })

  it('has handles that are small integers and cancel nothing else while fewer than 131,072 events have come since', () => {
    const queue = new EventQueue(4)
    const stay = queue.push(2 ** 50, 0, 0, 0, 0, 0, 0, 0)
    const gone = queue.push(0, 0, 0, 0, 0, 0, 0, 0)
    take(queue)
    for (let i = 1; i < 131_071; i += 1) {
      const handle = queue.push(i, 0, 0, 0, 0, 0, 0, 0)
      if (handle < 0 || handle !== (handle | 0)) expect.fail(`handle ${handle} of event ${i}`)
      if (i % 977 === 0) expect(queue.cancel(gone)).toBe(false)
      take(queue)
    }
    expect(queue.cancel(stay)).toBe(true)
    expect(queue.cancel(stay)).toBe(false)
    expect(take(queue).sequence).toBe(-1)
  })
})

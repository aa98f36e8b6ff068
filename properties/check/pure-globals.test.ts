import { describe, expect, it } from 'vitest'
import { Check } from '../../src/check/index.ts'
import { ImpureCall, withPureGlobals } from '../../src/check/pure-globals.ts'
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../../src/dataflow/index.ts'
import type { Finding } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

const impure: readonly (readonly [name: string, use: () => unknown, fix: string])[] = [
  ['Date', () => Date.now(), 'read the time from context.timerService().currentProcessingTime() or the element'],
  ['Date', () => new Date(), 'read the time from'],
  ['Math.random', () => Math.random(), 'derive what you need from the element, so that a replay gives the same'],
  ['setTimeout', () => setTimeout(() => {}, 0), 'register a timer with context.timerService()'],
  ['setInterval', () => setInterval(() => {}, 1), 'register a timer with context.timerService()'],
  ['setImmediate', () => setImmediate(() => {}), 'register a timer with context.timerService()'],
  ['queueMicrotask', () => queueMicrotask(() => {}), 'call the function directly: user code is synchronous'],
  ['fetch', () => fetch('http://localhost/'), 'use the data of the source or a sink: user code has no network'],
  ['crypto', () => crypto.randomUUID(), 'derive what you need from the element'],
  ['performance', () => performance.now(), 'read the time from context.timerService().currentProcessingTime()'],
]

describe('while user code may run', () => {
  it.each(impure)('%s is refused, with what to do instead', (name, use, fix) => {
    let caught: unknown
    withPureGlobals(() => {
      try {
        use()
      } catch (error) {
        caught = error
      }
    })
    expect(caught).toBeInstanceOf(ImpureCall)
    expect((caught as Error).message).toContain(`it uses ${name}, which a replay cannot repeat; ${fix}`)
  })

  it('what is pure stays', () => {
    withPureGlobals(() => {
      expect([Math.max(1, 2), JSON.stringify([1]), Number('1'), new Map([[1, 2]]).size]).toEqual([2, '[1]', 1, 1])
    })
  })
})

describe('afterwards', () => {
  const names = [
    'Date',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'fetch',
    'crypto',
    'performance',
  ]
  const all = () => [...names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)), Math.random]

  it('everything is as it was', () => {
    const before = all()
    withPureGlobals(() => {})
    expect(all()).toEqual(before)
    expect(Date.now()).toBeGreaterThan(0)
    expect(Math.random()).toBeLessThan(1)
  })
  it('also if the code throws', () => {
    const before = all()
    expect(() =>
      withPureGlobals(() => {
        expect(() => Date.now()).toThrow(ImpureCall)
        throw new Error('boom')
      }),
    ).toThrow('boom')
    expect(all()).toEqual(before)
  })
})

/** The finding on a job around one user function. */
function findingOn(make: () => ProcessFunction<number, unknown, number>): Finding | undefined {
  const job = scenario('user-code', (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
    env
      .fromSource(generatedSequence({ count: 60, splits: 2 }), 'numbers')
      .keyBy((n) => n % 4, 'int')
      .process(make)
      .uid('count')
      .sinkTo(transactionalLog('out'))
      .uid('sink')
  })
  const check = new Check({ scenario: job, protocol: aligned, seed: 'user' })
  return check.batch([0, 1, 2, 3]).failure?.finding
}
const onElement = (body: (n: number, context: ProcessContext<number>, out: Collector<unknown>) => unknown) =>
  findingOn(() => ({ processElement: (n, context, out) => body(n, context, out) as undefined }))

describe('a user function', () => {
  it.each(impure)('that uses %s is a finding of class user', (name, use, fix) => {
    const finding = onElement((_n, _context, out) => out.collect(use()))
    expect(finding).toMatchObject({ class: 'user', fingerprint: 'user/threw:count' })
    expect(finding!.message).toMatch(/^User code of count\[0\] failed: processElement of count threw: it uses /)
    expect(finding!.message).toContain(name)
    expect(finding!.message).toContain(fix)
  })

  it('that throws is a finding with its message', () => {
    const finding = onElement((n) => {
      if (n === 7) throw new Error('seven is not a number I like')
    })
    expect(finding).toMatchObject({
      class: 'user',
      message: 'User code of count[0] failed: processElement of count threw: seven is not a number I like.',
    })
  })

  it('that is asynchronous is refused by the promise that it returns', () => {
    const finding = onElement(async () => 1)
    expect(finding?.class).toBe('user')
    expect(finding?.message).toContain(
      'it returned a promise; user code must be synchronous, so that a run can be replayed',
    )
  })

  it('that emits what no record can carry is told which', () => {
    const emitted: readonly (readonly [unknown, string])[] = [
      [new Map(), 'an instance of Map'],
      [() => 1, 'a function'],
      [Promise.resolve(1), 'a promise'],
    ]
    for (const [value, what] of emitted)
      expect(onElement((_n, _context, out) => out.collect(value))?.message).toContain(
        `the value is ${what}, which records and state cannot carry; use plain objects, arrays and primitives`,
      )
  })

  it('that changes an element in place is found', () => {
    const finding = findingOn(() => {
      let first: { n: number } | undefined
      return {
        processElement(n: number, _context: ProcessContext<number>, out: Collector<unknown>) {
          if (first === undefined) {
            first = { n }
            out.collect(first)
          } else first.n += 1
        },
      }
    })
    expect(finding).toMatchObject({ class: 'user' })
    expect(finding!.message).toMatch(/Cannot assign to read only property 'n'/)
  })

  it('that changes state in place is found, also deep within something it has frozen itself', () => {
    class Growing implements ProcessFunction<number, unknown, number> {
      #list!: ValueState<{ readonly items: number[] }>
      open(context: RuntimeContext): void {
        this.#list = context.getState(valueState<{ readonly items: number[] }>('list'))
      }
      processElement(n: number): void {
        const held = this.#list.value()
        if (held === undefined) this.#list.update(Object.freeze({ items: [n] }))
        else held.items.push(n)
      }
    }
    expect(findingOn(() => new Growing())?.message).toMatch(/Cannot add property 1, object is not extensible/)
  })

  it.each([
    [
      'open',
      () => ({
        open() {
          throw new Error('closed')
        },
        processElement() {},
      }),
      /open of count threw: closed/,
    ],
    [
      'snapshotState',
      () => ({
        snapshotState() {
          throw new Error('no picture')
        },
        processElement() {},
      }),
      /snapshotState of count threw: no picture/,
    ],
    [
      'endInput',
      () => ({
        endInput() {
          throw new Error('never')
        },
        processElement() {},
      }),
      /endInput of count threw: never/,
    ],
    [
      'onTimer',
      () => ({
        processElement: (_: number, context: ProcessContext<number>) =>
          context.timerService().registerProcessingTimeTimer(1),
        onTimer() {
          throw new Error('late')
        },
      }),
      /onTimer of count threw: late/,
    ],
  ] as readonly (readonly [string, () => ProcessFunction<number, unknown, number>, RegExp])[])(
    'that throws in %s is found there',
    (_, make, message) => {
      expect(findingOn(make)?.message).toMatch(message)
    },
  )

  it('that throws when it is made is found where that happens: when the job is built, or when a task is deployed', () => {
    const failing = (from: number) => {
      let made = 0
      return (): ProcessFunction<number, unknown, number> => {
        made += 1
        if (made >= from) throw new Error('not today')
        return { processElement() {} }
      }
    }
    expect(() => findingOn(failing(1))).toThrow("the factory of 'count' threw: not today")
    expect(findingOn(failing(3))?.message).toContain(
      'User code of count[0] failed: the factory of count threw: not today',
    )
  })
})

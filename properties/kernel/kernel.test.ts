import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANY_GENERATION,
  type Entity,
  fields,
  Kernel,
  type KernelEvent,
  memoryInUse,
  type ProcessId,
} from '../../src/kernel/index.ts'

const FOREVER = 2 ** 53 - 1

/** Writes down what it gets, and does what the test says. */
class Scribe extends fields({ got: 'int' }) implements Entity {
  readonly log: string[] = []
  react: (code: number, event: KernelEvent) => void = () => {}
  constructor(
    readonly kernel: Kernel,
    readonly name: string,
  ) {
    super()
  }
  receive(code: number, event: KernelEvent): void {
    this.got += 1
    this.log.push(`${this.kernel.now}: ${code}(${event.a}, ${event.b}, ${event.ref})`)
    this.react(code, event)
  }
}

/** A kernel with one process per letter and one scribe in each. */
function world(letters = 'a') {
  const kernel = new Kernel()
  const processes: ProcessId[] = []
  const scribes = [...letters].map((name) => {
    const scribe = new Scribe(kernel, name)
    processes.push(kernel.process())
    kernel.register(scribe, processes.at(-1)!)
    return scribe
  })
  kernel.reset('seed')
  return { kernel, scribes, processes, run: () => kernel.run(10_000, FOREVER) }
}

describe('the loop', () => {
  it('hands events out in the order of their times, far beyond 2^40 microseconds', () => {
    const delays = fc.array(fc.oneof(fc.nat({ max: 1000 }), fc.integer({ min: 2 ** 40, max: 2 ** 41 })), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(delays, fc.nat({ max: 2 ** 30 }), (all, start) => {
        const { kernel, scribes, run } = world()
        kernel.schedule(start, 0, 9)
        scribes[0]!.react = (code) => {
          if (code === 9) for (const [i, delay] of all.entries()) kernel.schedule(delay, 0, 1, i)
        }
        expect(run()).toBe('idle')
        const times = scribes[0]!.log.slice(1).map((line) => Number(line.split(':')[0]))
        expect(times).toEqual(all.map((delay) => start + delay).sort((a, b) => a - b))
        expect(kernel.steps).toBe(all.length + 1)
      }),
      { numRuns: 50 },
    )
  })

  it('orders events of one time by a decision: another seed, another order, and the same seed the same', () => {
    const orderUnder = (seed: string): string => {
      const { kernel, scribes, run } = world()
      kernel.reset(seed)
      for (let i = 0; i < 12; i += 1) kernel.schedule(5, 0, 1, i)
      run()
      return scribes[0]!.log.join()
    }
    const orders = Array.from({ length: 20 }, (_, i) => orderUnder(`s/${i}`))
    expect(new Set(orders).size).toBe(20)
    expect(Array.from({ length: 20 }, (_, i) => orderUnder(`s/${i}`))).toEqual(orders)
  })

  it('delivers messages within a process before anything else of their time, in the order of sending', () => {
    const { kernel, scribes, run } = world('ab')
    for (let i = 0; i < 8; i += 1) kernel.schedule(3, 1, 1, i)
    kernel.schedule(3, 0, 2)
    scribes[0]!.react = (code) => {
      if (code !== 2) return
      scribes[1]!.log.push('sent')
      for (let i = 0; i < 4; i += 1) kernel.local(1, 7, i)
    }
    run()
    const { log } = scribes[1]!
    const sent = log.indexOf('sent')
    expect(log.slice(sent + 1, sent + 5)).toEqual([0, 1, 2, 3].map((i) => `3: 7(${i}, 0, 0)`))
    expect(log).toHaveLength(13)
  })

  it('passes all operands, and copies none: the event object is one and the same', () => {
    const { kernel, scribes, run } = world()
    const seen = new Set<KernelEvent>()
    scribes[0]!.react = (_, event) => void seen.add(event)
    kernel.schedule(1, 0, 5, -1, 2 ** 31 - 1, 77)
    kernel.schedule(2, 0, 6)
    run()
    expect(scribes[0]!.log).toEqual(['1: 5(-1, 2147483647, 77)', '2: 6(0, 0, 0)'])
    expect(seen.size).toBe(1)
  })

  it('does not deliver what is cancelled, and says whether there was something to cancel', () => {
    const { kernel, scribes, run } = world()
    const handle = kernel.schedule(10, 0, 1)
    const late = kernel.schedule(5, 0, 2)
    scribes[0]!.react = () => {
      expect(kernel.cancel(late)).toBe(false)
      expect(kernel.cancel(handle)).toBe(true)
      expect(kernel.cancel(handle)).toBe(false)
    }
    expect(run()).toBe('idle')
    expect(scribes[0]!.log).toEqual(['5: 2(0, 0, 0)'])
    expect(kernel.steps).toBe(1)
  })
})

describe('the end of a run', () => {
  const ticking = () => {
    const all = world()
    all.scribes[0]!.react = () => void all.kernel.schedule(10, 0, 1)
    all.kernel.schedule(10, 0, 1)
    return all
  }

  it('is idle without events', () => {
    expect(world().run()).toBe('idle')
  })
  it('is the step limit, exactly, and the run can go on from there', () => {
    const { kernel } = ticking()
    expect(kernel.run(7, FOREVER)).toBe('step-limit')
    expect([kernel.steps, kernel.now]).toEqual([7, 70])
    expect(kernel.run(9, FOREVER)).toBe('step-limit')
    expect([kernel.steps, kernel.now]).toEqual([9, 90])
  })
  it('is the time limit: events at the limit happen, later ones do not', () => {
    const { kernel } = ticking()
    expect(kernel.run(1000, 50)).toBe('time-limit')
    expect([kernel.steps, kernel.now]).toEqual([5, 50])
  })
  it('is stopped once a handler says so, after that handler', () => {
    const { kernel, scribes, run } = world()
    scribes[0]!.react = () => kernel.stop()
    kernel.schedule(1, 0, 1)
    kernel.schedule(1, 0, 1)
    expect(run()).toBe('stopped')
    expect([kernel.stopped, kernel.steps]).toEqual([true, 1])
    kernel.reset('seed')
    expect(kernel.stopped).toBe(false)
    expect(run()).toBe('idle')
  })
})

describe('processes', () => {
  it('that are paused get what came for them when they go on, in order and before anything else of that time', () => {
    const { kernel, scribes, processes, run } = world('ab')
    scribes[1]!.react = (code) => {
      if (code === 1) {
        kernel.pause(processes[0]!)
        expect([kernel.isPaused(processes[0]!), kernel.isDead(processes[0]!)]).toEqual([true, false])
      } else kernel.resume(processes[0]!)
    }
    kernel.schedule(1, 1, 1)
    for (const at of [5, 3, 4]) kernel.schedule(at, 0, 3, at)
    kernel.schedule(10, 1, 2)
    kernel.schedule(10, 0, 4)
    run()
    const { log } = scribes[0]!
    const waited = [3, 4, 5].map((at) => `10: 3(${at}, 0, 0)`)
    expect(log.filter((line) => line.includes('3('))).toEqual(waited)
    expect(log).toHaveLength(4)
    // one that comes at the same time and was handled before the resume waits as well, behind them
    expect([0, 3]).toContain(log.indexOf('10: 4(0, 0, 0)'))
  })

  it('that die while they are paused lose what had come, and what comes until they are revived', () => {
    const { kernel, scribes, processes, run } = world('ab')
    const steps: Record<number, () => void> = {
      1: () => kernel.pause(processes[0]!),
      3: () => kernel.kill(processes[0]!),
      5: () => kernel.revive(processes[0]!),
    }
    scribes[1]!.react = (code) => steps[code]!()
    for (const at of [1, 3, 5]) kernel.schedule(at, 1, at)
    for (const at of [0, 2, 4, 6]) kernel.schedule(at, 0, 7, at)
    run()
    expect(scribes[0]!.log).toEqual(['0: 7(0, 0, 0)', '6: 7(6, 0, 0)'])
    expect(kernel.isDead(processes[0]!)).toBe(false)
    expect(kernel.steps).toBe(5)
  })

  it('stop as one: every entity in them, and no other', () => {
    const kernel = new Kernel()
    const [p, q] = [kernel.process(), kernel.process()]
    const scribes = [p, p, q].map((process, i) => {
      const scribe = new Scribe(kernel, `${i}`)
      kernel.register(scribe, process)
      return scribe
    })
    kernel.reset('')
    kernel.kill(p)
    for (const i of [0, 1, 2]) kernel.schedule(1, i, 1)
    kernel.run(10, FOREVER)
    expect(scribes.map(({ log }) => log.length)).toEqual([0, 0, 1])
    expect(scribes.map((_, i) => kernel.entityName(i))).toEqual(['0', '1', '2'])
    expect(kernel.entityName(3)).toBe('entity 3')
  })
})

describe('generations', () => {
  it('keep events from the next incarnation, also those that a pause held back', () => {
    const { kernel, scribes, processes, run } = world('ab')
    kernel.schedule(10, 0, 1)
    kernel.schedule(10, 0, 2, 0, 0, 0, ANY_GENERATION)
    kernel.schedule(10, 0, 3, 0, 0, 0, 1) // there is no such incarnation when it comes
    kernel.pause(processes[0]!)
    scribes[1]!.react = () => {
      kernel.renew(0)
      kernel.resume(processes[0]!)
      kernel.schedule(1, 0, 4)
      kernel.local(0, 5)
    }
    kernel.schedule(20, 1, 1)
    run()
    expect(kernel.generation(0)).toBe(1)
    expect(scribes[0]!.log.map((line) => line.replace(/\(.*/, '')).sort()).toEqual(['20: 2', '20: 5', '21: 4'])
  })

  it('can be set, and begin anew with a run', () => {
    const { kernel } = world()
    kernel.setGeneration(0, 41)
    kernel.renew(0)
    expect(kernel.generation(0)).toBe(42)
    kernel.reset('')
    expect(kernel.generation(0)).toBe(0)
  })
})

describe('effects', () => {
  it('are one per event: a second one is refused by its name, the next event may have one again', () => {
    const { kernel, scribes, run } = world()
    scribes[0]!.react = (code) => {
      kernel.effect('write')
      if (code === 2) kernel.effect('acknowledge')
    }
    kernel.schedule(1, 0, 1)
    kernel.schedule(2, 0, 1)
    kernel.schedule(3, 0, 2)
    expect(run).toThrow(/second effect \(acknowledge\): split it in two, or the crash between them cannot happen/)
    expect(kernel.steps).toBe(3)
  })
})

describe('a kernel', () => {
  /** Random messages between three entities in two processes; the digest tells them all. */
  function chatter(kernel: Kernel, seed: string): string {
    kernel.reset(seed)
    kernel.schedule(kernel.decide(1, 0, 100), 0, 1)
    kernel.schedule(kernel.decide(1, 1, 100), 1, 1)
    kernel.run(200, FOREVER)
    return kernel.trace.digest()
  }
  function chatty(): Kernel {
    const kernel = new Kernel()
    const processes = [kernel.process(), kernel.process()]
    for (let i = 0; i < 3; i += 1) {
      const scribe = new Scribe(kernel, `${i}`)
      scribe.react = (code, { a }) => {
        const to = kernel.decide(2, kernel.steps, 3)
        kernel.schedule(kernel.decide(3, kernel.steps, 50), to, code, a + scribe.got)
        if (kernel.decide(4, kernel.steps, 10) === 0) kernel.local(to, code, scribe.got)
      }
      kernel.register(scribe, processes[i % 2]!)
    }
    return kernel
  }

  it('gives the same run for the same seed, whatever ran before it, in which order, and in which kernel', () => {
    const kernel = chatty()
    const other = chatty()
    const seeds = Array.from({ length: 30 }, (_, i) => `s/${i}`)
    const forward = seeds.map((seed) => chatter(kernel, seed))
    expect(new Set(forward).size).toBe(seeds.length)
    const backward = seeds.toReversed().map((seed) => chatter(kernel, seed))
    expect(backward.reverse()).toEqual(forward)
    const interleaved = seeds.map((seed, i) => {
      chatter(other, `t/${i}`)
      return chatter(i % 2 === 0 ? kernel : other, seed)
    })
    expect(interleaved).toEqual(forward)
  })

  it('does not touch the memory of another one while that one is in the middle of a run', () => {
    const [kernel, other] = [chatty(), chatty()]
    const whole = chatter(kernel, 's')
    kernel.reset('s')
    kernel.schedule(kernel.decide(1, 0, 100), 0, 1)
    kernel.schedule(kernel.decide(1, 1, 100), 1, 1)
    for (let steps = 10; steps <= 200; steps += 10) {
      kernel.run(steps, FOREVER)
      chatter(other, `${steps}`)
    }
    expect(kernel.trace.digest()).toBe(whole)
  })

  it('has this digest for this run', () => {
    expect(chatter(chatty(), 'golden')).toMatchInlineSnapshot(`"da906fd711f1659f"`)
  })

  it('takes many entities, none after its first run', () => {
    const kernel = new Kernel()
    const process = kernel.process()
    const scribes = Array.from({ length: 200 }, (_, i) => new Scribe(kernel, `s${i}`))
    for (const scribe of scribes) kernel.register(scribe, process)
    kernel.reset('')
    for (let i = 0; i < 200; i += 1) kernel.schedule(1, i, 1, i)
    kernel.run(1000, FOREVER)
    expect(scribes.map(({ log }) => log)).toEqual(scribes.map((_, i) => [`1: 1(${i}, 0, 0)`]))
    expect(() => kernel.register(new Scribe(kernel, 'latecomer'), process)).toThrow(
      'latecomer is registered after the first run: entities are made before',
    )
  })

  it('gives its memory back when it is disposed of, and can then not be used any more', () => {
    const before = memoryInUse()
    const kernel = new Kernel()
    kernel.register(new Scribe(kernel, 's'), kernel.process())
    kernel.reset('')
    expect(memoryInUse()).toBeGreaterThan(before)
    kernel.dispose()
    expect(memoryInUse()).toBe(before)
    expect(() => kernel.reset('')).toThrow('this kernel has been disposed of: make a new one')
    const unused = new Kernel()
    unused.register(new Scribe(unused, 's'), unused.process())
    unused.dispose()
    expect(memoryInUse()).toBe(before)
  })

  it('refuses an entity in which a class field hides a declared one', () => {
    class Hidden extends fields({ level: 'int' }) {
      readonly name = 'hidden'
      override level = 3
      receive(): void {}
    }
    const kernel = new Kernel()
    expect(() => kernel.register(new Hidden(), kernel.process())).toThrow(
      "hidden: the class field 'level' shadows the declared field of that name; remove it from the class body",
    )
  })
})

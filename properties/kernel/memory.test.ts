import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertNoShadow,
  cells,
  extent,
  F,
  fields,
  fifo,
  ghostCells,
  I,
  journaling,
  type Lease,
  lease,
  mark,
  release,
  stateHash,
  undo,
  wipe,
} from '../../src/kernel/index.ts'

class Everything extends fields({
  count: 'int',
  slot: 'ref',
  turn: 'ghost',
  busyUntil: 'time',
  wakeAt: 'time',
  seen: cells('inputs'),
  looked: ghostCells(2),
  queue: fifo('room'),
}) {
  doubled(): number {
    return this.count * 2
  }
}
const INPUTS = 3
const ROOM = 4

/** The same as an ordinary object, copied for every mark. */
interface Model {
  count: number
  slot: number
  turn: number
  busyUntil: number
  wakeAt: number
  seen: number[]
  looked: number[]
  queue: { item: number; at: number }[]
}
const emptyModel = (): Model => ({
  count: 0,
  slot: 0,
  turn: 0,
  busyUntil: 0,
  wakeAt: 0,
  seen: [0, 0, 0],
  looked: [0, 0],
  queue: [],
})
const contentOf = (of: Everything): Model => ({
  count: of.count,
  slot: of.slot,
  turn: of.turn,
  busyUntil: of.busyUntil,
  wakeAt: of.wakeAt,
  seen: Array.from({ length: of.seen.size }, (_, i) => of.seen.at(i)),
  looked: Array.from({ length: of.looked.size }, (_, i) => of.looked.at(i)),
  queue: Array.from({ length: of.queue.length }, (_, i) => ({ item: of.queue.item(i), at: of.queue.time(i) })),
})
/** What belongs to the state's identity, with times relative to `now`. */
const identityOf = ({ turn: _turn, looked: _looked, queue, busyUntil, wakeAt, ...rest }: Model, now: number): string =>
  JSON.stringify([rest, queue.map(({ item }) => item), Math.max(0, busyUntil - now), Math.max(0, wakeAt - now)])

const value = fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
const moment = fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 2 ** 40, max: 2 ** 40 + 3 }))
const write = fc.oneof(
  fc.record({ do: fc.constantFrom('count' as const, 'slot' as const, 'turn' as const), value }),
  fc.record({ do: fc.constantFrom('busyUntil' as const, 'wakeAt' as const), value: moment }),
  fc.record({
    do: fc.constantFrom('set' as const, 'add' as const),
    at: fc.nat({ max: INPUTS - 1 }),
    value: fc.nat({ max: 5 }),
  }),
  fc.record({ do: fc.constantFrom('fill' as const), value: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constantFrom('look' as const), at: fc.nat({ max: 1 }), value }),
  fc.record({ do: fc.constantFrom('push' as const), value, at: moment }),
  fc.constant({ do: 'pop' as const }),
  fc.constant({ do: 'clear' as const }),
)
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never

/** Does the same to an entity and to its model. */
function apply(to: Everything, model: Model, step: Write): void {
  switch (step.do) {
    case 'set':
      to.seen.set(step.at, step.value)
      model.seen[step.at] = step.value
      break
    case 'add':
      to.seen.add(step.at, step.value)
      model.seen[step.at]! += step.value
      break
    case 'fill':
      to.seen.fill(step.value)
      model.seen.fill(step.value)
      break
    case 'look':
      to.looked.set(step.at, step.value)
      model.looked[step.at] = step.value
      break
    case 'push':
      if (model.queue.length === ROOM) {
        expect(() => to.queue.push(step.value, step.at)).toThrow('a queue of 4 is full')
        break
      }
      to.queue.push(step.value, step.at)
      model.queue.push({ item: step.value, at: step.at })
      break
    case 'pop':
      if (model.queue.length === 0) expect(() => to.queue.pop()).toThrow('place 0 of a queue of 0')
      else expect(to.queue.pop()).toBe(model.queue.shift()!.item)
      break
    case 'clear':
      to.queue.clear()
      model.queue.length = 0
      break
    default:
      to[step.do] = step.value
      model[step.do] = step.value
  }
}

/** An entity between two neighbours, whose memory must stay as it is. */
function framed<T>(body: (entity: Everything, own: Lease) => T): T {
  const from = extent()
  const before = new Everything({ inputs: INPUTS, room: ROOM })
  const entity = new Everything({ inputs: INPUTS, room: ROOM })
  const after = new Everything({ inputs: INPUTS, room: ROOM })
  const own = lease(from)
  wipe(own)
  try {
    const result = body(entity, own)
    expect([contentOf(before), contentOf(after)]).toEqual([emptyModel(), emptyModel()])
    return result
  } finally {
    journaling(false)
    release(own)
  }
}

describe('declared fields', () => {
  it('behave like those of an ordinary object, with and without a journal', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 60 }), fc.boolean(), (steps, journaled) => {
        framed((entity) => {
          journaling(journaled)
          const model = emptyModel()
          for (const step of steps) {
            apply(entity, model, step)
            expect(contentOf(entity)).toEqual(model)
            expect(entity.doubled()).toBe(model.count * 2)
          }
        })
      }),
      { numRuns: 200 },
    )
  })

  it('of two entities of one class are apart, and their values are ints', () => {
    framed((entity) => {
      const other = new Everything({ inputs: 1, room: 1 })
      entity.count = 7
      other.count = 2 ** 32 + 5
      expect([entity.count, other.count]).toEqual([7, 5])
      other.seen.set(0, 1)
      expect(entity.seen.at(0)).toBe(0)
    })
  })

  it('refuse what a typed array would swallow', () => {
    framed(({ seen, queue }) => {
      for (const index of [-1, INPUTS, 2 ** 31 - 1, -(2 ** 31)]) {
        expect(() => seen.at(index), `${index}`).toThrow(RangeError)
        expect(() => seen.set(index, 1), `${index}`).toThrow(RangeError)
        expect(() => seen.add(index, 1), `${index}`).toThrow(RangeError)
      }
      expect(() => seen.at(INPUTS)).toThrow('cell 3 of 3')
      queue.push(1, 1)
      expect(() => queue.item(1)).toThrow('place 1 of a queue of 1')
      expect(() => queue.time(-1)).toThrow(RangeError)
    })
  })

  it('round the room of a queue up to a power of two, and refuse one that is too long', () => {
    const from = extent()
    expect(new (fields({ q: fifo(5) }))().q.capacity).toBe(8)
    expect(() => new (fields({ q: fifo(20_000) }))()).toThrow('a queue of 32768 is too long: at most 16384')
    release(lease(from))
  })

  it('say which size is missing', () => {
    expect(() => new (fields({ seen: cells('inputs') }))()).toThrow(
      "size 'inputs' of a declared field is not given: pass { inputs: n } to super()",
    )
  })

  it('are not hidden by a class field: the check names it; without one it says nothing', () => {
    class Good extends fields({ level: 'int' }) {
      own = 1
    }
    class Bad extends fields({ level: 'int' }) {
      override level = 1
    }
    const from = extent()
    assertNoShadow(new Good(), 'good')
    expect(() => assertNoShadow(new Bad(), 'bad')).toThrow("bad: the class field 'level' shadows the declared field")
    release(lease(from))
  })
})

describe('undo', () => {
  it('goes back to any mark that is still ahead, contents, hash and all', () => {
    const block = fc.array(write, { maxLength: 15 })
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        (blocks, backs) => {
          framed((entity, own) => {
            journaling(true)
            const model = emptyModel()
            const marks: { at: ReturnType<typeof mark>; model: Model; hash: readonly number[] }[] = []
            const go = (steps: readonly Write[]) => {
              marks.push({ at: mark(), model: structuredClone(model), hash: stateHash(own, 0) })
              for (const step of steps) apply(entity, model, step)
            }
            for (const steps of blocks) go(steps)
            for (const back of backs) {
              if (marks.length === 0) break
              const to = marks.splice(back % marks.length)[0]!
              undo(to.at)
              expect(contentOf(entity)).toEqual(to.model)
              expect(stateHash(own, 0)).toEqual(to.hash)
              Object.assign(model, structuredClone(to.model))
              go(blocks[back % blocks.length]!)
              expect(contentOf(entity)).toEqual(model)
            }
          })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('brings back what a queue held, also where its ring was written over', () => {
    framed(({ queue }) => {
      journaling(true)
      for (let i = 0; i < ROOM; i += 1) queue.push(i, 10 + i)
      const full = mark()
      for (let round = 0; round < 3; round += 1)
        for (let i = 0; i < ROOM; i += 1) {
          queue.pop()
          queue.push(100 + i, 200 + i)
        }
      queue.clear()
      undo(full)
      expect(Array.from({ length: 4 }, (_, i) => [queue.item(i), queue.time(i)])).toEqual([
        [0, 10],
        [1, 11],
        [2, 12],
        [3, 13],
      ])
    })
  })

  it('goes back over hundreds of thousands of writes, times among them, and refuses more than the journal holds', () => {
    framed((entity) => {
      journaling(true)
      const start = mark()
      for (let i = 1; i <= 300_000; i += 1) entity.busyUntil = i
      const late = mark()
      entity.busyUntil = -1
      undo(late)
      expect(entity.busyUntil).toBe(300_000)
      const writeForEver = (): void => {
        for (let i = 1; ; i += 1) entity.count = i
      }
      expect(writeForEver).toThrow('the journal is full: undo to a mark, or turn journaling off')
      undo(start)
      expect([entity.busyUntil, entity.count]).toEqual([0, 0])
    })
  })
})

describe('the hash of a state', () => {
  it('is the same for the same content, however it came about, and differs for different contents', () => {
    const steps = fc.array(write, { maxLength: 25 })
    const byIdentity = new Map<string, string>()
    fc.assert(
      fc.property(steps, fc.nat({ max: 40 }), (todo, now) => {
        framed((entity, own) => {
          journaling(true)
          const model = emptyModel()
          for (const step of todo) apply(entity, model, step)
          const hash = stateHash(own, now).join()
          const identity = identityOf(model, now)
          expect(byIdentity.get(identity) ?? hash).toBe(hash)
          byIdentity.set(identity, hash)

          // the shortest way to the same content, after a detour that moves the queue's head
          const again = emptyModel()
          wipe(own)
          journaling(true)
          for (let i = 0; i < now % 7; i += 1) {
            entity.queue.push(i, i)
            entity.queue.pop()
          }
          for (const { item } of model.queue) entity.queue.push(item, 0)
          for (const name of ['count', 'slot', 'busyUntil', 'wakeAt'] as const) entity[name] = model[name]
          model.seen.forEach((n, i) => void entity.seen.set(i, n))
          Object.assign(again, model, {
            turn: 0,
            looked: [0, 0],
            queue: model.queue.map(({ item }) => ({ item, at: 0 })),
          })
          expect(contentOf(entity)).toEqual(again)
          expect(stateHash(own, now).join()).toBe(hash)
        })
      }),
      { numRuns: 400 },
    )
    expect(byIdentity.size).toBeGreaterThan(200)
    expect(new Set(byIdentity.values()).size).toBe(byIdentity.size)
  })

  it('does not know when a state is reached: times count from now, and past ones not at all', () => {
    framed((entity, own) => {
      journaling(true)
      entity.busyUntil = 2 ** 40 + 30
      entity.wakeAt = 5
      const first = stateHash(own, 2 ** 40 + 10)
      entity.busyUntil = 2 ** 41 + 20
      entity.wakeAt = 7
      expect(stateHash(own, 2 ** 41)).toEqual(first)
      expect(stateHash(own, 2 ** 41 + 1)).not.toEqual(first)
      expect(stateHash(own, 2 ** 42)).toEqual([0, 0])
      expect(stateHash(own, 2 ** 41 + 20 - 2 ** 32 - 20)).not.toEqual(first)
    })
  })

  it('knows which of two fields holds a value', () => {
    framed((entity, own) => {
      journaling(true)
      const here = mark()
      const hashes = new Set<string>()
      const writes: ((v: number) => void)[] = [
        (v) => Object.assign(entity, { count: v }),
        (v) => Object.assign(entity, { slot: v }),
        (v) => entity.seen.set(0, v),
        (v) => entity.seen.set(1, v),
        (v) => entity.queue.push(v, 0),
        (v) => Object.assign(entity, { busyUntil: v }),
        (v) => Object.assign(entity, { wakeAt: v }),
        () => {},
      ]
      for (const write of writes) {
        write(3)
        hashes.add(stateHash(own, 0).join())
        undo(here)
      }
      expect(hashes.size).toBe(8)
    })
  })
})

describe('leases', () => {
  class Small extends fields({ a: 'int', t: 'time' }) {}
  const world = () => {
    const from = extent()
    const entity = new Small()
    return { entity, own: lease(from) }
  }
  const used = (): string => JSON.stringify(extent())

  it('of two worlds are wiped apart', () => {
    const [one, two] = [world(), world()]
    for (const { entity } of [one, two]) [entity.a, entity.t] = [5, 6]
    wipe(one.own)
    expect([one.entity.a, one.entity.t, two.entity.a, two.entity.t]).toEqual([0, 0, 5, 6])
    for (const { own } of [two, one]) release(own)
  })

  it('give memory back in any order: it is used again once what was made later is back as well', () => {
    const start = used()
    const worlds = [world(), world(), world()]
    const full = used()
    release(worlds[1]!.own)
    release(worlds[0]!.own)
    expect(used()).toBe(full)
    expect(worlds[0]!.own.released).toBe(true)
    release(worlds[2]!.own)
    expect(used()).toBe(start)
  })

  it('do not give memory back under a world that is still being made', () => {
    const start = used()
    const gone = world()
    const from = extent()
    const half = new Small()
    release(gone.own)
    const next = new Small()
    half.a = 1
    next.a = 2
    expect(half.a).toBe(1)
    release(lease(from))
    expect(used()).toBe(start)
  })

  it('hand on memory without the marks of who had it before: what was a ghost counts again', () => {
    const from = extent()
    ;new (fields({ g: 'ghost', cells: ghostCells(3) }))()
    release(lease(from))
    const entity = new (fields({ a: 'int', b: 'int', c: 'int', d: 'int' }))()
    const own = lease(from)
    wipe(own)
    journaling(true)
    const before = stateHash(own, 0)
    entity.b = 1
    expect(stateHash(own, 0)).not.toEqual(before)
    journaling(false)
    release(own)
  })

  it('that are too large are refused, and leave room for smaller ones', () => {
    const start = used()
    const from = extent()
    expect(() => new (fields({ big: cells(I.length + 1) }))()).toThrow(/world memory is full: \d+ of 262144 words/)
    expect(used()).toBe(start)
    const Long = fields({ q: fifo(16_384) })
    const Many = fields(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`t${i}`, 'time' as const])))
    const fill = (make: new () => object) => (): void => {
      for (;;) new make()
    }
    expect(fill(Long)).toThrow(/ring memory is full: \d+ of 2097152 words; use less parallelism/)
    expect(fill(Many)).toThrow(/world memory is full: \d+ of 65536 times; use less parallelism/)
    new Small()
    release(lease(from))
    expect(used()).toBe(start)
    expect(F.length).toBe(65_536)
  })
})

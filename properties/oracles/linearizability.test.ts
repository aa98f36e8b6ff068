/** The checker of the metadata store's history: silent about whatever one process could have answered, and about nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCommand, type Metadata, type MetadataCommand, NO_METADATA } from '../../src/cluster/index.ts'
import type { CompletedCheckpoint } from '../../src/model/index.ts'
import { LinearizabilityOracle } from '../../src/oracles/linearizability.ts'

const entry = (id: number, epoch = 1): CompletedCheckpoint => ({
  id,
  epoch,
  execution: 1,
  triggeredAtUs: 0,
  files: [],
  enumerators: new Map(),
})
function court(): { readonly oracle: LinearizabilityOracle; readonly kinds: string[] } {
  const kinds: string[] = []
  const oracle = new LinearizabilityOracle({
    report: ({ kind }) => void kinds.push(kind),
    permit: () => {},
    assumption: () => {},
  })
  return { oracle, kinds }
}

/** An operation: when it is sent, takes effect, and is answered; never if the answer is lost. */
interface Operation {
  readonly by: number
  readonly kind: 'lead' | 'draw-id' | 'add' | 'remove' | 'read'
  readonly checkpoint: number
  readonly sent: number
  readonly takes: number
  readonly waits: number
  readonly lost: boolean
}
const operation: fc.Arbitrary<Operation> = fc.record({
  by: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('lead', 'draw-id', 'add', 'remove', 'read'),
  checkpoint: fc.integer({ min: 1, max: 6 }),
  sent: fc.nat(200),
  takes: fc.nat(40),
  waits: fc.nat(40),
  lost: fc.boolean(),
})

/** Has one process do all that at its times, and the oracle hear what its clients see. */
function play(operations: readonly Operation[]): string[] {
  const { oracle, kinds } = court()
  let metadata: Metadata = NO_METADATA
  const steps: { readonly at: number; readonly do: () => void }[] = []
  // a leader asks for a checkpoint's write once, under an id of its own, and looks for what it has written
  const written = new Set<number>()
  const campaigned = new Set<number>()
  for (const { by, kind, checkpoint, sent, takes, waits, lost } of operations) {
    const id = by * 10 + checkpoint
    if (kind === 'add' && written.has(id)) continue
    if (kind === 'lead' && campaigned.has(by)) continue
    if (kind === 'add') written.add(id)
    if (kind === 'lead') campaigned.add(by)
    const about = kind === 'add' || kind === 'remove' ? id : 0
    const command: MetadataCommand =
      kind === 'lead'
        ? { kind: 'campaign', epoch: by, waits: false }
        : kind === 'draw-id'
          ? { kind, epoch: by }
          : kind === 'add'
            ? { kind, epoch: by, entry: entry(id, by) }
            : kind === 'remove'
              ? { kind, epoch: by, checkpoint: id }
              : { kind: 'read', epoch: by }
    let answer = applyCommand(metadata, command).answer
    steps.push({ at: sent, do: () => oracle.asked(by, kind, about) })
    steps.push({
      at: sent + takes,
      do: () => {
        const applied = applyCommand(metadata, command)
        metadata = applied.metadata
        answer = applied.answer
      },
    })
    if (lost) continue
    steps.push({
      at: sent + takes + waits,
      do: () => {
        if (kind === 'lead' && answer.elected > 0) oracle.leads(by)
        else if (kind === 'draw-id') oracle.drawn(by, answer.id)
        else if (kind === 'add') oracle.added(by, id, answer.ok)
        else if (kind === 'remove' && answer.ok) oracle.removed(by, id)
        else if (kind === 'read') oracle.found(by, answer.entries)
      },
    })
  }
  // what is sent, takes effect and is answered at one time comes in the order in which it was put there
  for (const step of steps.map((step, i) => ({ ...step, i })).sort((a, b) => a.at - b.at || a.i - b.i)) step.do()
  return kinds
}

describe('the history of a store', () => {
  it('is linearizable if one process has done it all, whatever overtakes what', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        expect(play(operations)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  const told = (tell: (oracle: LinearizabilityOracle) => void): string[] => {
    const { oracle, kinds } = court()
    tell(oracle)
    return kinds
  }
  it('is none if an id is drawn twice, or falls', () => {
    const draw = (oracle: LinearizabilityOracle, by: number, id: number): void => {
      oracle.asked(by, 'draw-id', 0)
      oracle.drawn(by, id)
    }
    expect(told((o) => [draw(o, 1, 1), draw(o, 2, 1)])).toEqual(['id-drawn-twice'])
    expect(told((o) => [draw(o, 1, 2), draw(o, 2, 1)])).toEqual(['id-falls'])
    const concurrent = told((o) => {
      o.asked(1, 'draw-id', 0)
      draw(o, 2, 2)
      o.drawn(1, 1)
    })
    expect(concurrent).toEqual([])
  })
  it('is none if an epoch falls, or a leader that was replaced writes', () => {
    const lead = (oracle: LinearizabilityOracle, by: number): void => {
      oracle.asked(by, 'lead', 0)
      oracle.leads(by)
    }
    expect(told((o) => [lead(o, 2), lead(o, 1)])).toEqual(['epoch-falls'])
    const late = told((o) => {
      lead(o, 1)
      lead(o, 2)
      o.asked(1, 'add', 7)
      o.added(1, 7, true)
    })
    expect(late).toEqual(['old-leader-writes'])
  })
  it('is none if what was stored is missed, or what was not comes back', () => {
    const add = (oracle: LinearizabilityOracle, id: number, stored: boolean): void => {
      oracle.asked(1, 'add', id)
      oracle.added(1, id, stored)
    }
    const read = (oracle: LinearizabilityOracle, ...ids: number[]): void => {
      oracle.asked(2, 'read', 0)
      oracle.found(
        2,
        ids.map((id) => entry(id)),
      )
    }
    expect(told((o) => [add(o, 1, true), read(o)])).toEqual(['entry-missed'])
    expect(told((o) => [add(o, 1, false), read(o, 1)])).toEqual(['entry-comes-back'])
    expect(told((o) => read(o, 1))).toEqual(['entry-out-of-nothing'])
    const looked = told((o) => {
      add(o, 1, true)
      o.asked(1, 'look', 1)
      o.looked(1, 1, false)
    })
    expect(looked).toEqual(['entry-missed'])
    const removed = told((o) => {
      add(o, 1, true)
      o.asked(1, 'remove', 1)
      o.removed(1, 1)
      read(o, 1)
    })
    expect(removed).toEqual(['entry-comes-back'])
  })
  it('is none if a read sees what came later and misses what was there before', () => {
    const seen = told((o) => {
      o.asked(2, 'read', 0)
      o.asked(1, 'add', 1)
      o.added(1, 1, true)
      o.asked(1, 'add', 2)
      o.found(2, [entry(2)])
    })
    expect(seen).toEqual(['entry-missed'])
  })
})

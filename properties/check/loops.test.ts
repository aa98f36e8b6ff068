/** Jobs with loops, under every protocol: what goes round is lost where the contract says so, and nowhere else. */
import { describe, expect, it } from 'vitest'
import bankTransfer from '../../scenarios/bank-transfer.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import ranking from '../../scenarios/ranking.ts'
import { Check, digestOf, InputError, judgedInvariants } from '../../src/check/index.ts'
import {
  CheckpointingMode,
  generatedSequence,
  OutputTag,
  scenario,
  transactionalLog,
} from '../../src/dataflow/index.ts'
import type { Protocol } from '../../src/model/index.ts'
import {
  aligned,
  alignedTimeout,
  atLeastOnce,
  barriersCyclic,
  chandyLamport,
  unaligned,
} from '../../src/protocols/index.ts'

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const batch = (protocol: Protocol, of = ranking, runs = 16) =>
  new Check({ scenario: of, protocol, seed: 'loops' }).batch(indices(runs))

describe('ranking', () => {
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('may lose what goes round under $name', (protocol) => {
    const { failure, permitted, restores } = batch(protocol)
    expect(failure).toBe(null)
    expect(restores).toBeGreaterThan(5)
    expect(permitted['loop-loss']).toBeGreaterThan(50)
  })
  it.each([barriersCyclic, chandyLamport])('loses nothing under $name', (protocol) => {
    const { failure, permitted, restores, inFlightRecords } = batch(protocol)
    expect(failure).toBe(null)
    expect(restores).toBeGreaterThan(5)
    expect(permitted).toEqual({})
    expect(inFlightRecords).toBeGreaterThan(200)
  })
  it('asks of each protocol what it promises of loops', () => {
    const asked = (protocol: Protocol): string[] => judgedInvariants(ranking, protocol).checked.map(({ name }) => name)
    expect(asked(barriersCyclic)).toEqual(['ranks are exact', 'the ranks of a member are numbered, each once'])
    expect(asked(aligned)).toEqual(['no rank is above the exact one', 'the ranks of a member are numbered, each once'])
    expect(asked(unaligned)).toEqual(['the ranks of a member are numbered, each once'])
    expect(asked(atLeastOnce)).toEqual(['the ranks of a member have no gap'])
  })
  it('cannot be rescaled', () => {
    expect(() => new Check({ scenario: ranking, protocol: aligned, seed: 's', faults: ['rescale'] })).toThrow(
      InputError,
    )
  })
})

describe('without loops', () => {
  it.each([keyedState, bankTransfer])('barriers-cyclic is aligned, event by event: $name', (of) => {
    expect(digestOf(batch(barriersCyclic, of))).toBe(digestOf(batch(aligned, of)))
  })
})

describe('a loop that is over', () => {
  it('takes nothing any more: a function that emits into it in endInput is told so', () => {
    const late = new OutputTag<number>('late')
    const talkative = scenario('talkative', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      const loop = env
        .fromSource(generatedSequence({ count: 5 }), 'numbers')
        .iterate()
        .uid('loop')
      const rest = loop.process<number>(() => ({
        processElement: (n, context, out) => (n > 2 ? context.output(late, n - 1) : out.collect(n)),
        endInput: (out) => out.collect(-1),
      }))
      loop.closeWith(rest.getSideOutput(late))
      loop.closeWith(rest.filter((n) => n < 0))
      rest.sinkTo(transactionalLog('out'))
    })
    const { finding } = new Check({ scenario: talkative, protocol: aligned, seed: 's', faults: [] }).run(0).result
    expect(finding).toMatchObject({ oracle: 'user', kind: 'threw', class: 'user' })
    expect(finding!.message).toContain("a record has come back to 'loop' after the loop was over")
  })
})

import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import ownSink from '../../scenarios/own-sink.ts'
import rescaledState from '../../scenarios/rescaled-state.ts'
import { Check, drawPlan, InputError, Runner, tokenOf } from '../../src/check/index.ts'
import { decodeToken } from '../../src/check/token.ts'
import { ALL_FAULT_CLASSES, type ChannelState, describeFault, type Fault, type Plan } from '../../src/model/index.ts'
import { aligned, alignedTimeout, atLeastOnce, chandyLamport, unaligned } from '../../src/protocols/index.ts'

const runs = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const isRescale = ({ what }: Fault): boolean => what === 'rescale'
const slotsOf = ({ target }: Fault): number =>
  typeof target === 'object' && 'slots' in target ? target.slots : Number.NaN

describe('plans', () => {
  const planOf = (index: number, scenario = keyedState, faults?: typeof ALL_FAULT_CLASSES): Plan =>
    drawPlan(scenario, scenario.graph(), `rescale/${index}`, index, {
      protocol: aligned.name,
      ...(faults === undefined ? {} : { faults }),
    })

  it('rescale only where the faults name it or the scenario asks for it', () => {
    for (const index of runs(300)) expect(planOf(index).faults.some(isRescale)).toBe(false)
    expect(runs(300).some((index) => planOf(index, keyedState, ALL_FAULT_CLASSES).faults.some(isRescale))).toBe(true)
    expect(runs(300).some((index) => planOf(index, rescaledState).faults.some(isRescale))).toBe(true)
  })
  it('give from one slot to as many as the job can use', () => {
    const slots = new Set(
      runs(300).flatMap((index) => planOf(index, rescaledState).faults.filter(isRescale).map(slotsOf)),
    )
    expect([...slots].sort()).toEqual([1, 2, 3])
  })
  it('go through tokens', () => {
    const plan = runs(50)
      .map((index) => planOf(index, rescaledState))
      .find(({ faults }) => faults.some(isRescale))!
    expect(decodeToken(tokenOf(rescaledState, plan, 'a/b', '0000000000000000')).plan).toEqual(plan)
    expect(describeFault(plan.faults.find(isRescale)!)).toMatch(/^the job is rescaled to \d slots? at/)
  })
})

describe('a job that is rescaled', () => {
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('comes through under $name', (protocol) => {
    const total = new Check({ scenario: rescaledState, protocol, seed: 'rescale' }).batch(runs(150))
    expect(total.failure).toBeNull()
    expect(total.faults.rescale).toBeGreaterThan(50)
  })
  it('comes through under chandy-lamport where no edge is pointwise or a broadcast', () => {
    const settings = { scenario: keyedState, protocol: chandyLamport, seed: 'rescale' }
    const total = new Check({ ...settings, faults: ALL_FAULT_CLASSES }).batch(runs(150))
    expect(total.failure).toBeNull()
    expect(total.faults.rescale).toBeGreaterThan(20)
    expect(total.inFlightRecords).toBeGreaterThan(0)
  })
  it('is found out when a subtask has lost part of its share', () => {
    const runner = new Runner(rescaledState, aligned, {
      parts: {
        restoredLists: (lists: ReadonlyMap<string, readonly unknown[]>) =>
          new Map([...lists].map(([name, items]) => [name, items.slice(1)])),
      },
    })
    const plan = new Check({ scenario: rescaledState, protocol: aligned, seed: 'rescale', faults: [] }).plan(0)
    const faults: Fault[] = [{ what: 'rescale', target: { slots: 2 }, when: { phase: 'metadata-applied', nth: 2 } }]
    const { finding } = runner.run({ ...plan, faults })
    expect(finding?.fingerprint).toMatch(/^state\/inherited-differs:list-/)
  })
  it.each(['inputs', 'outputs'] as const)(
    'is found out when a record in flight in its %s is lost or comes twice',
    (side) => {
      const of = (change: (elements: readonly unknown[]) => readonly unknown[]) => ({
        parts: {
          restoredChannels: (channels: ChannelState) => ({
            ...channels,
            [side]: new Map([...channels[side]].map(([channel, elements]) => [channel, change(elements)])),
          }),
        },
      })
      const kinds = (runner: Runner): Set<string> => {
        const check = new Check({ scenario: keyedState, protocol: unaligned, seed: 'in flight', faults: ['rescale'] })
        const results = runs(120).map((index) => runner.run(check.plan(index)))
        return new Set(results.flatMap(({ finding }) => (finding === null ? [] : [finding.fingerprint])))
      }
      const lost = kinds(
        new Runner(
          keyedState,
          unaligned,
          of((elements) => elements.slice(1)),
        ),
      )
      const twice = kinds(
        new Runner(
          keyedState,
          unaligned,
          of((elements) => [elements[0], ...elements]),
        ),
      )
      for (const found of [lost, twice]) {
        expect(found.size).toBeGreaterThan(0)
        for (const fingerprint of found) expect(fingerprint).toMatch(/^(in-flight|delivery|cut)\//)
      }
    },
  )
  it('is refused where there is no rule for it', () => {
    expect(() => new Check({ scenario: ownSink, protocol: aligned, seed: 's', faults: ['rescale'] })).toThrow(
      InputError,
    )
    expect(() => new Check({ scenario: rescaledState, protocol: chandyLamport, seed: 's' })).toThrow(
      "under 'chandy-lamport': what is in flight on the broadcast edge",
    )
  })
})

import { describe, expect, it } from 'vitest'
import tokenRing from '../../scenarios/token-ring.ts'
import { Check, judgedInvariants, Runner } from '../../src/check/index.ts'
import type { ChannelState, Mutation, Protocol } from '../../src/model/index.ts'
import {
  aligned,
  alignedTimeout,
  atLeastOnce,
  barriersCyclic,
  chandyLamport,
  unaligned,
} from '../../src/protocols/index.ts'

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const batch = (protocol: Protocol) => new Check({ scenario: tokenRing, protocol, seed: 'ring' }).batch(indices(30))

describe('the token', () => {
  it.each([chandyLamport, barriersCyclic])(
    'is in every cut once under $name, and comes to every station',
    (protocol) => {
      const { failure, permitted, restores, sometimes } = batch(protocol)
      expect(failure).toBe(null)
      expect(restores).toBeGreaterThan(5)
      expect(permitted['loop-loss']).toBe(undefined)
      for (const runs of Object.values(sometimes)) expect(runs).toBeGreaterThan(15)
      expect(judgedInvariants(tokenRing, protocol).skipped).toEqual([])
    },
  )
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('may get lost under $name', (protocol) => {
    const { failure, permitted, restores } = batch(protocol)
    expect(failure).toBe(null)
    expect(restores).toBeGreaterThan(5)
    expect(permitted['loop-loss']).toBeGreaterThan(3)
  })

  /** What is found in 20 runs. */
  const found = (mutation: Mutation): Set<string> => {
    const runner = new Runner(tokenRing, chandyLamport, mutation)
    const check = new Check({ scenario: tokenRing, protocol: chandyLamport, seed: 'lost' })
    return new Set(indices(20).flatMap((index) => runner.run(check.plan(index)).finding?.fingerprint ?? []))
  }
  it('is missed where what was in flight does not come back, or comes twice', () => {
    const of = (change: (elements: readonly unknown[]) => readonly unknown[]) => ({
      parts: {
        restoredChannels: ({ inputs, outputs }: ChannelState) => ({
          inputs: new Map([...inputs].map(([channel, elements]) => [channel, change(elements)])),
          outputs,
        }),
      },
    })
    for (const fingerprints of [found(of(() => [])), found(of((elements) => [...elements, ...elements]))]) {
      expect(fingerprints.size).toBeGreaterThan(0)
      for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^(state|in-flight|delivery|cut)\//)
    }
  })
})

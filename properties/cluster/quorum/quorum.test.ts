/** The quorum without a job, under all its faults at once; and what each of its rules is for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Proposer } from '../../../src/cluster/index.ts'
import type { Mutation } from '../../../src/model/index.ts'
import { drawSmallPlan, SmallQuorum } from './small-quorum.ts'

const quorums = { 3: new SmallQuorum(3), 5: new SmallQuorum(5) } as const

describe.each([3, 5] as const)('a quorum of %i nodes', (size) => {
  it('keeps what it promises, whatever happens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (index) => {
        const { fingerprint, message } = quorums[size].run(drawSmallPlan(`property/${index}`))
        expect(message).toBe('')
        expect(fingerprint).toBeNull()
      }),
      { numRuns: 250 },
    )
  })

  it('answers every command of every client', () => {
    for (let index = 0; index < 30; index += 1)
      expect(quorums[size].run(drawSmallPlan(`answers/${index}`)).answered).toBe(36)
  })

  it('runs the same way again', () => {
    const plans = Array.from({ length: 30 }, (_, index) => drawSmallPlan(`again/${index}`))
    const forth = plans.map((plan) => quorums[size].run(plan).digest)
    const back = [...plans].reverse().map((plan) => quorums[size].run(plan).digest)
    expect(back.reverse()).toEqual(forth)
    expect(new Set(forth).size).toBe(30)
  })
})

/** What goes wrong first without a rule, and after how many runs. */
function firstFinding(
  mutation: Mutation,
  most: number,
): { readonly runs: number; readonly fingerprint: string } | null {
  const quorum = new SmallQuorum(3, mutation)
  try {
    for (let index = 0; index < most; index += 1) {
      const { fingerprint } = quorum.run(drawSmallPlan(`rules/${index}`))
      if (fingerprint !== null) return { runs: index + 1, fingerprint }
    }
    return null
  } finally {
    quorum.kernel.dispose()
  }
}
const acceptor = (actions: Record<string, () => void>): Mutation => ({ charts: { acceptor: { actions } } })

describe('without a rule', () => {
  it('an acceptor that forgets its promise when it restarts takes it back', () => {
    const found = firstFinding(acceptor({ readPromise: () => {} }), 500)
    expect(found?.fingerprint).toMatch(/promise-taken-back|accepted-below-promise|two-commands-under-one-ballot/)
  })
  it('an acceptor that forgets what it has accepted lets another command be chosen', () => {
    expect(firstFinding(acceptor({ readAcceptances: () => {} }), 1000)?.fingerprint).toMatch(/^quorum\//)
  })
  it('a proposer that ignores what was accepted at the highest ballot goes against what is chosen', () => {
    const found = firstFinding({ charts: { proposer: { actions: { takeOver: () => {} } } } }, 500)
    expect(found?.fingerprint).toMatch(/against-chosen|stale-answer|applied-another/)
  })
  it('a proposer that counts an acceptance that comes twice as two applies what is not chosen', () => {
    const countAcceptance = (self: Proposer, { b: slot }: { readonly b: number }): void => {
      let next = 1
      while ((self.acceptancesOf(slot) & next) !== 0) next *= 2
      self.addAcceptances(slot, next)
    }
    const found = firstFinding({ charts: { proposer: { actions: { countAcceptance } } } } as Mutation, 500)
    expect(found?.fingerprint).toBe('quorum/applied-not-chosen')
  })
  it('a lease that leaves no room for the drift of clocks gives stale answers', () => {
    const readsUnderLease = (self: Proposer, event: { a: number; b: number; ref: number }): boolean =>
      self.mayRead(event) && self.clockUs() < self.leaseFrom + self.leaseUs()
    const found = firstFinding({ charts: { proposer: { guards: { readsUnderLease } } } } as Mutation, 3000)
    expect(found?.fingerprint).toBe('quorum/stale-answer')
  })
})

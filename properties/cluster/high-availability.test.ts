/** Job managers that stand by: with every store the job survives whatever befalls the one that leads. */
import { describe, expect, it } from 'vitest'
import haFailover from '../../scenarios/ha-failover.ts'
import { Check, digestOf, tokenOf } from '../../src/check/index.ts'
import { decodeToken } from '../../src/check/token.ts'
import { MetadataJournal } from '../../src/cluster/metadata-journal.ts'
import type { Fault, MetadataStoreName } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

/** Of the first 150 runs with each store. */
const DIGESTS = { single: 'a61cab55a5a128e3', 'compare-and-set': '81547aaabbbc14c6' } as const
const checkOf = (store: MetadataStoreName): Check =>
  new Check({ scenario: haFailover, protocol: aligned, seed: 'standby', store })
/** Epochs of the leaders of a run that the faults alone are about, and how many times the job was begun. */
function leadersOf(store: MetadataStoreName, faults: readonly Fault[]) {
  const check = checkOf(store)
  let elected = 0
  const begun: number[] = []
  const result = check.runner.run(
    { ...check.plan(0), faults },
    {
      listener: {
        observer: {
          phase: (code) => {
            if (code === 0) elected += 1
          },
          fork: (_basis, _execution, _shape, epoch) => begun.push(epoch!),
        },
      },
    },
  )
  return { finding: result.finding, end: result.end, elected, begun }
}
const of = (what: 'crash-jobmanager' | 'pause-jobmanager' | 'partition-jobmanager', units: number): Fault => {
  const { unitUs } = checkOf('single').plan(0).timing
  return {
    what,
    target: 'job-manager',
    when: { phase: 'metadata-begin', nth: 1 },
    ...(what === 'crash-jobmanager' ? {} : { forUs: units * unitUs }),
  }
}

describe.each(['single', 'compare-and-set'] as const)('the store %s', (store) => {
  it('loses nothing', () => {
    const total = checkOf(store).batch(Array.from({ length: 150 }, (_, i) => i))
    expect(total.failure).toBe(null)
    expect(total.runs).toBe(150)
    expect(digestOf(total)).toBe(DIGESTS[store])
  })
  it('elects another one when the leader dies, and when nothing is heard of it for long', () => {
    for (const what of ['crash-jobmanager', 'pause-jobmanager', 'partition-jobmanager'] as const) {
      const { finding, end, elected, begun } = leadersOf(store, [of(what, 1500)])
      expect({ what, finding, end, elected }).toEqual({ what, finding: null, end: 'done', elected: 2 })
      expect(begun.at(-1)).toBeGreaterThan(begun[0]!)
    }
  })
  it('keeps a leader that is back soon', () => {
    for (const what of ['pause-jobmanager', 'partition-jobmanager'] as const)
      expect(leadersOf(store, [of(what, 200)])).toMatchObject({ finding: null, end: 'done', elected: 1 })
  })
  it('is in the token', () => {
    const plan = checkOf(store).plan(3)
    expect(plan.store).toBe(store)
    expect(decodeToken(tokenOf(haFailover, plan, 'a/b', '0123456789abcdef')).plan).toEqual(plan)
  })
})

describe('a leader that others have taken the place of', () => {
  it('goes on until it learns of that, and changes nothing', () => {
    const decide = MetadataJournal.prototype.decide
    let late = 0
    MetadataJournal.prototype.decide = function (command) {
      const { epoch, entries } = this.metadata
      const answer = decide.call(this, command)
      if (command.kind === 'draw-id' && command.epoch < epoch) {
        late += 1
        expect(this.metadata.entries).toBe(entries)
      }
      return answer
    }
    try {
      expect(checkOf('single').batch(Array.from({ length: 100 }, (_, i) => i)).failure).toBe(null)
    } finally {
      MetadataJournal.prototype.decide = decide
    }
    expect(late).toBeGreaterThan(5)
  })
})

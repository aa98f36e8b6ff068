/** Findings of the correct system that were bugs of the simulator or of an oracle, and have been mended: none of them comes back. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import haFailover from '../../scenarios/ha-failover.ts'
import { scenarios } from '../../scenarios/index.ts'
import { planOfToken, Runner } from '../../src/check/index.ts'
import type { Mutation } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { corpusTests } from '../../src/vitest/index.ts'

const corpus = new URL('mended.jsonl', import.meta.url)
corpusTests(corpus, scenarios)

it('proposers outbid one another for too long if promises are not held and a leader with a lease stands down', () => {
  const without: Mutation = {
    charts: { acceptor: { actions: { hold() {} } }, proposer: { guards: { outbidUnderLease: () => false } } },
  }
  const { token } = JSON.parse(readFileSync(corpus, 'utf8').split('\n')[0]!)
  const { plan, runner } = planOfToken(token, () => new Runner(haFailover, aligned, without))
  expect(runner.run(plan).finding?.fingerprint).toBe('quorum/no-answer')
})

/** A token is of the text that its run has read. */
import { describe, expect, it } from 'vitest'
import wordCount from '../../scenarios/word-count.ts'
import { Check, InputError, planOfToken, Runner, replay, shrinkToken, tokenOf } from '../../src/check/index.ts'
import { canonicalPlan, readPlan } from '../../src/check/plan-codec.ts'
import { decodeToken } from '../../src/check/token.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import { aligned, drawn, keyedState, tooFar } from './subjects.ts'

const over = (text: string): Scenario => wordCount.input!.read(text)
const book = over('to be or not to be, that is the question')
const runnerOver = (scenario: Scenario): Runner => new Runner(scenario, aligned, tooFar)

/** The first run over the book that fails. */
function failed() {
  const check = new Check({ scenario: book, protocol: aligned, seed: 'input' })
  const runner = runnerOver(book)
  for (let i = 0; i < 500; i += 1) {
    const plan = check.plan(i)
    const { finding, digest } = runner.run(plan)
    if (finding !== null) return { plan, token: tokenOf(book, plan, finding.fingerprint, digest) }
  }
  throw new Error('none of 500 plans fails')
}
const { plan, token } = failed()

describe('a plan', () => {
  it('carries the hash of the text, also through a token and through JSON', () => {
    expect(plan.input).toBe(book.input!.hash())
    expect(decodeToken(token).plan).toEqual(plan)
    expect(readPlan(JSON.parse(canonicalPlan(plan)))).toEqual(plan)
    expect(drawn(1)).not.toHaveProperty('input')
  })

  it('with something else in its place is refused', () => {
    expect(() => readPlan({ ...plan, input: 'README.md' })).toThrow(
      "the plan cannot be used: input must be 8 hexadecimal digits, but is 'README.md'",
    )
  })
})

describe('a token is replayed', () => {
  it('over the same text', () => {
    expect(replay(token, () => runnerOver(over('to be or not to be, that is the question'))).answer).toBe('same')
  })

  it('but not over another one, nor by a scenario that reads none', () => {
    const hash = plan.input
    const other = over('to be, or not to be')
    for (const use of [replay, planOfToken]) {
      expect(() => use(token, () => runnerOver(other))).toThrow(InputError)
      expect(() => use(token, () => runnerOver(other))).toThrow(
        `'word-count' reads a text file, and this one (hash ${other.input!.hash()}) is not the one that the plan was made with (hash ${hash}): name that file with --input, as it was then`,
      )
      expect(() => use(token, () => runnerOver(keyedState))).toThrow(
        "the plan was made when 'keyed-state' read a file, but now it reads none",
      )
    }
    expect(() =>
      shrinkToken(
        token,
        () => runnerOver(other),
        () => false,
      ),
    ).toThrow(InputError)
    const without = tokenOf(keyedState, drawn(1), 'cut/orphan:sink', '0'.repeat(16))
    expect(() => replay(without, () => runnerOver(book))).toThrow(
      "the plan was made when 'word-count' read no file, but now it reads a text file",
    )
  })
})

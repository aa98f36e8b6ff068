import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import wordCount from '../../scenarios/word-count.ts'
import { JobError } from '../../src/index.ts'
import { inputsOf, LocalJob } from '../dataflow/local-job.ts'

const first = (): number => 0

function counted(text: string) {
  const graph = wordCount.input!.read(text).graph()
  const { counts = [] } = LocalJob.run(graph, Number.POSITIVE_INFINITY, first).committed()
  const inputs = inputsOf(graph, Number.POSITIVE_INFINITY, first)
  const broken = (committed: readonly unknown[]) => wordCount.invariants[0]!.check({ counts: committed }, inputs)
  return { counts, words: inputs('words') as string[], broken }
}

describe('word-count', () => {
  it('counts words as they come', () => {
    const { counts, broken } = counted('To be, or not to be:\r\n“Größe”, 日本語, snake_case, 42 — 🙂\n')
    const words = ['To', 'be', 'or', 'not', 'to', 'be', 'Größe', '日本語', 'snake_case', '42']
    expect(counts).toEqual(words.map((word, i) => [word, word === 'be' && i === 5 ? 2 : 1]))
    expect(broken(counts)).toBeUndefined()
    expect(broken(counts.slice(1))).toBe("'To' occurs 1 times, but among its counts 1 of 1 to 1 is missing")
    expect(broken([...counts, ['be', 2]])).toBe("'be' occurs 2 times, but among its counts 2 is there twice")
    expect(broken([...counts, ['me', 1]])).toBe("'me' has been counted, but does not occur")
  })

  it('counts in the end how often each word occurs in any text', () => {
    const word = fc.stringMatching(/^[a-z0-9_]{1,3}$/)
    const gap = fc.constantFrom(' ', '\n', '\r\n', ', ', '\t', ' — ', '-')
    fc.assert(
      fc.property(fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 50 }), (tokens) => {
        const { counts, words, broken } = counted(tokens.flat().join(''))
        expect(words).toEqual(tokens.map(([word]) => word))
        const last = new Map(counts as [string, number][])
        for (const [word, count] of last) expect(count).toBe(words.filter((other) => other === word).length)
        expect(broken(counts)).toBeUndefined()
      }),
    )
  })

  it('has words like __proto__', () => {
    const { counts, broken } = counted('__proto__ constructor __proto__')
    expect(counts).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
      ['__proto__', 2],
    ])
    expect(broken(counts)).toBeUndefined()
  })

  it("reads the project's README by default", () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(wordCount.input!.hash()).toBe(wordCount.input!.read(readme).input!.hash())
    const words = inputsOf(wordCount.graph(), Number.POSITIVE_INFINITY, first)('words')
    expect(words.slice(0, 1)).toEqual(['Cutline'])
    expect(words.length).toBeGreaterThan(1000)
  })

  it.each(['', ' \n', '—…“”'])('refuses a text without words: %j', (text) => {
    const empty = wordCount.input!.read(text)
    expect(() => empty.graph()).toThrow(JobError)
    expect(() => empty.graph()).toThrow('the text has no words to count: name another file with --input')
  })
})

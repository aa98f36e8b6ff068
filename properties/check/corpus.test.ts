import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CorpusEntry, corpusLine, parseCorpus } from '../../src/check/corpus.ts'
import { InputError } from '../../src/check/input-error.ts'
import { encodeToken } from '../../src/check/token.ts'
import { drawn } from './subjects.ts'

const token = (index: number): string =>
  encodeToken({ plan: drawn(index), graph: '00000000', fingerprint: 'a/b', digest: '00000000' })
const text = fc.string({ unit: 'grapheme', minLength: 1 })
const entry: fc.Arbitrary<CorpusEntry> = fc
  .record(
    { index: fc.nat(1000), fingerprint: text, date: text, bug: text, note: text },
    { requiredKeys: ['index', 'fingerprint', 'date'] },
  )
  .map(({ index, ...rest }) => ({ token: token(index), scenario: 'keyed-state', ...rest }))

describe('a corpus', () => {
  it('gives back what was appended, line by line', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const lines = entries.map(corpusLine)
        for (const line of lines) expect(line).toMatch(/^\{[^\n]+\}\n$/)
        expect(parseCorpus(lines.join(''))).toEqual(entries)
        expect(parseCorpus(lines.join('\n'))).toEqual(entries)
      }),
      { numRuns: 40 },
    )
  })

  it('is empty if its file is', () => {
    expect(parseCorpus('')).toEqual([])
  })

  it('keeps the tokens of other engines', () => {
    const plan = { ...drawn(0), engine: 99 }
    const old = encodeToken({ plan, graph: '00000000', fingerprint: 'a/b', digest: '00000000' })
    const line = corpusLine({ token: old, scenario: 'keyed-state', fingerprint: 'a/b', date: '2026-01-01' })
    expect(parseCorpus(line)).toHaveLength(1)
  })
})

describe('a line is refused with its number', () => {
  const good = { token: token(0), scenario: 'keyed-state', fingerprint: 'a/b', date: '2026-01-01' }
  it.each<[string, string, RegExp]>([
    ['cut short', corpusLine(good).slice(0, 40), /it is not JSON, or breaks off$/],
    ['a list', '[]', /it must be a JSON object, but is an array$/],
    ['null', 'null', /it must be a JSON object, but is null$/],
    ['without a token', JSON.stringify({ ...good, token: undefined }), /'token' must be a text, but is missing$/],
    ['without a date', JSON.stringify({ ...good, date: 3 }), /'date' must be a text, but is 3$/],
    ['with a number as a note', JSON.stringify({ ...good, note: 1 }), /'note' must be a text or missing, but is 1$/],
    ['with a foreign token', JSON.stringify({ ...good, token: 'seed 7' }), /a token begins with 'cutline:v1:'/],
    ['with a damaged token', JSON.stringify({ ...good, token: good.token.slice(0, -1) }), /the token is damaged/],
    [
      'of another scenario',
      JSON.stringify({ ...good, scenario: 'bank-transfer' }),
      /its scenario is 'bank-transfer', but its token is of 'keyed-state'$/,
    ],
  ])('%s', (_, line, message) => {
    const parse = (): CorpusEntry[] => parseCorpus(`${corpusLine(good)}\n${line}\n${corpusLine(good)}`)
    expect(parse).toThrow(InputError)
    expect(parse).toThrow(/^line 3 of the corpus cannot be used: /)
    expect(parse).toThrow(message)
  })
})

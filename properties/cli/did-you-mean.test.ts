import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, unknownName } from '../../src/cli/did-you-mean.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 })

describe('editDistance', () => {
  it('is zero for equal words only, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b)
        expect(edits === 0).toBe(a === b)
        expect(edits).toBe(editDistance(b, a))
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
  })

  it('counts one for each single edit, a swap of neighbours included', () => {
    fc.assert(
      fc.property(word, fc.nat(8), (text, at) => {
        const i = Math.min(at, text.length)
        expect(editDistance(text, `${text.slice(0, i)}x${text.slice(i)}`)).toBe(1)
        if (i >= text.length) return
        expect(editDistance(text, text.slice(0, i) + text.slice(i + 1))).toBe(1)
        expect(editDistance(text, `${text.slice(0, i)}x${text.slice(i + 1)}`)).toBe(1)
        const swapped = text.slice(0, i) + (text[i + 1] ?? '') + text[i] + text.slice(i + 2)
        if (swapped !== text) expect(editDistance(text, swapped)).toBe(1)
      }),
    )
  })

  it('agrees with known distances', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(editDistance('ca', 'abc')).toBe(3)
    expect(editDistance('chekc', 'check')).toBe(1)
  })
})

describe('didYouMean', () => {
  const names = ['check', 'chart', 'replay', 'list', 'flight-delays', 'FLINK-17568']

  it.each([
    ['chekc', 'check'],
    ['lsit', 'list'],
    ['flightdelay', 'flight-delays'],
    ['flink-17568', 'FLINK-17568'],
    ['RePlay', 'replay'],
    ['flight', 'flight-delays'],
    ['fli', null], // of flights or of Flink
  ])('takes %s for %s', (given, meant) => {
    expect(didYouMean(given, names)).toBe(meant)
  })

  it.each(['', 'x', 'ls', 'bank-transfer'])("guesses nothing for '%s'", (given) => {
    expect(didYouMean(given, names)).toBe(null)
  })

  it('finds every name in itself', () => {
    for (const name of names) expect(didYouMean(name, names)).toBe(name)
  })
})

describe('unknownName', () => {
  it('names the nearest, else all, else that there is none', () => {
    expect(unknownName('bug', 'FLINK-17586', ['FLINK-17568', 'x']).message).toBe(
      "There is no bug 'FLINK-17586': did you mean 'FLINK-17568'?",
    )
    expect(unknownName('bug', 'other', ['a', 'b']).message).toBe("There is no bug 'other': choose one of a, b.")
    expect(unknownName('bug', 'other', ['a', 'b'], 'cutline list bugs').message).toBe(
      "There is no bug 'other': see cutline list bugs.",
    )
    expect(unknownName('bug', 'other', []).message).toBe("There is no bug 'other': there is none yet.")
  })
})

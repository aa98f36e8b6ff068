import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationMs, oneOf, someOf, wholeNumber } from '../../src/cli/option-values.ts'
import { UsageError } from '../../src/cli/usage-error.ts'

describe('wholeNumber', () => {
  it('reads back every whole number in its range, with and without separators', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (n) => {
        expect(wholeNumber('--runs')(String(n))).toBe(n)
        expect(wholeNumber('--runs')(String(n).replaceAll(/\B(?=(\d{3})+$)/g, ','))).toBe(n)
      }),
    )
    expect(wholeNumber('--runs')('1e6')).toBe(1_000_000)
    expect(wholeNumber('--runs')('20_000')).toBe(20_000)
  })

  it.each(['', ' ', 'many', '1.5', '-1', '0', 'NaN', '1e99', '12x'])("refuses '%s' by the option's name", (text) => {
    expect(() => wholeNumber('--runs')(text)).toThrow(UsageError)
    expect(() => wholeNumber('--runs')(text)).toThrow(`--runs wants a whole number of at least 1, but got '${text}'.`)
  })

  it('says its range', () => {
    expect(() => wholeNumber('--workers', 1, 64)('65')).toThrow(
      "--workers wants a whole number from 1 to 64, but got '65'.",
    )
  })
})

describe('names', () => {
  const orders = ['forward', 'reverse', 'shuffled'] as const

  it('takes one or several of them', () => {
    expect(oneOf('order', orders)('reverse')).toBe('reverse')
    expect(someOf('order', orders)('reverse, forward')).toEqual(['reverse', 'forward'])
  })

  it('refuses others with the nearest', () => {
    expect(() => oneOf('order', orders)('revrese')).toThrow("There is no order 'revrese': did you mean 'reverse'?")
    expect(() => someOf('fault', ['crash', 'delay'])('crash,lateness')).toThrow(
      "There is no fault 'lateness': choose one of crash, delay.",
    )
  })
})

it('durationMs names its option', () => {
  expect(durationMs('--time')('2s')).toBe(2000)
  expect(() => durationMs('--time')('2')).toThrow('--time wants a duration')
})

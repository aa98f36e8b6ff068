import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDurationMs } from '../../src/cli/duration.ts'
import { UsageError } from '../../src/cli/usage-error.ts'

describe('parseDurationMs', () => {
  it.each([
    ['1500ms', 1500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['5 min', 300_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    [' 10s ', 10_000],
    ['0.5ms', 1],
  ])("reads '%s' as %d ms", (text, durationMs) => {
    expect(parseDurationMs(text, '--time')).toBe(durationMs)
  })

  it('reads back every whole number of each unit', () => {
    const unit = fc.constantFrom<[string, number]>(['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), unit, (n, [name, unitMs]) => {
        expect(parseDurationMs(`${n}${name}`, '--time')).toBe(n * unitMs)
      }),
    )
  })

  it.each([
    '',
    '30',
    's',
    '-5s',
    '0s',
    '5 minutes',
    '1e3s',
    'abc',
    '5mm',
    'Infinity',
    '99999999999999999d',
    '5constructor',
  ])("refuses '%s' and says what it wants", (text) => {
    expect(() => parseDurationMs(text, '--time')).toThrow(UsageError)
    expect(() => parseDurationMs(text, '--time')).toThrow(
      `--time wants a duration such as 500ms, 30s, 5m or 1h, but got '${text}'.`,
    )
  })
})

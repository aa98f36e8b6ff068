import { describe, expect, it } from 'vitest'
import { durationText, numberText, settingText } from '../../src/intervals/index.ts'

describe('durations for people', () => {
  it.each([
    [0, '0 ms'],
    [0.05, '0.05 ms'],
    [999, '999 ms'],
    [85_190, '85.2 s'],
    [120_000, '2 min'],
    [548_400, '9.14 min'],
    [21_600_000, '6 h'],
    [604_800_000, '7 d'],
    [Number.POSITIVE_INFINITY, 'never'],
  ])('%d is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  it.each([
    [200, '200 ms'],
    [1500, '1.5 s'],
    [85_000, '85 s'],
    [1_095_000, '18 min 15 s'],
    [3_600_000, '1 h'],
    [90_061_500, '1 d 1 h 1 min 1.5 s'],
  ])('%d is set as %s', (ms, text) => {
    expect(settingText(ms)).toBe(text)
  })

  it('keeps three significant digits', () => {
    expect([1240, 85.19, 0.05012, 0, -6.54321].map(numberText)).toEqual(['1240', '85.2', '0.0501', '0', '-6.54'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationMs } from '../../src/dataflow/index.ts'

describe('durations', () => {
  it('are whole milliseconds as they are', () => {
    fc.assert(fc.property(fc.nat(), (ms) => durationMs(ms, 'x') === ms))
  })

  it.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['5 min', 300_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    [' 3 s ', 3000],
  ])('%s', (text, ms) => {
    expect(durationMs(text, 'x')).toBe(ms)
  })

  it.each(['', '10', 's', '10 parsecs', '-1s', '1.0001s', '1e3s', 1.5, Number.NaN, Infinity, null as never])(
    'refuses %s and names the setting',
    (duration) => {
      expect(() => durationMs(duration, 'the pause')).toThrow(
        /^the pause must be whole milliseconds or a duration like '10s', but is /,
      )
    },
  )

  it('refuses what is too short', () => {
    expect(() => durationMs(9, 'the pause', 10)).toThrow('the pause must be at least 10 ms, but is 9')
    expect(() => durationMs(-1, 'the pause')).toThrow('the pause must be at least 0 ms, but is -1')
  })
})

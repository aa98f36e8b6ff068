import { describe, expect, it, vi } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import { Check } from '../../src/check/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { CutOff, guarded } from '../../src/vitest/guarded.ts'

const loop = (): never => {
  for (;;);
}

describe('guarded', () => {
  it('gives what the work gives, and throws what it throws', () => {
    class Own extends Error {}
    expect(guarded(() => ({ given: [1] }), 1000)).toStrictEqual({ given: [1] })
    expect(() =>
      guarded(() => {
        throw new Own('own')
      }, 1000),
    ).toThrow(Own)
  })

  it('cuts off what does not return', () => {
    expect(() => guarded(loop, 20)).toThrow(CutOff)
    expect(guarded(() => 'again', 1000)).toBe('again')
  })

  it('leaves clock and randomness as they were, also fake ones', () => {
    const { random } = Math
    const real = Date
    vi.useFakeTimers()
    const fake = Date
    expect(fake).not.toBe(real)
    const spoil = (): void => {
      globalThis.Date = class {} as DateConstructor
      Math.random = () => 0
    }
    guarded(spoil, 1000)
    expect(Date).toBe(fake)
    expect(Math.random).toBe(random)
    expect(() =>
      guarded(() => {
        spoil()
        loop()
      }, 20),
    ).toThrow(CutOff)
    expect(Date).toBe(fake)
    expect(Math.random).toBe(random)
    vi.useRealTimers()
    expect(Date).toBe(real)
  })

  it('lets checks go on after a run was ended in its middle', () => {
    const digests = (): string[] => {
      const check = new Check({ scenario: keyedState, protocol: aligned, seed: 'guarded' })
      return Array.from({ length: 5 }, (_, index) => check.run(index).result.digest)
    }
    const before = digests()
    const check = new Check({ scenario: keyedState, protocol: aligned, seed: 'guarded' })
    let heard = 0
    const hangs = (): unknown =>
      guarded(
        () =>
          check.runner.run(check.plan(0), {
            listener: {
              observer: {
                phase: () => {
                  heard += 1
                  if (heard === 100) loop()
                },
              },
            },
          }),
        200,
      )
    expect(hangs).toThrow(CutOff)
    expect(heard).toBe(100)
    expect(check.run(1).result.digest).toBe(before[1])
    expect(digests()).toEqual(before)
  })
})

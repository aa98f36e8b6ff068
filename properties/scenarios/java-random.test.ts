import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JavaRandom } from '../../scenarios/nexmark/java-random.ts'

/** What OpenJDK 17 draws: a seed, then nextInt with each bound, then nextDouble three times. */
const BOUNDS = [2, 3, 10, 26, 1_048_576, 1_000_000_007, 1_073_741_824, 1_073_741_825]
const OF_JAVA = [
  [
    0,
    [1, 1, 9, 21, 668380, 663681053, 591027245, 251269761],
    [0.5975452777972018, 0.3332183994766498, 0.3851891847407185],
  ],
  [
    1,
    [1, 1, 7, 9, 217804, 77814904, 357252217, 13136569],
    [0.15273620134152177, 0.15957805424728078, 0.5540723196744161],
  ],
  [
    42,
    [1, 0, 8, 12, 323715, 595021505, 759898459, 196118093],
    [0.9033722646721782, 0.36878291341130565, 0.2757480694417024],
  ],
  [
    16_777_216,
    [1, 1, 5, 15, 642784, 281553558, 399056237, 566862593],
    [0.005367708254468417, 0.05499470941279694, 0.7940463486734208],
  ],
  [
    281_474_976_710_655,
    [0, 2, 9, 5, 694245, 290198431, 447147238, 857465478],
    [0.8261659004768312, 0.8060372517968333, 0.056789399230864124],
  ],
  [
    1_234_567_890_123,
    [1, 0, 8, 1, 824753, 555877858, 816027548, 458291080],
    [0.2190434024416582, 0.5747734198801452, 0.3234546936050997],
  ],
] as const

describe('JavaRandom', () => {
  it.each(OF_JAVA)('draws with seed %i what java.util.Random draws', (seed, integers, doubles) => {
    const random = new JavaRandom(seed)
    expect(BOUNDS.map((bound) => random.nextInt(bound))).toEqual(integers)
    expect(doubles.map(() => random.nextDouble())).toEqual(doubles)
  })

  it('draws 100,000 integers as java.util.Random does, rejected ones included', () => {
    const random = new JavaRandom(7)
    let sum = 0
    for (let i = 0; i < 100_000; i += 1) sum = (sum * 31 + random.nextInt(1 + i * 1431)) % 1_000_000_007
    expect(sum).toBe(838346961)
  })

  it('keeps to its bounds, and knows the first 48 bits of a seed only', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2_147_483_647 }), (seed, bound) => {
        const random = new JavaRandom(seed)
        const same = new JavaRandom(seed % 281_474_976_710_656)
        const drawn = random.nextInt(bound)
        expect(drawn).toBe(same.nextInt(bound))
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true)
        const double = random.nextDouble()
        expect(double).toBe(same.nextDouble())
        expect(double >= 0 && double < 1).toBe(true)
      }),
    )
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => new JavaRandom(seed)).toThrow(`the seed must be an integer of at least 0, but is ${seed}`)
  })

  it.each([0, -1, 1.5, 2 ** 31])('refuses the bound %d', (bound) => {
    const message = `the bound must be an integer from 1 to 2^31 - 1, but is ${bound}`
    expect(() => new JavaRandom(1).nextInt(bound)).toThrow(message)
  })
})

/** What a configuration may say, and what is said about one that says something else. */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { readConfig } from '../../src/check/config.ts'
import { type CutlineConfig, defineConfig, FAULT_CLASSES, InputError } from '../../src/index.ts'
import { METADATA_STORES } from '../../src/model/index.ts'

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const word = fc.string({ minLength: 1 })
const configs = fc.record(
  {
    scenarios: fc.array(word),
    corpus: word,
    defaults: fc.record(
      {
        runs: fc.integer({ min: 1 }),
        time: fc.oneof(fc.integer({ min: 1 }), fc.constantFrom('1ms', '30s', '5 min', '1.5h')),
        seed: fc.oneof(fc.string(), fc.integer()),
        faults: fc.array(fc.constantFrom(...FAULT_CLASSES, 'crash' as const, 'rpc' as const, 'storage' as const)),
        protocol: word,
        store: fc.constantFrom(...METADATA_STORES),
        workers: fc.integer({ min: 1, max: 256 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<CutlineConfig>

describe('a configuration', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(readConfig(defineConfig(config))).toEqual(config)
      }),
    )
  })

  it('of any kind is read, or refused with a sentence that begins with the place', () => {
    fc.assert(
      fc.property(fc.anything(), maybe(fc.constantFrom('scenarios', 'corpus', 'defaults')), (value, key) => {
        try {
          readConfig(key === undefined ? value : { [key]: value })
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^(it|scenarios|corpus|defaults)\S* (has|must be) /)
        }
      }),
    )
  })

  it.each([
    [{ scenario: ['a.ts'] }, "it has 'scenario', but may only have scenarios, corpus, defaults"],
    [
      { defaults: { run: 1, sed: 2 } },
      "defaults has 'run' and 'sed', but may only have runs, time, seed, faults, protocol, store, workers",
    ],
    [{ scenarios: 'a.ts' }, "scenarios must be a list of files and patterns, but is 'a.ts'"],
    [{ scenarios: ['a.ts', 3] }, 'scenarios[1] must be a text, but is 3'],
    [{ defaults: { runs: 0.5 } }, 'defaults.runs must be a whole number of at least 1, but is 0.5'],
    [{ defaults: { time: 'soon' } }, "defaults.time must be milliseconds or a text like '30s', but is 'soon'"],
    [{ defaults: { time: '0s' } }, "defaults.time must be milliseconds or a text like '30s', but is '0s'"],
    [{ defaults: { seed: true } }, 'defaults.seed must be a text or a whole number, but is true'],
    [{ defaults: { store: 'etcd' } }, "defaults.store must be one of single, compare-and-set, paxos, but is 'etcd'"],
    [{ defaults: { workers: 1000 } }, 'defaults.workers must be a whole number from 1 to 256, but is 1000'],
    [{ defaults: { faults: ['crush'] } }, /^defaults\.faults\[0\] must be one of crash-task, .*, but is 'crush'$/],
    [3, 'it must be an object with scenarios, corpus, defaults, but is 3'],
  ])('%j is refused', (value, sentence) => {
    expect(() => readConfig(value)).toThrow(sentence)
  })

  it('has types', () => {
    expectTypeOf(defineConfig).parameter(0).toEqualTypeOf<CutlineConfig>()
    // @ts-expect-error an unknown key
    defineConfig({ scenario: [] })
    // @ts-expect-error an unknown kind of fault
    defineConfig({ defaults: { faults: ['crush'] } })
  })
})

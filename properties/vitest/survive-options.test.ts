import { describe, expect, it, vi } from 'vitest'
import { fieldOutsideState } from '../../scenarios/bugs/field-outside-state.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { InputError } from '../../src/check/index.ts'
import { FAULT_CLASSES, type FaultClass, type MetadataStoreName } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { readEffort, readSettings, refuseUnknown, resolver } from '../../src/vitest/survive-options.ts'

describe('the options of toSurvive', () => {
  it('are those of a check', () => {
    expect(readSettings(keyedState, { seed: 'demo', faults: ['external', 'crash'] })).toEqual({
      scenario: keyedState,
      protocol: aligned,
      seed: 'demo',
      faults: ['crash-task', 'crash-taskmanager', 'crash-jobmanager', 'external'],
    })
    expect(readSettings(keyedState, { faults: [] }).faults).toEqual([])
    expect(readSettings(keyedState, { faults: FAULT_CLASSES }).faults).toEqual(FAULT_CLASSES)
    const own = { ...aligned, name: 'own' }
    expect(readSettings(keyedState, { protocol: own }).protocol).toBe(own)
    expect(readEffort({ time: '1.5s', runs: 10 })).toEqual({ timeMs: 1500, runs: 10 })
    expect(readEffort({})).toEqual({ timeMs: undefined, runs: undefined })
  })

  it('choose the metadata store', () => {
    expect(readSettings(keyedState, { store: 'paxos' }).store).toBe('paxos')
    expect('store' in readSettings(keyedState, {})).toBe(false)
  })

  it('have a seed that is always the same, unless the environment names another', () => {
    expect(readSettings(keyedState, {}).seed).toBe('1')
    vi.stubEnv('CUTLINE_SEED', 'nightly-7')
    expect(readSettings(keyedState, {}).seed).toBe('nightly-7')
    expect(readSettings(keyedState, { seed: 'demo' }).seed).toBe('demo')
    vi.unstubAllEnvs()
  })

  it.each<[() => unknown, RegExp]>([
    [() => readSettings({ name: 'x' }, {}), /^expected a scenario, .*, but got a value of type object$/],
    [() => readSettings(null, {}), /but got null$/],
    [() => readSettings([keyedState], {}), /but got an array$/],
    [() => readSettings(keyedState, { protocol: 'aligend' }), /^there is no protocol 'aligend': choose one of aligned/],
    [
      () => readSettings(keyedState, { store: 'etcd' as MetadataStoreName }),
      /^there is no metadata store 'etcd': choose one of single/,
    ],
    [
      () => readSettings(keyedState, { faults: ['crashes' as FaultClass] }),
      /^there is no kind of fault 'crashes': choose/,
    ],
    [() => readSettings(keyedState, { seed: 'a/b' }), /^seed must be .* without '\/', but is 'a\/b'$/],
    [() => readSettings(keyedState, { seed: '' }), /^seed must be/],
    [() => readEffort({ runs: 0 }), /^runs must be a whole number of at least 1, but is 0$/],
    [() => readEffort({ runs: 1.5 }), /but is 1.5$/],
    [() => refuseUnknown({ run: 5 }), /^there is no option 'run': the options are time, runs,/],
  ])('are refused in a sentence', (read, sentence) => {
    expect(read).toThrow(InputError)
    expect(read).toThrow(sentence)
  })

  it('refuse a duration without a unit or a meaning', () => {
    expect(() => readEffort({ time: '10' })).toThrow(/^time must be whole milliseconds or a duration like '10s'/)
    expect(() => readEffort({ time: 0 })).toThrow(/^time must be at least 1 ms/)
  })
})

describe('the resolver', () => {
  const resolve = resolver([keyedState], { bugs: [fieldOutsideState] })

  it('finds scenario, protocol and bug', () => {
    const names = { scenario: 'keyed-state', protocol: 'aligned' }
    expect(resolve(names).scenario).toBe(keyedState)
    expect(resolve({ ...names, bug: 'field-outside-state' }).scenario).toBe(fieldOutsideState.variant)
    const own = { ...aligned, name: 'own' }
    expect(resolver([keyedState], { bugs: [], protocol: own })({ ...names, protocol: 'own' }).protocol).toBe(own)
  })

  it.each([
    [{ scenario: 'other', protocol: 'aligned' }, /of the scenario 'other', but known here is 'keyed-state': give/],
    [{ scenario: 'keyed-state', protocol: 'other' }, /no protocol 'other'/],
    [{ scenario: 'keyed-state', protocol: 'aligned', bug: 'other' }, /with the planted bug 'other': give it/],
  ])('says what is missing: %j', (names, sentence) => {
    expect(() => resolve(names)).toThrow(sentence)
    expect(() => resolve(names)).toThrow(InputError)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedKeys } from '../../src/cluster/simulated-keys.ts'

describe('a simulated key-value store', () => {
  it('keeps for each key the value of the last write that no greater version has preceded', () => {
    const write = fc.tuple(fc.constantFrom('a', 'b', 7), fc.option(fc.nat({ max: 9 })), fc.nat({ max: 4 }))
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const store = new SimulatedKeys()
        const model = new Map<string | number, { value: unknown; version: number }>()
        for (const [key, held, version] of writes) {
          const value = held ?? undefined // one write in some deletes
          const accepted = version >= (model.get(key)?.version ?? 0)
          expect(store.set(key, value, version)).toBe(accepted)
          if (accepted) model.set(key, { value, version })
          expect(store.get(key)?.value).toBe(model.get(key)!.value)
        }
        const expected = [...model]
          .filter(([, { value }]) => value !== undefined)
          .map(([key, { value }]) => [key, value])
        expect(new Map(store.visible as [string, unknown][])).toEqual(new Map(expected as [string, unknown][]))
      }),
    )
  })

  it('sets a key that has not changed since it was read, and no other', () => {
    const store = new SimulatedKeys()
    expect(store.compareAndSet('a', 1, 'x')).toBe(false)
    expect(store.compareAndSet('a', undefined, 'x')).toBe(true)
    const read = store.get('a')!
    expect(store.compareAndSet('a', undefined, 'y')).toBe(false)
    store.set('b', 0, undefined)
    expect(store.compareAndSet('a', read.revision, 'y')).toBe(true)
    expect(store.compareAndSet('a', read.revision, 'z')).toBe(false)
    expect(store.get('a')!.value).toBe('y')
    store.set('a', undefined, undefined)
    expect(store.get('a')).toBeUndefined()
    expect(store.compareAndSet('a', undefined, 'again')).toBe(true)
  })

  it('leaves a version behind where a key is deleted', () => {
    const store = new SimulatedKeys()
    store.set('a', 'x', 2)
    expect(store.set('a', undefined, 3)).toBe(true)
    expect(store.set('a', 'stale', 2)).toBe(false)
    expect(store.set('a', 'plain', undefined)).toBe(true)
    expect(store.set('a', 'stale', 2)).toBe(false)
  })

  it('shows keys in an order that does not depend on the writes, and hides the writer’s own', () => {
    const store = new SimulatedKeys()
    for (const key of ['b', '.epoch', 2, 'a', '_lock', 10, 'x/.y']) store.set(key, key, undefined)
    expect(store.visible).toEqual([2, 10, 'a', 'b'].map((key) => [key, key]))
  })
})

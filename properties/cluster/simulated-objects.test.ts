import { describe, expect, it } from 'vitest'
import { SimulatedObjects } from '../../src/cluster/simulated-objects.ts'

describe('a simulated object store', () => {
  it('renames in one step, and only what is there to where nothing is', () => {
    const store = new SimulatedObjects()
    store.put('a', 1)
    store.put('b', 2)
    expect(store.rename('none', 'c')).toBe(false)
    expect(store.rename('a', 'b')).toBe(false)
    expect([store.get('a'), store.get('b')]).toEqual([1, 2])
    expect(store.rename('a', 'c')).toBe(true)
    expect([store.get('a'), store.get('c')]).toEqual([undefined, 1])
    expect([store.delete('c'), store.delete('c')]).toEqual([true, false])
  })

  it('lists by prefix, in order', () => {
    const store = new SimulatedObjects()
    for (const path of ['x/b', 'y', 'x/a', 'x']) store.put(path, [])
    expect(store.list('x/')).toEqual(['x/a', 'x/b'])
    expect(store.list('')).toEqual(['x', 'x/a', 'x/b', 'y'])
  })

  it('shows the rows of visible objects, and objects that are no lists as one row', () => {
    const store = new SimulatedObjects()
    store.put('b', ['3', '4'])
    store.put('.b.pending', ['5'])
    store.put('dir/_meta', ['6'])
    store.put('a', ['1', '2'])
    store.put('c', { five: 5 })
    expect(store.visible).toEqual(['1', '2', '3', '4', { five: 5 }])
  })
})

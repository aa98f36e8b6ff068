import { describe, expect, it } from 'vitest'
import { FAULT_NAMES, faultClasses } from '../../src/cli/fault-names.ts'
import { FAULT_CLASSES } from '../../src/model/index.ts'

describe('--faults', () => {
  it('takes every class alone, and groups; the order does not matter', () => {
    for (const name of FAULT_CLASSES) expect(faultClasses(name)).toEqual([name])
    expect(faultClasses('crash')).toEqual(['crash-task', 'crash-taskmanager', 'crash-jobmanager'])
    expect(faultClasses('fetch, crash-task,storage')).toEqual(['crash-task', 'put', 'metadata', 'fetch'])
    expect(faultClasses('all')).toEqual(FAULT_CLASSES)
    expect(faultClasses('none')).toEqual([])
    for (const name of FAULT_NAMES) expect(() => faultClasses(name)).not.toThrow()
  })

  it.each([
    ['crsh', "There is no kind of fault 'crsh': did you mean 'crash'?"],
    ['pause,', "There is no kind of fault '': choose one of crash-task, "],
    ['constructor', "There is no kind of fault 'constructor': choose one of"],
  ])('refuses %s', (text, sentence) => {
    expect(() => faultClasses(text)).toThrow(sentence)
  })
})

import { FAULT_GROUPS } from '../check/index.ts'
import { ALL_FAULT_CLASSES, FAULT_CLASSES, type FaultClass } from '../model/index.ts'
import { unknownName } from './did-you-mean.ts'

/** Names for several classes at once. */
const GROUPS: Readonly<Record<string, readonly FaultClass[]>> = {
  ...FAULT_GROUPS,
  all: FAULT_CLASSES,
  none: [],
}

/** Every name that `--faults` takes, for its help. */
export const FAULT_NAMES: readonly string[] = [...ALL_FAULT_CLASSES, ...Object.keys(GROUPS)]

/** Reads `--faults`: classes of faults or groups of them, separated by commas. @throws UsageError with the nearest name */
export function faultClasses(text: string): FaultClass[] {
  const named = new Set<FaultClass>()
  for (const part of text.split(',')) {
    const name = part.trim()
    const classes = Object.hasOwn(GROUPS, name) ? GROUPS[name]! : ALL_FAULT_CLASSES.filter((known) => known === name)
    if (classes.length === 0 && name !== 'none') throw unknownName('kind of fault', name, FAULT_NAMES)
    for (const one of classes) named.add(one)
  }
  return ALL_FAULT_CLASSES.filter((known) => named.has(known))
}

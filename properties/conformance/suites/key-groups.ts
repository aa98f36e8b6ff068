import { assignKeyedState } from '../../../src/cluster/keyed-state-assignment.ts'
import {
  type Distribution,
  type OperatorStateHandle,
  redistributeOperatorState,
} from '../../../src/cluster/operator-state-repartitioner.ts'
import { javaStringHash, keyGroupOf, keyGroupOfHash, keyGroupRange, ownerOf } from '../../../src/model/index.ts'
import { canonical } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 8. */
type KeyGroupsCase = RangesCase | HashCase | KeyedCase | OperatorStateCase
interface RangesCase {
  readonly kind: 'ranges'
  readonly max: number
  readonly p: number
  readonly ranges: readonly (readonly [first: number, last: number])[]
}
interface HashCase {
  readonly kind: 'hash'
  readonly max: number
  readonly p: number
  readonly hashes: readonly number[]
  readonly keyGroups: readonly number[]
  readonly subtasks: readonly number[]
  readonly strings: readonly (readonly [text: string, hash: number, keyGroup: number, subtask: number])[]
}
interface KeyedCase {
  readonly kind: 'keyed'
  readonly max: number
  readonly p1: number
  readonly p2: number
  readonly present: readonly number[]
  readonly assign: readonly (readonly (readonly [old: number, first: number, last: number])[])[]
}
type States = Readonly<Record<string, readonly [mode: 'S' | 'U' | 'B', offsets: readonly number[]]>>
interface OperatorStateCase {
  readonly kind: 'opstate'
  readonly p2: number
  readonly in: readonly (States | null)[]
  readonly out: readonly (readonly (readonly [old: number, states: States])[])[]
}

/** Flink: KeyGroupRangeAssignment, StateAssignmentOperation, RoundRobinOperatorStateRepartitioner. */
export const keyGroups: Suite = {
  name: 'key_groups',
  replay(line) {
    const { expected, got } = compared(line as KeyGroupsCase)
    return canonical(expected) === canonical(got)
      ? { agreed: true }
      : { agreed: false, disagreement: { event: eventOf(line as KeyGroupsCase), expected, got } }
  },
}

function compared(c: KeyGroupsCase): { expected: object; got: object } {
  switch (c.kind) {
    case 'ranges':
      return {
        expected: c.ranges,
        got: Array.from({ length: c.p }, (_, subtask) => keyGroupRange(subtask, c.max, c.p)),
      }
    case 'hash':
      return {
        expected: { keyGroups: c.keyGroups, subtasks: c.subtasks, strings: c.strings },
        got: {
          keyGroups: c.hashes.map((hash) => keyGroupOfHash(hash, c.max)),
          subtasks: c.hashes.map((hash) => ownerOf(keyGroupOfHash(hash, c.max), c.max, c.p)),
          strings: c.strings.map(([text]) => {
            const keyGroup = keyGroupOf(text, 'string', c.max)
            return [text, javaStringHash(text), keyGroup, ownerOf(keyGroup, c.max, c.p)]
          }),
        },
      }
    case 'keyed':
      return { expected: c.assign, got: assigned(c) }
    case 'opstate':
      return { expected: c.out, got: redistributed(c) }
    default:
      throw new Error(`kind 'ranges', 'hash', 'keyed' or 'opstate' is expected, but ${JSON.stringify(c)} came`)
  }
}
/** What was put in, for the report. */
function eventOf(c: KeyGroupsCase): unknown {
  if (c.kind === 'keyed') return { p1: c.p1, p2: c.p2, max: c.max, present: c.present }
  if (c.kind === 'opstate') return { p2: c.p2, in: c.in }
  return { max: c.max, p: c.p }
}

function assigned({ max, p1, p2, present }: KeyedCase): object {
  const previous = present.map((there, old) => {
    const [first, last] = keyGroupRange(old, max, p1)
    return there === 1 ? [{ file: old, first, last }] : []
  })
  return assignKeyedState(previous, max, p2).map((handles) =>
    handles.map(({ file, first, last }) => [file, first, last]),
  )
}

const MODES = { S: 'split', U: 'union', B: 'broadcast' } as const satisfies Record<string, Distribution>
const LETTERS = { split: 'S', union: 'U', broadcast: 'B' } as const satisfies Record<Distribution, string>

function redistributed({ p2, in: old }: OperatorStateCase): object {
  const previous = old.map((states, subtask) => (states === null ? [] : [handle(subtask, states)]))
  return redistributeOperatorState(previous, p2).map((handles) =>
    handles.map(({ file, states }) => [
      file,
      Object.fromEntries([...states].map(([name, { mode, offsets }]) => [name, [LETTERS[mode], offsets]])),
    ]),
  )
}
const handle = (file: number, states: States): OperatorStateHandle => ({
  file,
  states: new Map(Object.entries(states).map(([name, [mode, offsets]]) => [name, { mode: MODES[mode], offsets }])),
})

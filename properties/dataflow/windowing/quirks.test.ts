/**
 * Programs that show where Flink 2.3.0 loses data or goes by accident. Each is decided by a named rule: what the rule says comes
 * out here, and Flink's output elsewhere.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ProgramCase, WrittenRow } from '../../conformance/dataflow/program.ts'
import { runProgram } from '../../conformance/dataflow/run-program.ts'

const file = new URL('../../fixtures/dataflow/quirks.jsonl.gz', import.meta.url)
const quirks: readonly ProgramCase[] = gunzipSync(readFileSync(file))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const quirk = (id: string): ProgramCase => quirks.find((program) => program.id === id)!

type Rows = readonly WrittenRow[]
/** Programs that come out differently by a rule: what comes out of their sink, if it is short. */
const OWN: Readonly<Record<string, Readonly<Record<string, Rows | 'else'>>>> = {
  // merging-windows.ts
  'equal-window-keeps-contents': {
    q_dynsession_equal_window_loses_state: [['a', 8, '0:20:3:1,3,4', 19, 'MIN']],
    q_dynsession_equal_window_reduce: [['a', 8, '0:20', 19, 'MIN']],
    q_dynsession_bridge_then_equal: [['a', 12, '0:30:4:1,2,3,6', 29, 'MIN']],
    r00842: 'else',
    r01276: 'else',
  },
  // field-aggregation.ts
  'aggregation-copies-record': {
    q_sliding_min_mutates_shared_record: [
      ['a', 9, null, 49, 'MIN'],
      ['a', 5, null, 99, 'MIN'],
      ['a', 5, null, 149, 'MIN'],
    ],
    q_sliding_max_mutates_shared_record: [
      ['a', 1, null, 24, 'MIN'],
      ['a', 10, null, 49, 'MIN'],
      ['a', 20, null, 74, 'MIN'],
      ['a', 20, null, 99, 'MIN'],
      ['a', 20, null, 124, 'MIN'],
      ['a', 20, null, 149, 'MIN'],
    ],
    r00203: 'else',
    r00896: 'else',
  },
}

describe.each(Object.entries(OWN))('%s', (_, programs) => {
  it.each(Object.entries(programs))('%s', (id, rows) => {
    const program = quirk(id)
    expect(runProgram(program)).toBeDefined()
    if (rows === 'else') return
    const { out } = program.expected.sinks
    expect(runProgram({ ...program, expected: { sinks: { out: { ...out!, rows } } } })).toBeUndefined()
  })
})

describe('as Flink', () => {
  const decided = Object.values(OWN).flatMap((programs) => Object.keys(programs))
  it.each(quirks.map(({ id }) => id).filter((id) => !decided.includes(id)))('%s', (id) => {
    expect(runProgram(quirk(id))).toBeUndefined()
  })
})

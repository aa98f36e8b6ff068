import type { Difference } from '../suite.ts'
import type { SinkOutput, WrittenRow } from './program.ts'
import type { Recorded } from './recording-sink.ts'

/** Rows in the order that counts under a mode: as they came, by key, or sorted. */
function arranged(rows: readonly WrittenRow[], mode: SinkOutput['mode']): readonly WrittenRow[] {
  if (mode === 'seq') return rows
  // sorting is stable: rows of one key stay in their order
  const by = mode === 'perKey' ? ([k]: WrittenRow) => k : (row: WrittenRow) => JSON.stringify(row)
  return [...rows].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
}

/** What one sink got differs from what Flink's did; undefined if not. */
export function sinkDifference(
  name: string,
  expected: SinkOutput,
  recorded: readonly Recorded[],
): Difference | undefined {
  const wms = recorded.flatMap((r) => ('wm' in r ? [r.wm] : []))
  // a watermark of null is one that depends on the interleaving of subtasks
  const comparable = expected.rows.every(([, , , , w]) => w !== null)
  const rows = recorded.flatMap((r): WrittenRow[] => {
    if (!('row' in r)) return []
    const [k, v, x, ts, w] = r.row
    return [[k, v, x, ts, comparable ? w : null]]
  })
  const theirs = arranged(expected.rows, expected.mode)
  const ours = arranged(rows, expected.mode)
  if (JSON.stringify(theirs) === JSON.stringify(ours) && JSON.stringify(expected.wms) === JSON.stringify(wms))
    return undefined
  return {
    event: `sink ${name}, mode ${expected.mode}`,
    expected: { rows: theirs, wms: expected.wms },
    got: { rows: ours, wms },
  }
}

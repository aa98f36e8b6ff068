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
  compared: { readonly watermarks: boolean },
): Difference | undefined {
  // a watermark of null is one that depends on the interleaving of subtasks
  const withWatermark = compared.watermarks && expected.rows.every(([, , , , w]) => w !== null)
  const plain = ([k, v, x, ts, w]: WrittenRow): WrittenRow => [k, v, x, ts, withWatermark ? w : null]
  const theirs = arranged(expected.rows.map(plain), expected.mode)
  const ours = arranged(
    recorded.flatMap((r) => ('row' in r ? [plain(r.row)] : [])),
    expected.mode,
  )
  const wms = recorded.flatMap((r) => ('wm' in r ? [r.wm] : []))
  const same = JSON.stringify(theirs) === JSON.stringify(ours)
  if (same && (!compared.watermarks || JSON.stringify(expected.wms) === JSON.stringify(wms))) return undefined
  return {
    event: `sink ${name}, mode ${expected.mode}`,
    expected: compared.watermarks ? { rows: theirs, wms: expected.wms } : { rows: theirs },
    got: compared.watermarks ? { rows: ours, wms } : { rows: ours },
  }
}

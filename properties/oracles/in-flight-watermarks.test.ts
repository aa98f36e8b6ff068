/** Watermarks in flight, captured between the same records as they were sent. */
import { describe, expect, it } from 'vitest'
import type { Attempt, InFlightElement, Layout } from '../../src/model/index.ts'
import { InFlightWatermarks } from '../../src/oracles/in-flight-watermarks.ts'
import type { Branch, Ledger, Sync } from '../../src/oracles/ledger.ts'

const CHANNEL = 0
const layout = {
  channels: [{ id: CHANNEL, from: 0, to: 1 }],
  vertices: [
    { inputs: [], outputs: [CHANNEL] },
    { inputs: [CHANNEL], outputs: [] },
  ],
} as unknown as Layout
const record: InFlightElement = { kind: 'record', value: 0, timestampMs: 0 }
const watermark = (timestampMs: number): InFlightElement => ({ kind: 'watermark', value: undefined, timestampMs })

/** A channel on which records 0, 1, ... and watermarks go out; `received` records had been received at the cut. */
function sendOn(elements: readonly InFlightElement[], received = 0) {
  const branch = { id: 0, parent: null, syncs: null, sent: new Int32Array(1) } as unknown as Branch
  const ledger = { branchOf: () => branch, receivedAt: () => received } as unknown as Ledger
  const watermarks = new InFlightWatermarks(layout, ledger)
  const attemptOf = (vertex: number): Attempt => ({ id: vertex, vertex, execution: 1, branch: 0, taskManager: 0 })
  const syncOf = (vertex: number): Sync => ({ branch, attempt: attemptOf(vertex) }) as unknown as Sync
  watermarks.fork(branch)
  const [sender, receiver] = [syncOf(0), syncOf(1)]
  for (const { kind, timestampMs } of elements) {
    if (kind === 'record') branch.sent[CHANNEL]! += 1
    else watermarks.sent(attemptOf(0), CHANNEL, timestampMs)
  }
  return { watermarks, branch, attemptOf, syncOf, sender, receiver }
}

describe('watermarks in flight', () => {
  const sent = [watermark(1), record, watermark(2), record, record, watermark(3)]
  it.each<[string, readonly InFlightElement[], string | null]>([
    ['as they were sent', [record, watermark(2), record, record, watermark(3)], null],
    ['lost', [record, record, record, watermark(3)], 'watermark 3 in flight where 2 was sent'],
    ['lost at the end', [record, watermark(2), record, record], 'lost watermark 3, which was in flight'],
    [
      'ahead of a record',
      [watermark(2), record, record, record, watermark(3)],
      'watermark 2 in flight before record 0, but it was sent before record 1',
    ],
    [
      'received before the cut',
      [watermark(1), record, watermark(2), record, record, watermark(3)],
      'watermark 1 in flight where 2 was sent',
    ],
    [
      'sent behind the cut',
      [record, watermark(2), record, record, watermark(3), watermark(4)],
      'watermark 4 in flight, which was received before the cut or not sent before it',
    ],
  ])('%s', (_, captured, wrong) => {
    const { watermarks, attemptOf, sender, receiver } = sendOn(sent)
    watermarks.synced(sender)
    watermarks.received(attemptOf(1), CHANNEL)
    watermarks.synced(receiver)
    watermarks.sent(attemptOf(0), CHANNEL, 4)
    expect(watermarks.wrongWith(captured, CHANNEL, sender, receiver)).toBe(wrong)
  })

  it('come back after a restore, and may be in flight once more', () => {
    const { watermarks, branch, attemptOf, syncOf, sender, receiver } = sendOn(sent)
    watermarks.synced(sender)
    watermarks.received(attemptOf(1), CHANNEL)
    watermarks.synced(receiver)
    const next = { id: 1, parent: branch, syncs: [sender, receiver], sent: branch.sent } as unknown as Branch
    watermarks.fork(next)
    const later = (vertex: number): Sync => ({ ...syncOf(vertex), branch: next })
    const [again, behind] = [later(0), later(1)]
    watermarks.synced(again)
    watermarks.received({ ...attemptOf(1), branch: 1 }, CHANNEL)
    watermarks.synced(behind)
    expect(watermarks.wrongWith([record, record, record, watermark(3)], CHANNEL, again, behind)).toBe(null)
    expect(watermarks.wrongWith([record, record, record], CHANNEL, again, behind)).toBe(
      'lost watermark 3, which was in flight',
    )
  })
})

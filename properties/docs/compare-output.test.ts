import { describe, expect, it } from 'vitest'
import { compareOutput } from './compare-output.ts'

const PRINTED = [
  '',
  'holds: 0 of 997 runs: p < 0.0030 at 95 %',
  '  check   counts, aligned, seed 1',
  '  done    1,000 runs in 2.72 s (368/s), 1 restore',
  '  faults  crash-task 13, pause-taskmanager 8,',
  '          drop 3',
  '  assumptions  restart-budget 1',
  '',
  'cutline replay cutline:v1:counts:WzIsImFsaWduZWQiLDAs-_x',
  '  digest  18088b80cc4c4457',
  '',
]

describe('what a document shows', () => {
  it('is what was printed, whatever the figures are', () => {
    const shown = [
      'holds: 0 of 9 runs: p < 0.33 at 95 %',
      '  check  counts, aligned, seed 1',
      '  done   9 runs in 800 ms (11/s), 12 restores',
      '  faults drop 1',
      'cutline replay cutline:v1:counts:Abc…',
      '  digest 0123456789abcdef',
    ]
    const short = (line: string): string => line.replace(/LDAs.*/, '…')
    expect(compareOutput(shown, PRINTED)).toEqual({ as: PRINTED.slice(1, -1).map(short) })
  })

  it('may leave lines out', () => {
    expect(compareOutput(['…', '  check counts, aligned, seed 2', '…', '  digest 0000000000000000'], PRINTED)).toEqual({
      as: ['…', PRINTED[2], '…', PRINTED[9]],
    })
    expect(compareOutput(['holds: 1 of 2 runs: p < 1 at 95 %', '…'], PRINTED)).toEqual({ as: [PRINTED[1], '…'] })
  })

  it.each([
    ['another word', ['…', '  check other, aligned, seed 1', '…'], 'check other, aligned, seed #'],
    [
      'another order',
      ['…', 'digest 0123456789abcdef', '…', 'check counts, aligned, seed 1', '…'],
      'check counts, aligned, seed #',
    ],
    ['less at the end', PRINTED.slice(0, -2), undefined],
    ['less at the beginning', ['  check counts, aligned, seed 1', '…'], 'check counts, aligned, seed #'],
    ['another end', ['…', '  check counts, aligned, seed 1'], 'check counts, aligned, seed #'],
    [
      'another scenario in the token',
      ['…', 'cutline replay cutline:v1:orders:Abc…', '…'],
      'cutline replay cutline:v#:orders:TOKEN',
    ],
  ])('is missed if there is %s', (_, shown, missing) => {
    const compared = compareOutput(shown, PRINTED)
    expect(compared).toHaveProperty('missing')
    if (missing !== undefined) expect(compared).toEqual({ missing })
  })
})

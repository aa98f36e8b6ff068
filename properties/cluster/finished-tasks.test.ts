/** Tasks that finish before the others. Rules: Flink's FLIP-147, StreamTask.afterInvoke, DefaultCheckpointPlan. */
import { describe, expect, it } from 'vitest'
import { Check } from '../../src/check/index.ts'
import type { Attempt, CompletedCheckpoint, Fault } from '../../src/model/index.ts'
import { aligned, atLeastOnce } from '../../src/protocols/index.ts'
import { type Played, play } from '../check/scripted.ts'
import { shortAndLong } from './short-and-long.ts'

const { vertices } = shortAndLong.graph()
const uidOf = ({ vertex }: Attempt): string => vertices[vertex]!.uid
const crash = (nth: number, operator = 'long'): Fault => ({
  what: 'crash-task',
  target: { operator, subtask: 0 },
  when: { phase: 'metadata-end', nth },
})
const played = (faults: readonly Fault[], seed = 's/1'): Played =>
  play({ scenario: shortAndLong, records: 120, faults, seed })
const entries = (of: Played) => of.firstsOf<CompletedCheckpoint>('entryDurable')

describe('a task that has finished', () => {
  const calm = played([])

  it('goes once its last checkpoint is complete, and those behind it once theirs are', () => {
    expect(calm.result.finding).toBe(null)
    const gone = calm.firstsOf<Attempt>('taskFinished').map(uidOf)
    expect(gone).toHaveLength(vertices.length)
    expect(gone.slice(0, 2)).toEqual(['short', 'sum'])
    expect(gone.at(-1)).toBe('sink')
    const [, sumGone] = calm.timesOf('taskFinished')
    expect(calm.timesOf('entryDurable').filter((at) => at > sumGone!).length).toBeGreaterThan(2)
  })

  it('takes part in no checkpoint any more: what it has left is part of each', () => {
    const [short, sum] = [0, 1]
    const late = entries(calm).filter(({ finished = [] }) => finished.includes(sum))
    expect(late.length).toBeGreaterThan(1)
    for (const { finished, files } of late) {
      expect(finished).toEqual([short, sum])
      expect([files[short], files[sum]]).toEqual([late[0]!.files[short], late[0]!.files[sum]])
    }
    expect(new Set(late.map(({ files }) => files.at(-1))).size).toBe(late.length)
  })

  it('is restored as finished: it says once more that nothing comes, and runs no user code', () => {
    let restoredAsFinished = 0
    for (const seed of ['s/1', 's/2', 's/3'])
      for (let nth = 1; nth <= 7; nth += 1) {
        const { result, heard } = played([crash(nth)], seed)
        const bases = heard
          .filter(({ what }) => what === 'fork')
          .map(({ args }) => args[0] as CompletedCheckpoint | null)
        if (bases.length !== 2 || bases[1]?.finished?.includes(1) !== true) continue
        restoredAsFinished += 1
        expect([result.end, result.finding]).toEqual(['done', null])
        const gone = heard.filter(({ what }) => what === 'taskFinished').map(({ args }) => args[0] as Attempt)
        expect(
          gone
            .filter(({ branch }) => branch === 1)
            .map(uidOf)
            .sort(),
        ).toEqual(vertices.map(({ uid }) => uid).sort())
      }
    expect(restoredAsFinished).toBeGreaterThan(5)
  })

  it('tells its end again if it is restored from a checkpoint that it took part in: it may have had to', () => {
    const ends = Array.from({ length: 7 }, (_, i) => played([crash(i + 1)]).result.finding?.message)
    const again = ends.filter((message) => message !== undefined)
    expect(again.length).toBeGreaterThan(0)
    for (const message of again) expect(message).toContain('is there once too often')
  })
})

describe('the other oracles have nothing to say', () => {
  it.each([aligned, atLeastOnce])('with $name', (protocol) => {
    const check = new Check({ scenario: shortAndLong, protocol, seed: 'finished' })
    const found = new Set<string>()
    for (let index = 0; index < 120; index += 1) {
      const { finding } = check.run(index).result
      if (finding !== null) found.add(finding.oracle)
    }
    expect([...found].filter((oracle) => oracle !== 'invariant')).toEqual([])
  })
})

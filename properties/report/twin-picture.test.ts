/** Pictures of the twin and of a fit: what they show, and that they stand alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fitRecoveries, parseDump, readRecoveryRows, twin } from '../../src/flink/index.ts'
import { fitPictureSvg, recoveryPlot, timelineOf, twinPictureSvg } from '../../src/report/index.ts'
import { clusterRuns, dumpOf, FIXTURES, packedRun } from '../flink/measured-runs.ts'

const run = packedRun('kill-T05-r80-1')
const options = { failureAtMs: Number(run.row.t_fail), kind: 'taskmanager' } as const
const report = twin(dumpOf(run.before!, 'dump'), options)

/** Coordinates outside of the picture, or none at all. */
const outside = (svg: string): string[] => {
  const [, width] = /viewBox="0 0 (\d+)/.exec(svg)!
  return [...svg.matchAll(/ (?:x|x1|x2|cx)="([^"]*)"/g)]
    .map(([, x]) => x!)
    .filter((x) => !(Number(x) >= 0 && Number(x) <= Number(width)))
}

describe('the picture of a twin', () => {
  it('shows the outage, the replay, the band and the parts of a checkpoint, in both colour schemes', () => {
    const svg = twinPictureSvg(report)!
    expect(svg).toContain('a TaskManager killed at 2026-11-23 06:12:04 UTC')
    expect(svg).toMatch(/down for 2\.41 s, 2\.7 s of input to read again: 5\.11 s behind/)
    expect(svg).toMatch(/recovered after 21\.4 s/)
    expect(svg).toMatch(/<polygon /)
    expect(svg).toContain('216 ms in all')
    expect(svg).toContain('prefers-color-scheme: dark')
    expect(outside(svg)).toEqual([])
  })

  it('is drawn for every dump of the cluster, within its frame', () => {
    for (const { row, before, after } of clusterRuns())
      for (const answers of [before, after]) {
        if (answers === null) continue
        const svg = twinPictureSvg(twin(dumpOf(answers, row.name)))
        expect(svg, row.name).not.toMatch(/NaN|Infinity|undefined|null/)
        expect(outside(svg!), row.name).toEqual([])
      }
  })

  it('is none where a dump supports none', () => {
    expect(twinPictureSvg(twin(parseDump(new Map(), 'nothing')))).toBeNull()
  })
})

describe('the plot of a recovery in a terminal', () => {
  it('fits the columns, whatever they are', () => {
    for (const columns of [40, 80, 110]) {
      const lines = recoveryPlot(timelineOf(report)!, columns)
      for (const line of lines.slice(1, -1)) expect(line.length).toBeLessThanOrEqual(columns + 1)
      expect(lines.join('\n')).toContain('●')
      expect(lines[0]).toContain('a TaskManager killed')
    }
  })
})

describe('the picture of a fit', () => {
  it('shows a curve and its points for each interval', () => {
    const text = readFileSync(join(FIXTURES, 'khaos_ysb_recovery.json'), 'utf8')
    const svg = fitPictureSvg(fitRecoveries(readRecoveryRows('khaos.json', text)))
    expect(svg.match(/<polyline /g)).toHaveLength(5)
    expect(svg.match(/<circle /g)).toHaveLength(60)
    for (const interval of ['10 s', '30 s', '60 s', '90 s', '2 min']) expect(svg).toContain(`every ${interval}`)
    expect(svg).not.toMatch(/NaN|undefined/)
    expect(outside(svg)).toEqual([])
  })
})

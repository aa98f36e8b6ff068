import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import sessionize from '../../scenarios/sessionize.ts'
import { ranWithoutFaults } from './ran-without-faults.ts'

interface Earthquake {
  readonly time: number
  readonly magnitude: number
  readonly region: string
}
interface Session {
  readonly region: string
  readonly earthquakes: number
  readonly strongest: number
  readonly first: number
  readonly last: number
}
const data = JSON.parse(readFileSync(new URL('../../scenarios/data/earthquakes.json', import.meta.url), 'utf8'))
const all = ranWithoutFaults(sessionize, Infinity, 1)
const read = all.inputs('earthquakes') as Earthquake[]
const sessions = all.committed.sessions as Session[]

describe('sessionize', () => {
  it('has all rows of the source, by time', () => {
    const path = new URL('../../node_modules/vega-datasets/data/earthquakes.json', import.meta.url)
    const { features } = JSON.parse(readFileSync(path, 'utf8'))
    const rows = (features as { properties: { time: number; mag: number; place: string } }[])
      .map(({ properties: { time, mag, place } }) => [time, mag, place] as const)
      .sort(([a], [b]) => a - b)
    expect(data).toEqual({ columns: ['time', 'mag', 'place'], rows })
  })

  it('reads them an hour late at most, with their regions', () => {
    expect(read).toHaveLength(1707)
    let latest = 0
    for (const { time } of read) {
      expect(time).toBeGreaterThan(latest - 3_600_000)
      latest = Math.max(latest, time)
    }
    const regions = new Set(read.map(({ region }) => region))
    for (const region of ['Alaska', 'CA', 'Puerto Rico', 'Banda Sea']) expect(regions).toContain(region)
    expect([...regions].filter((region) => region.includes(',') || region !== region.trim())).toEqual([])
  })

  it('puts every earthquake into one session, an hour apart from the next one of its region', () => {
    expect(sessions.reduce((sum, { earthquakes }) => sum + earthquakes, 0)).toBe(1707)
    for (const { region, first, last, earthquakes, strongest } of sessions) {
      const inside = read.filter((quake) => quake.region === region && quake.time >= first && quake.time <= last)
      expect(inside).toHaveLength(earthquakes)
      expect(Math.max(...inside.map(({ magnitude }) => magnitude))).toBe(strongest)
      const near = sessions.filter((other) => other.region === region && other.first > last)
      for (const other of near) expect(other.first - last).toBeGreaterThan(3_600_000)
    }
    expect(sessions).toHaveLength(486)
  })

  it('has sessions that two became, by an earthquake that was reported late', () => {
    let merges = 0
    const open = new Map<string, { first: number; last: number }[]>()
    for (const { region, time } of read) {
      const known = open.get(region) ?? []
      const near = known.filter(({ first, last }) => time >= first - 3_600_000 && time <= last + 3_600_000)
      if (near.length > 1) merges += 1
      const first = Math.min(time, ...near.map((session) => session.first))
      const last = Math.max(time, ...near.map((session) => session.last))
      open.set(region, [...known.filter((session) => !near.includes(session)), { first, last }])
    }
    expect([...open.values()].flat()).toHaveLength(sessions.length)
    expect(merges).toBeGreaterThan(10)
  })
})

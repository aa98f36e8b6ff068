import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { judgedInvariants } from '../../src/check/index.ts'
import { atLeastOnce, type Draw, type Scenario } from '../../src/index.ts'
import { inputsOf, LocalJob } from '../dataflow/local-job.ts'
import { ranWithoutFaults } from './ran-without-faults.ts'

const drawOf =
  (seed: number): Draw =>
  (site, key, n) => {
    const mixed = Math.imul(seed ^ Math.imul(key + 1, 0x9e3779b1) ^ site.length, 0x85ebca6b)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n
  }
type Committed = Readonly<Record<string, readonly unknown[]>>

/** Runs a scenario without failures; gives what it commits and what its invariants say about that or about something else. */
function ran(scenario: Scenario, records: number, seed: number) {
  const graph = scenario.graph()
  const job = LocalJob.run(graph, records, drawOf(seed))
  const inputs = inputsOf(graph, records, drawOf(seed))
  const verdict = (committed: Committed): string[] =>
    scenario.invariants.flatMap((invariant) => invariant.check(committed, inputs) ?? [])
  return { job, committed: job.committed(), verdict, inputs }
}
const named = (name: string): Scenario => scenarios.find((scenario) => scenario.name === name)!

/** The same with one record less, with one twice, or with a number in one of them changed. */
const without = (rows: readonly unknown[], at: number) => rows.filter((_, i) => i !== at)
const doubled = (rows: readonly unknown[], at: number) => [...rows, rows[at]]

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  const runs = fc.tuple(fc.integer({ min: 1, max: scenario.records.max }), fc.nat())

  it('commits, and its invariants and the oracles have nothing against a run without failures', () => {
    fc.assert(
      fc.property(runs, ([records, seed]) => {
        const { committed, verdict } = ranWithoutFaults(scenario, records, seed)
        expect(verdict(committed)).toEqual([])
      }),
      { numRuns: 25 },
    )
    const all = ranWithoutFaults(scenario, Infinity, 1)
    expect(all.verdict(all.committed)).toEqual([])
    for (const { sink } of scenario.graph().vertices)
      if (sink !== undefined) expect(all.committed[sink.log]!.length).toBeGreaterThan(0)
  })

  it('its invariants miss no record that is lost, and none that is committed twice where that is a violation', () => {
    const { committed, verdict } = ranWithoutFaults(scenario, scenario.records.max, 7)
    for (const [log, rows] of Object.entries(committed)) {
      const sink = scenario.graph().vertices.find((vertex) => vertex.sink?.log === log)!.sink!
      const own = sink.kind === 'own' && sink.guarantee === 'exactly-once' && sink.shows.kind !== 'upserts'
      const once = own || sink.kind === 'transactional-log'
      rows.forEach((_, at) => {
        expect(verdict({ ...committed, [log]: without(rows, at) }), `${log} without ${at}`).not.toEqual([])
        const twice = verdict({ ...committed, [log]: doubled(rows, at) })
        expect(twice.length > 0, `${log} with ${at} twice`).toBe(once)
      })
    }
    expect(verdict({})).not.toEqual([])
  })

  it('what is checked at least once misses no record that is lost, and lets records come twice', () => {
    const { committed, inputs } = ranWithoutFaults(scenario, scenario.records.max, 7)
    const { checked } = judgedInvariants(scenario, atLeastOnce)
    const verdict = (of: Committed): string[] => checked.flatMap((invariant) => invariant.check(of, inputs) ?? [])
    expect(verdict(committed)).toEqual([])
    for (const { sink } of scenario.graph().vertices) {
      if (sink === undefined) continue
      const { log } = sink
      const rows = committed[log]!
      // a table's rows are no records: each is what many records have made of it
      const isTable = sink.kind === 'own' && sink.shows.kind === 'upserts'
      // where records may be lost in a loop, nobody can say of one that is missing at the end that it should be there
      const mayLose = scenario.graph().edges.some(({ feedback }) => feedback === true)
      rows.forEach((_, at) => {
        const lost = verdict({ ...committed, [log]: without(rows, at) })
        if (!isTable && !mayLose) expect(lost, `${log} without ${at}`).not.toEqual([])
        expect(verdict({ ...committed, [log]: doubled(rows, at) }), `${log} with ${at} twice`).toEqual([])
      })
    }
  })

  it('the order in which records become visible does not matter to them', () => {
    const { committed, verdict } = ranWithoutFaults(scenario, scenario.records.max, 3)
    const reversed = Object.fromEntries(Object.entries(committed).map(([log, rows]) => [log, [...rows].reverse()]))
    expect(verdict(reversed)).toEqual([])
  })

  it('has the same graph each time, also with another parallelism everywhere', () => {
    // steps and heads of stateless vertices are made anew, so the functions are left out
    expect(JSON.stringify(scenario.graph())).toBe(JSON.stringify(scenario.graph()))
    const uids = scenario.graph().vertices.map(({ uid }) => uid)
    const wide = scenario.graph(Object.fromEntries(uids.map((uid) => [uid, 3])))
    expect(wide.vertices.map(({ uid, parallelism }) => [uid, parallelism])).toEqual(uids.map((uid) => [uid, 3]))
    expect(wide.settings.checkpointIntervalMs).toBe(1000)
  })
})

describe('the graphs', () => {
  const shapeOf = (name: string): string[] => {
    const { vertices, edges } = named(name).graph()
    return [
      ...vertices.map(({ uid, parallelism, chain }) =>
        [`${uid}*${parallelism}`, ...chain.map((step) => step.uid)].join(' '),
      ),
      ...edges.map(({ name, partitioner }) => `${name} ${partitioner}`),
    ]
  }

  it('keyed-state is 2 x 2 x 1', () => {
    expect(shapeOf('keyed-state')).toEqual([
      'numbers*2',
      'count*2',
      'sink*1',
      'numbers->count key',
      'count->sink rebalance',
    ])
  })

  it('flight-delays', () => {
    expect(shapeOf('flight-delays')).toEqual([
      'flights*2',
      'running*2',
      'running-delays*1',
      'daily*2',
      'daily-delays*1',
      'flights->running key',
      'running->running-delays rebalance',
      'running->daily key',
      'daily->daily-delays rebalance',
    ])
  })

  it('bank-transfer', () => {
    expect(shapeOf('bank-transfer')).toEqual([
      'transfers*2 legs',
      'accounts*2',
      'sink*1',
      'transfers->accounts key',
      'accounts->sink rebalance',
    ])
  })

  it('everything', () => {
    expect(shapeOf('everything')).toEqual([
      'numbers*2 map filter flatMap',
      'keeper*2',
      'batches*2',
      'batches sink*1',
      'values*2 values',
      'window*2',
      'windows sink*1',
      'numbers->keeper key',
      'keeper->batches rebalance',
      'batches->batches sink rebalance',
      'keeper->values forward',
      'values->window key',
      'window->windows sink rebalance',
    ])
  })
})

describe('keyed-state', () => {
  it('counts numbers by their last digit', () => {
    const { committed, verdict } = ran(named('keyed-state'), 23, 0)
    expect(committed.counts!.slice(-4)).toEqual([
      [9, 2],
      [0, 3],
      [1, 3],
      [2, 3],
    ])
    const miscounted = committed.counts!.map((row, i) => (i === 5 ? [5, 2] : row))
    expect(verdict({ counts: miscounted })).toEqual([
      'key 5 came 2 times, but among its committed counts 2 is there twice',
    ])
  })
})

describe('bank-transfer', () => {
  const bank = named('bank-transfer')

  it('finds a leg that went to another account, a wrong amount and a wrong balance', () => {
    const { committed, verdict } = ran(bank, 20, 0)
    const changed = (at: number, change: object) => ({
      postings: committed.postings!.map((row, i) => (i === at ? { ...(row as object), ...change } : row)),
    })
    expect(verdict(changed(0, { account: 'account-99' }))[0]).toContain('transfer 0 has the legs')
    expect(verdict(changed(0, { amount: 1 }))[0]).toContain('transfer 0 has the legs')
    expect(verdict(changed(39, { balance: 1_000_000 }))[0]).toMatch(
      /^the accounts hold \d+ more than in the beginning$/,
    )
  })

  it('never moves money from an account to itself, and reaches every account', () => {
    const transfers = ran(bank, Infinity, 0).inputs('transfers') as { from: string; to: string; amount: number }[]
    expect(transfers.every(({ from, to, amount }) => from !== to && amount >= 1 && amount <= 100)).toBe(true)
    expect(new Set(transfers.flatMap(({ from, to }) => [from, to])).size).toBe(8)
  })
})

describe('flight-delays', () => {
  const flights = named('flight-delays')
  interface Flight {
    readonly departure: number
    readonly origin: string
    readonly destination: string
    readonly delay: number
  }
  const data = JSON.parse(readFileSync(new URL('../../scenarios/data/flights.json', import.meta.url), 'utf8'))

  it('has the 2,000 earliest rows of the source, unchanged', () => {
    const path = new URL('../../node_modules/vega-datasets/data/flights-20k.json', import.meta.url)
    const source: Record<string, string | number>[] = JSON.parse(readFileSync(path, 'utf8'))
    const earliest = source.sort((a, b) => (a.date! < b.date! ? -1 : a.date! > b.date! ? 1 : 0)).slice(0, 2000)
    expect(data.columns).toEqual(['date', 'delay', 'distance', 'origin', 'destination'])
    expect(data.rows).toEqual(earliest.map((row) => data.columns.map((column: string) => row[column])))
  })

  it('reads dates as the calendar has them', () => {
    const read = ran(flights, Infinity, 5).inputs('flights') as Flight[]
    expect(read.length).toBe(2000)
    const byTime = [...read].sort((a, b) => a.departure - b.departure).map(({ departure }) => departure)
    const expected = (data.rows as [string][]).map(([date]) =>
      Date.parse(`${date.replaceAll('/', '-').replace(' ', 'T')}Z`),
    )
    expect(byTime).toEqual(expected)
  })

  it('a run reads consecutive rows from a start that the seed chooses, shuffled within two hours', () => {
    // without delays the flights arrive as they stand in the data
    const order = inputsOf(flights.graph(), Infinity, () => 0)('flights') as Flight[]
    const starts = new Set<number>()
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 100 }), fc.nat(), (records, seed) => {
        const read = ran(flights, records, seed).inputs('flights') as Flight[]
        expect(read.length).toBe(records)
        const indices = read.map((flight) => order.indexOf(flight)).sort((a, b) => a - b)
        starts.add(indices[0]!)
        expect(indices).toEqual(indices.map((_, i) => indices[0]! + i))
        let latest = 0
        for (const { departure } of read) {
          expect(departure).toBeGreaterThan(latest - 7_200_000)
          latest = Math.max(latest, departure)
        }
      }),
      { numRuns: 40 },
    )
    expect(starts.size).toBeGreaterThan(30)
  })

  it('adds up the delays of the first day', () => {
    const { committed } = ran(flights, Infinity, 0)
    const days = committed['daily-delays'] as { origin: string; day: number; flights: number; minutes: number }[]
    const rows = (data.rows as [string, number, number, string][]).filter(
      ([date, , , origin]) => origin === 'LAX' && date.startsWith('2001/01/01'),
    )
    expect(days.filter(({ origin, day }) => origin === 'LAX' && day === 11_323)).toEqual([
      {
        origin: 'LAX',
        day: 11_323,
        flights: rows.length,
        minutes: rows.reduce((sum, [, delay]) => sum + delay, 0),
        meanMinutes: Math.floor(rows.reduce((sum, [, delay]) => sum + delay, 0) / rows.length),
      },
    ])
  })
})

describe('everything', () => {
  it('fires both kinds of timers and fills batches of five', () => {
    const { committed } = ran(named('everything'), 60, 0)
    const batches = committed.batches as { kind: string }[][]
    expect(batches.slice(0, -1).every((batch) => batch.length === 5)).toBe(true)
    expect(new Set(batches.flat().map(({ kind }) => kind))).toEqual(new Set(['value', 'event-timer', 'clock-timer']))
  })
})

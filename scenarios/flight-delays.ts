/**
 * Real flights, out of order: 2,000 flights within the United States in January 2001 (data/README.md). A flight is reported
 * up to two hours after its departure, as the seed says. Per airport of origin the delays are added up as they come, and
 * once more per day of event time.
 */
import {
  CheckpointingMode,
  type Collector,
  fromArray,
  type Invariant,
  type ProcessContext,
  type ProcessFunction,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  type RuntimeContext,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  type ValueState,
  valueState,
  WatermarkStrategy,
} from '../src/index.ts'
import data from './data/flights.json' with { type: 'json' }
import { grouped, notEach, notOnceEach } from './records.ts'

interface Flight {
  /** Departure, ms since 1970. */
  readonly departure: number
  readonly origin: string
  readonly destination: string
  /** Minutes; negative if early. */
  readonly delay: number
}
interface Total {
  readonly flights: number
  /** Sum of the delays. */
  readonly minutes: number
}
type Running = Total & { readonly origin: string; readonly delay: number }
type Daily = Total & { readonly origin: string; readonly day: number; readonly meanMinutes: number }

const DAY_MS = 86_400_000
const NONE: Total = { flights: 0, minutes: 0 }

/** Days from 1 January 1970 to a day of the Gregorian calendar. Years begin in March here, so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leapDays + dayOfYear - 719_468
}

/** 'YYYY/MM/DD hh:mm' as milliseconds since 1970, read as UTC. */
function timestampMs(date: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = date.split(/[/ :]/).map(Number)
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000
}

const allFlights = (): Flight[] =>
  (data.rows as [date: string, delay: number, distance: number, origin: string, destination: string][]).map(
    ([date, delay, , origin, destination]) => ({ departure: timestampMs(date), origin, destination, delay }),
  )

class RunningDelay implements ProcessFunction<Flight, Running, string> {
  #total!: ValueState<Total>

  open(context: RuntimeContext): void {
    this.#total = context.getState(valueState('running-delay', NONE))
  }

  processElement({ origin, delay }: Flight, _context: ProcessContext<string>, out: Collector<Running>): void {
    const before = this.#total.value()!
    const flights = before.flights + 1
    const minutes = before.minutes + delay
    this.#total.update({ flights, minutes })
    out.collect({ origin, delay, flights, minutes })
  }
}

class DailyDelay implements ProcessWindowFunction<Total, Daily, string> {
  process(origin: string, context: ProcessWindowContext, [total]: readonly Total[], out: Collector<Daily>): void {
    const { flights, minutes } = total!
    out.collect({
      origin,
      day: context.window().start / DAY_MS,
      flights,
      minutes,
      meanMinutes: Math.floor(minutes / flights),
    })
  }
}

const minutesOf = (some: readonly Flight[]): number => some.reduce((sum, { delay }) => sum + delay, 0)

const noFlightMissing: Invariant = {
  name: 'no flight is missing in the running totals',
  check({ 'running-delays': committed = [] }, inputs) {
    const running = grouped(committed as readonly Running[], ({ origin }) => origin)
    for (const [origin, departed] of grouped(inputs('flights') as readonly Flight[], (flight) => flight.origin)) {
      const totals = (running.get(origin) ?? []).map(({ flights }) => flights)
      const wrong = notEach(totals, departed.length)
      if (wrong !== undefined) return `${origin} has ${departed.length} flights, but of its running totals ${wrong}`
    }
    return undefined
  },
}

const runningTotals: Invariant = {
  name: 'every flight is in one running total',
  needs: 'exactly-once',
  otherwise: noFlightMissing,
  check({ 'running-delays': committed = [] }, inputs) {
    const running = grouped(committed as readonly Running[], ({ origin }) => origin)
    for (const [origin, departed] of grouped(inputs('flights') as readonly Flight[], (flight) => flight.origin)) {
      const totals = running.get(origin) ?? []
      const n = departed.length
      const wrong = notOnceEach(
        totals.map((total) => total.flights),
        n,
      )
      if (wrong !== undefined) return `${origin} has ${n} flights, but among its running totals ${wrong}`
      const minutes = totals.find((total) => total.flights === n)!.minutes
      if (minutes !== minutesOf(departed))
        return `${origin} has ${minutesOf(departed)} minutes of delay, but ${minutes} were added up`
      running.delete(origin)
    }
    const [origin] = running.keys()
    return origin === undefined ? undefined : `${origin} has running totals, but no flight`
  },
}

const dayOf = ({ origin, departure }: Flight): string => `${origin} on day ${Math.floor(departure / DAY_MS)}`

const noDayMissing: Invariant = {
  name: 'no flight is missing in its day',
  check({ 'daily-delays': committed = [] }, inputs) {
    const daily = grouped(committed as readonly Daily[], ({ origin, day }) => `${origin} on day ${day}`)
    for (const [day, departed] of grouped(inputs('flights') as readonly Flight[], dayOf)) {
      const most = Math.max(0, ...(daily.get(day) ?? []).map(({ flights }) => flights))
      if (most < departed.length) return `${day} has ${departed.length} flights, but at most ${most} are committed`
    }
    return undefined
  },
}

const dailyTotals: Invariant = {
  name: 'every flight is in one day',
  needs: 'exactly-once',
  otherwise: noDayMissing,
  check({ 'daily-delays': committed = [] }, inputs) {
    const daily = grouped(committed as readonly Daily[], ({ origin, day }) => `${origin} on day ${day}`)
    for (const [day, departed] of grouped(inputs('flights') as readonly Flight[], dayOf)) {
      const [total, another] = daily.get(day) ?? []
      if (total === undefined || another !== undefined)
        return `${day} is committed ${total ? 'twice' : 'never'} instead of once`
      if (total.flights !== departed.length || total.minutes !== minutesOf(departed)) {
        return `${day} has ${departed.length} flights and ${minutesOf(departed)} minutes of delay, but committed are ${total.flights} and ${total.minutes}`
      }
      daily.delete(day)
    }
    const [day] = daily.keys()
    return day === undefined ? undefined : `${day} is committed, but has no flight`
  },
}

export default scenario(
  'flight-delays',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const departureOf = ({ departure }: Flight): number => departure
    const source = fromArray(allFlights(), {
      splits: 4,
      window: 'seeded',
      shuffle: { timestampOf: departureOf, within: '2h' },
    })
    const running = env
      .fromSource(
        source,
        'flights',
        WatermarkStrategy.forBoundedOutOfOrderness('2h').withTimestampAssigner(departureOf),
      )
      .keyBy(({ origin }) => origin, 'string')
      .process(() => new RunningDelay())
      .uid('running')
    running.sinkTo(transactionalLog('running-delays')).setParallelism(1)
    running
      .keyBy(({ origin }) => origin, 'string')
      .window(TumblingEventTimeWindows.of('1d'))
      .aggregate(
        {
          createAccumulator: () => NONE,
          add: ({ delay }, { flights, minutes }) => ({ flights: flights + 1, minutes: minutes + delay }),
          getResult: (total) => total,
        },
        () => new DailyDelay(),
      )
      .uid('daily')
      .sinkTo(transactionalLog('daily-delays'))
      .setParallelism(1)
  },
  {
    title: '2,000 real US flights, out of order: running delay per airport and daily windows',
    records: { min: 20, max: 100, fullEvery: 1000 },
    invariants: [runningTotals, dailyTotals],
  },
)

/**
 * Real earthquakes, out of order: what seismometers recorded in a week of 2018 (data/README.md). An earthquake is reported up
 * to an hour after it, as the seed says. Those of a region belong to one session as long as no more than an hour lies between
 * them; two sessions become one when the earthquake between them is reported last.
 */
import {
  CheckpointingMode,
  type Collector,
  EventTimeSessionWindows,
  fromArray,
  type Invariant,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  scenario,
  type TimeWindow,
  transactionalLog,
  WatermarkStrategy,
} from '../src/index.ts'
import data from './data/earthquakes.json' with { type: 'json' }
import { grouped, notTheSame } from './records.ts'

interface Earthquake {
  /** ms since 1970. */
  readonly time: number
  readonly magnitude: number
  /** State or country. */
  readonly region: string
}
/** One earthquake or several. */
interface Swarm {
  /** State or country. */
  readonly region: string
  readonly earthquakes: number
  /** The greatest magnitude. */
  readonly strongest: number
}
type Session = Swarm & {
  /** First and last earthquake, ms since 1970. */
  readonly first: number
  readonly last: number
}

const GAP_MS = 3_600_000
const WITHIN = '1h'

/** '4km W of Castaic, CA' is in CA; 'Banda Sea' is a region itself. */
const regionOf = (place: string): string => place.slice(place.lastIndexOf(', ') + 1).trim()

const allEarthquakes = (): Earthquake[] =>
  (data.rows as [time: number, magnitude: number, place: string][]).map(([time, magnitude, place]) => ({
    time,
    magnitude,
    region: regionOf(place),
  }))

const together = (a: Swarm, b: Swarm): Swarm => ({
  region: a.region,
  earthquakes: a.earthquakes + b.earthquakes,
  strongest: Math.max(a.strongest, b.strongest),
})

class Sessions implements ProcessWindowFunction<Swarm, Session, string> {
  process(
    _region: string,
    context: ProcessWindowContext<TimeWindow>,
    [swarm]: readonly Swarm[],
    out: Collector<Session>,
  ): void {
    const { start, end } = context.window()
    out.collect({ ...swarm!, first: start, last: end - GAP_MS })
  }
}

const rowOf = ({ region, first, last, earthquakes, strongest }: Session): string =>
  `a session of ${earthquakes} in ${region} from ${first} to ${last}, the strongest of ${strongest},`

/** The sessions of what a run has read. */
function expectedSessions(earthquakes: readonly Earthquake[]): readonly Session[] {
  const sessions: Session[] = []
  for (const [region, shaken] of grouped(earthquakes, (earthquake) => earthquake.region)) {
    const byTime = [...shaken].sort((a, b) => a.time - b.time)
    for (let from = 0, i = 0; i < byTime.length; i += 1) {
      const last = byTime[i]!.time
      const next = byTime[i + 1]
      if (next && next.time - last <= 3_600_000) continue
      const inside = byTime.slice(from, i + 1)
      const strongest = Math.max(...inside.map(({ magnitude }) => magnitude))
      sessions.push({ region, earthquakes: inside.length, strongest, first: inside[0]!.time, last })
      from = i + 1
    }
  }
  return sessions
}

const noEarthquakeLost: Invariant = {
  name: 'every session is there, with all its earthquakes at least',
  check({ sessions = [] }, inputs) {
    const written = grouped(sessions as readonly Session[], ({ region }) => region)
    const holds = (one: Session, { earthquakes, strongest, first, last }: Session): boolean =>
      one.first <= first && one.last >= last && one.earthquakes >= earthquakes && one.strongest >= strongest
    const lost = expectedSessions(inputs('earthquakes') as readonly Earthquake[]).find(
      (session) => !written.get(session.region)?.some((one) => holds(one, session)),
    )
    return lost && `${rowOf(lost)} is missing`
  },
}

const everySession: Invariant = {
  name: 'every earthquake is in one session, which ends where a gap begins',
  needs: 'exactly-once',
  otherwise: noEarthquakeLost,
  check({ sessions = [] }, inputs) {
    const expected = expectedSessions(inputs('earthquakes') as readonly Earthquake[])
    return notTheSame(expected.map(rowOf), (sessions as readonly Session[]).map(rowOf))
  },
}

export default scenario(
  'sessionize',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const timestampOf = ({ time }: Earthquake): number => time
    const source = fromArray(allEarthquakes(), {
      splits: 4,
      window: 'seeded',
      shuffle: { timestampOf, within: WITHIN },
    })
    env
      .fromSource(
        source,
        'earthquakes',
        WatermarkStrategy.forBoundedOutOfOrderness(WITHIN).withTimestampAssigner(timestampOf),
      )
      .map(({ region, magnitude }): Swarm => ({ region, earthquakes: 1, strongest: magnitude }))
      .uid('alone')
      .keyBy(({ region }) => region, 'string')
      .window(EventTimeSessionWindows.withGap(GAP_MS))
      .reduce(together, () => new Sessions())
      .uid('sessions')
      .sinkTo(transactionalLog('sessions'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: '1,707 real earthquakes, out of order: sessions per region, which merge',
    records: { min: 20, max: 100, fullEvery: 1000 },
    invariants: [everySession],
  },
)

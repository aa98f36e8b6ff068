/**
 * The example of Chandy and Lamport (1985): processes in a ring, and one token that goes round. Whoever has it keeps it for a while,
 * until a nudge that it has sent to itself comes back, and passes it on.
 *
 * ```
 *   token (1) ─rebalance─> ring ─key station─> stations ──> transactional log (1)
 *                           ^                     │
 *                           └──────feedback───────┘
 * ```
 *
 * In every cut there is the token once: at the source, on its way, or with a station. A cut that knows a station which has passed
 * the token on, and not the channel that it is in, has none; one that knows the next station with it and the one before, too, has two.
 */
import {
  always,
  CheckpointingMode,
  type Collector,
  fromArray,
  type Invariant,
  OutputTag,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type RunView,
  scenario,
  sometimes,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { notOnceEach } from './records.ts'

interface Message {
  readonly what: 'token' | 'nudge'
  /** Whom it is for. */
  readonly station: number
  /** How many stations have had the token, this one included. */
  readonly stop: number
}
interface Arrival {
  readonly stop: number
  readonly station: number
}

const STATIONS = 5
/** The last one keeps it, so that the job ends. */
const STOPS = 30
const NOBODY = 0
/** The stop for which a station has the token. */
const HAS = valueState('has', NOBODY)
const ARRIVALS = new OutputTag<Arrival>('arrivals')

const stationOf = (stop: number): number => (stop - 1) % STATIONS

class Station implements ProcessFunction<Message, Message, number> {
  #has!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#has = context.getState(HAS)
  }
  processElement({ what, station, stop }: Message, context: ProcessContext<number>, out: Collector<Message>): void {
    if (what === 'token') {
      this.#has.update(stop)
      context.output(ARRIVALS, { stop, station })
      if (stop < STOPS) out.collect({ what: 'nudge', station, stop })
    } else if (this.#has.value() === stop) {
      this.#has.update(NOBODY)
      out.collect({ what: 'token', station: stationOf(stop + 1), stop: stop + 1 })
    }
  }
}

/** Tokens in the newest completed checkpoint. */
function tokens({ state, inFlight, unread }: RunView): number {
  const withStations = [...state('stations', HAS).values()].filter((stop) => stop !== NOBODY)
  const onTheirWay = inFlight<Message | Arrival>().filter((record) => 'what' in record && record.what === 'token')
  return unread('token').length + withStations.length + onTheirWay.length
}
const hasToken = (view: RunView): boolean => view.checkpointId !== undefined && tokens(view) === 1

const stopsOf = (arrivals: readonly unknown[]): number[] => (arrivals as readonly Arrival[]).map(({ stop }) => stop)

const nothingMadeUp: Invariant = {
  name: 'the token comes to a station when it is its turn',
  check: ({ arrivals = [] }) => {
    const wrong = (arrivals as readonly Arrival[]).find(
      ({ stop, station }) => !(stop >= 1 && stop <= STOPS && station === stationOf(stop)),
    )
    return wrong && `stop ${wrong.stop} is said to be at station ${wrong.station}`
  },
}
const noStopLeftOut: Invariant = {
  name: 'the token leaves out no station',
  needs: 'at-most-once',
  otherwise: nothingMadeUp,
  check: ({ arrivals = [] }) => {
    const stops = stopsOf(arrivals)
    return notOnceEach(stops, stops.length)
  },
}
const everyStopOnce: Invariant = {
  name: 'the token comes to every station in turn',
  needs: 'exactly-once',
  otherwise: noStopLeftOut,
  check: ({ arrivals = [] }) => notOnceEach(stopsOf(arrivals), STOPS),
}

export default scenario(
  'token-ring',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const ring = env
      .fromSource(fromArray<Message>([{ what: 'token', station: stationOf(1), stop: 1 }]), 'token')
      .setParallelism(1)
      .rebalance()
      .iterate()
      .uid('ring')
    const stations = ring
      .keyBy(({ station }) => station, 'int')
      .process<Message>(() => new Station())
      .uid('stations')
    ring.closeWith(stations)
    stations.getSideOutput(ARRIVALS).sinkTo(transactionalLog('arrivals')).uid('sink').setParallelism(1)
  },
  {
    title:
      'One token in a ring of processes, from the paper of Chandy and Lamport: a loop, and every cut has the token once',
    records: { min: 1, max: 1 },
    invariants: [
      everyStopOnce,
      always('there is one token', (view) => tokens(view) === 1 || `there are ${tokens(view)}`, {
        needs: 'exactly-once',
      }),
      always('there is no second token', (view) => tokens(view) <= 1 || `there are ${tokens(view)}`, {
        needs: 'at-most-once',
      }),
      sometimes(
        'the token is on its way back',
        ({ inFlight }) => inFlight<Message>('ring').some(({ what }) => what === 'token'),
        {
          needs: 'exactly-once',
        },
      ),
      sometimes('the token is with a station', (view) => hasToken(view) && view.unread('token').length === 0),
    ],
  },
)

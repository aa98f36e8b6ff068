/**
 * A join with a light side and a heavy one: every pallet is unpacked into parcels, and every parcel finds its order. The join
 * cannot keep up with the parcels, so they queue before it, and with them the barriers of their side.
 *
 * ```
 *   orders ──────────────────────key order─> interval join ──> transactional log
 *   pallets ──key pallet─> unpack ─key order──────┘
 *                          1 -> 8
 * ```
 *
 * Under aligned barriers the orders are held back until the barriers of the parcels have queued through; `cutline check` shows for
 * how long. Under unaligned ones nothing is held back, and the parcels in the queue are part of the checkpoint instead.
 */
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ProcessContext,
  type ProcessFunction,
  scenario,
  transactionalLog,
  WatermarkStrategy,
} from '../src/index.ts'
import { missingIn, notTheSame } from './records.ts'

interface Order {
  readonly order: number
  readonly at: number
}
interface Pallet {
  readonly pallet: number
  readonly at: number
}
interface Parcel {
  readonly parcel: number
  readonly order: number
}
type Packed = Parcel & { readonly orderedAt: number }

const COUNT = 60
const PARCELS_ON_A_PALLET = 8
const EPOCH_MS = 1_000_000_000_000
const ORDER_GAP_MS = 10
const PALLET_GAP_MS = 15
/** Far more than lies between any order and any of its parcels. */
const WITHIN_MS = 3_600_000

const orderOf = (order: number): Order => ({ order, at: EPOCH_MS + order * ORDER_GAP_MS })
const palletOf = (pallet: number): Pallet => ({ pallet, at: EPOCH_MS + pallet * PALLET_GAP_MS })
/** The parcels of an order lie on many pallets. */
const parcelsOf = ({ pallet }: Pallet): readonly Parcel[] =>
  Array.from({ length: PARCELS_ON_A_PALLET }, (_, i) => {
    const parcel = pallet * PARCELS_ON_A_PALLET + i
    return { parcel, order: (parcel * 7) % COUNT }
  })

class Unpack implements ProcessFunction<Pallet, Parcel, number> {
  processElement(pallet: Pallet, _context: ProcessContext<number>, out: Collector<Parcel>): void {
    for (const parcel of parcelsOf(pallet)) out.collect(parcel)
  }
}

const described = ({ parcel, order, orderedAt }: Packed): string =>
  `parcel ${parcel} of order ${order}, ordered at ${orderedAt - EPOCH_MS}`

/** Every parcel whose order has been read. */
function due(inputs: (source: string) => readonly unknown[]): readonly string[] {
  const orderedAt = new Map((inputs('orders') as readonly Order[]).map(({ order, at }) => [order, at]))
  return (inputs('pallets') as readonly Pallet[]).flatMap(parcelsOf).flatMap(({ parcel, order }) => {
    const at = orderedAt.get(order)
    return at === undefined ? [] : [described({ parcel, order, orderedAt: at })]
  })
}

const noParcelLost: Invariant = {
  name: 'no parcel is lost',
  check: ({ packed = [] }, inputs) => missingIn(due(inputs), (packed as readonly Packed[]).map(described)),
}

const everyParcelOnce: Invariant = {
  name: 'every parcel finds its order once',
  needs: 'exactly-once',
  otherwise: noParcelLost,
  check: ({ packed = [] }, inputs) => notTheSame(due(inputs), (packed as readonly Packed[]).map(described)),
}

export default scenario(
  'skewed-join',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    // under aligned barriers a checkpoint may take as long as all the parcels in front of it
    env.getCheckpointConfig().setCheckpointTimeout('20 s')
    const orders = env
      .fromSource(
        generatedSequence({ count: COUNT, value: orderOf }),
        'orders',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .setParallelism(1)
    const parcels = env
      .fromSource(
        generatedSequence({ count: COUNT, value: palletOf }),
        'pallets',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .setParallelism(1)
      .keyBy(({ pallet }) => pallet, 'int')
      .process(() => new Unpack())
      .uid('unpack')
    orders
      .keyBy(({ order }) => order, 'int')
      .intervalJoin(parcels.keyBy(({ order }) => order, 'int'))
      .between(-WITHIN_MS, WITHIN_MS)
      .process<Packed>(() => ({
        processElement({ at }, parcel, _context, out) {
          out.collect({ ...parcel, orderedAt: at })
        },
      }))
      .uid('join')
      .sinkTo(transactionalLog('packed'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: 'A join with a light and a heavy, back-pressured side: what barriers wait for, and what overtakes',
    records: { min: 10, max: 30 },
    invariants: [everyParcelOnce],
  },
)

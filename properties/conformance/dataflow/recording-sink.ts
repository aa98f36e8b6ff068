/** The sink of the programs: a log of all rows and watermarks that it has received, each once. */
import {
  type OwnSinkSpec,
  ownSink,
  type Ports,
  type SinkWriter,
  type WriteContext,
  type WriterContext,
} from '../../../src/index.ts'
import { type Row, type WrittenRow, type WrittenTime, written } from './program.ts'

/** What is recorded, in the order in which it came. */
export type Recorded = { readonly row: WrittenRow } | { readonly wm: WrittenTime }

/** Keeps the last watermark, so that one that is said again after a restore is no news. */
class Recorder implements SinkWriter<Row, string, number> {
  readonly #begin: () => string
  readonly #log: ReturnType<Ports['log']>
  #transaction: string
  #watermarkMs: number

  constructor(log: ReturnType<Ports['log']>, { uid, subtask, attempt, restored }: WriterContext<number>) {
    this.#log = log
    this.#begin = () => log.begin(`${uid}-${subtask}`, attempt)
    this.#transaction = this.#begin()
    this.#watermarkMs = restored[0] ?? Number.NEGATIVE_INFINITY
  }
  readonly write = ({ k, v, x }: Row, context: WriteContext): void => {
    const timestamp = context.timestamp()
    const row: WrittenRow = [
      k,
      written(v),
      x,
      timestamp === undefined ? null : written(timestamp),
      written(this.#watermarkMs),
    ]
    this.#record({ row })
  }
  writeWatermark(timestampMs: number): void {
    if (timestampMs <= this.#watermarkMs) return
    this.#watermarkMs = timestampMs
    this.#record({ wm: written(timestampMs) })
  }
  #record(what: Recorded): void {
    this.#log.append(this.#transaction, what)
  }
  prepareCommit(): readonly string[] {
    const prepared = this.#transaction
    this.#log.prepare(prepared)
    this.#transaction = this.#begin()
    return [prepared]
  }
  snapshotState(): readonly number[] {
    return [this.#watermarkMs]
  }
}

export const recordingSink = (name: string): OwnSinkSpec<Row> =>
  ownSink<Row>(
    name,
    (ports) => {
      const log = ports.log(name)
      return {
        createWriter: (context) => new Recorder(log, context as WriterContext<number>),
        createCommitter: () => ({
          commit(transactions) {
            for (const transaction of transactions) log.commit(transaction as string)
            return []
          },
        }),
      }
    },
    { rows: 'anything' },
  )

import type { Key } from '../model/index.ts'
import { inWords, JobError } from './job-error.ts'
import type { OwnSinkSpec } from './job-graph.ts'
import { checkedName, type Sink, type SinkWriter, type WriterContext } from './own-sink.ts'
import { PortError } from './port-error.ts'
import type { KeyValue } from './ports.ts'

export interface UpsertOptions<In> {
  /** The key that a record sets; must be pure. */
  readonly key: (value: In) => Key
  /** What it sets it to; undefined takes the key out. Must be pure. */
  readonly value: (value: In) => unknown
}

/**
 * A key-value store in which every record sets a key at once: idempotent, so that after a restart the same writes end with the
 * same values. The last writer of a key wins. Its version is the number of its attempt: what an attempt that was given up still
 * sends does not overwrite what a later one has written. What only such an attempt has written stays behind: an orphan key.
 * @param store name of the store; letters, digits and . _ -
 */
export function upsertSink<In>(store: string, options: UpsertOptions<In>): OwnSinkSpec<In> {
  const { key, value } = options
  if (typeof key !== 'function' || typeof value !== 'function')
    throw new JobError(`upsertSink takes functions key and value, but got ${inWords(key)} and ${inWords(value)}`)
  const name = checkedName(store, 'sink')
  return {
    kind: 'own',
    log: name,
    make: (ports) => new UpsertSink(ports.keyValue(name), options),
    guarantee: 'exactly-once',
    shows: { kind: 'upserts', of: (record) => [key(record), value(record)] },
  }
}

class UpsertSink<In> implements Sink<In> {
  readonly #store: KeyValue
  readonly #options: UpsertOptions<In>
  constructor(store: KeyValue, options: UpsertOptions<In>) {
    this.#store = store
    this.#options = options
  }
  createWriter({ attempt }: WriterContext<unknown>): SinkWriter<In> {
    const { key, value } = this.#options
    return {
      write: (record) => {
        const of = key(record)
        const set = value(record)
        const accepted = set === undefined ? this.#store.delete(of, attempt) : this.#store.put(of, set, attempt)
        if (!accepted) throw new PortError('fenced', `a later attempt has written ${inWords(of)}`)
      },
    }
  }
}

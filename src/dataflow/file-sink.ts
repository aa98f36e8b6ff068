/**
 * A sink of files. Flink: FileSink with OnCheckpointRollingPolicy.
 *
 * ```
 *   write         .part-0-2-7.in-progress     grows with every few rows; readers do not see it
 *   barrier       .part-0-2-7.pending         closed: a committable of the checkpoint
 *   complete      part-0-2-7                  finished: never touched again
 * ```
 *
 * The numbers are subtask, attempt and file. What a crash leaves in progress or pending without a complete checkpoint stays behind:
 * an orphan file.
 */
import { integerIn, inWords, JobError } from './job-error.ts'
import type { OwnSinkSpec } from './job-graph.ts'
import { type Committer, checkedName, type Sink, type SinkWriter, type WriterContext } from './own-sink.ts'
import { PortError } from './port-error.ts'
import type { ObjectStore } from './ports.ts'

export interface FileSinkOptions<In> {
  /** What a record is in a file; the record itself if left out. Must be pure. */
  readonly encode?: (value: In) => unknown
  /** Rows after which the file in progress is written again; 8 if left out. */
  readonly rowsPerWrite?: number
}

/**
 * Files of rows in an object store, each shown once the checkpoint that covers it is complete: exactly-once.
 * @param folder name of the store; letters, digits and . _ -
 */
export function fileSink<In>(folder: string, options: FileSinkOptions<In> = {}): OwnSinkSpec<In> {
  const { encode = (value: In): unknown => value, rowsPerWrite = 8 } = options
  if (typeof encode !== 'function') throw new JobError(`encode must be a function, but is ${inWords(encode)}`)
  integerIn(rowsPerWrite, 'rowsPerWrite of fileSink', 1)
  const name = checkedName(folder, 'sink')
  return {
    kind: 'own',
    log: name,
    make: (ports) => new FileSink(ports.objects(name), encode, rowsPerWrite),
    guarantee: 'exactly-once',
    shows: { kind: 'rows', of: (value) => [encode(value)] },
  }
}

/** A closed file, and what it will be called. */
interface PendingFile {
  readonly pending: string
  readonly finished: string
}

class FileSink<In> implements Sink<In, PendingFile> {
  readonly #store: ObjectStore
  readonly #encode: (value: In) => unknown
  readonly #rowsPerWrite: number
  constructor(store: ObjectStore, encode: (value: In) => unknown, rowsPerWrite: number) {
    this.#store = store
    this.#encode = encode
    this.#rowsPerWrite = rowsPerWrite
  }
  createWriter(context: WriterContext<unknown>): SinkWriter<In, PendingFile> {
    return new FileWriter(this.#store, this.#encode, this.#rowsPerWrite, `part-${context.subtask}-${context.attempt}`)
  }
  createCommitter(): Committer<PendingFile> {
    return {
      commit: (files) => {
        // it may have been renamed before a crash, or by an older attempt
        for (const { pending, finished } of files)
          if (!this.#store.rename(pending, finished) && this.#store.get(finished) === undefined)
            throw new PortError('lost', `there is neither ${pending} nor ${finished}`)
        return []
      },
    }
  }
}

class FileWriter<In> implements SinkWriter<In, PendingFile> {
  readonly #store: ObjectStore
  readonly #encode: (value: In) => unknown
  readonly #rowsPerWrite: number
  readonly #prefix: string
  #rows: unknown[] = []
  #files = 0
  constructor(store: ObjectStore, encode: (value: In) => unknown, rowsPerWrite: number, prefix: string) {
    this.#store = store
    this.#encode = encode
    this.#rowsPerWrite = rowsPerWrite
    this.#prefix = prefix
  }
  get #inProgress(): string {
    return `.${this.#prefix}-${this.#files}.in-progress`
  }
  write(value: In): void {
    this.#rows.push(this.#encode(value))
    if (this.#rows.length % this.#rowsPerWrite === 0) this.#store.put(this.#inProgress, this.#rows)
  }
  prepareCommit(): readonly PendingFile[] {
    if (this.#rows.length === 0) return []
    const finished = `${this.#prefix}-${this.#files}`
    const pending = `.${finished}.pending`
    this.#store.put(this.#inProgress, this.#rows)
    this.#store.rename(this.#inProgress, pending)
    this.#rows = []
    this.#files += 1
    return [{ pending, finished }]
  }
}

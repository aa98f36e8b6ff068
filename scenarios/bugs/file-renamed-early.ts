import type { BugDefinition } from '../../src/check/index.ts'
import { fileSink, type ObjectStore, type OwnSinkSpec, type SinkWriter } from '../../src/dataflow/index.ts'
import { lineOf, type Reading, readingsInto } from '../file-sink.ts'

/** Finishes the file of a checkpoint when the barrier comes, without waiting for the checkpoint to be complete. */
class HastyWriter implements SinkWriter<Reading> {
  readonly #store: ObjectStore
  readonly #prefix: string
  #lines: string[] = []
  #files = 0

  constructor(store: ObjectStore, prefix: string) {
    this.#store = store
    this.#prefix = prefix
  }

  write(reading: Reading): void {
    this.#lines.push(lineOf(reading))
  }

  prepareCommit(): readonly never[] {
    if (this.#lines.length === 0) return []
    const finished = `${this.#prefix}-${this.#files}`
    this.#store.put(`.${finished}`, this.#lines)
    this.#store.rename(`.${finished}`, finished)
    this.#lines = []
    this.#files += 1
    return []
  }
}

const hasty: OwnSinkSpec<Reading> = {
  ...fileSink<Reading>('readings', { encode: lineOf }),
  make: (ports) => ({
    createWriter: ({ subtask, attempt }) => new HastyWriter(ports.objects('readings'), `part-${subtask}-${attempt}`),
  }),
}

export const fileRenamedEarly: BugDefinition = {
  id: 'file-renamed-early',
  title: 'A file is renamed before its checkpoint is complete',
  mechanism:
    'The sink finishes its file when the barrier comes: if the checkpoint does not complete, the records come again and are in two finished files.',
  scenario: 'file-sink',
  protocol: 'aligned',
  mutation: {},
  variant: readingsInto(hasty),
  oracles: ['output'],
  verdict: 'safety',
}

import type { BugDefinition } from '../../src/check/index.ts'
import { type KeyValue, type OwnSinkSpec, type SinkWriter, upsertSink } from '../../src/dataflow/index.ts'
import { entryOf, parcelsInto, type Waiting } from '../upsert-sink.ts'

/** Sets keys as they come, whoever has set them before. */
const withoutVersions = (store: KeyValue): SinkWriter<Waiting> => ({
  write: (record) => {
    const entry = entryOf(record)
    if (entry === undefined) store.delete(record[0])
    else store.put(record[0], entry)
  },
})

const correct = upsertSink<Waiting>('parcels', { key: ([town]) => town, value: entryOf })
const stale: OwnSinkSpec<Waiting> = {
  ...correct,
  make: (ports) => ({ createWriter: () => withoutVersions(ports.keyValue('parcels')) }),
}

export const upsertStaleVersion: BugDefinition = {
  id: 'upsert-stale-version',
  title: 'An idempotent sink writes without a version',
  mechanism:
    'A task manager that was given up writes on when it wakes up, or a write of its arrives late: nothing tells the store that a later attempt has set the key to a newer value meanwhile.',
  scenario: 'upsert-sink',
  protocol: 'aligned',
  mutation: {},
  variant: parcelsInto(stale),
  oracles: ['output'],
  verdict: 'safety',
}

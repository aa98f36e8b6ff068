import type { MetadataStoreName } from '../model/index.ts'
import { compareAndSetStore } from './compare-and-set/index.ts'
import { singleStore } from './completed-checkpoint-store.ts'
import type { MetadataStoreFactory } from './metadata-store.ts'
import { paxosStore } from './paxos-store.ts'

/** The metadata stores that there are, by name. */
export const METADATA_STORE_FACTORIES: Readonly<Partial<Record<MetadataStoreName, MetadataStoreFactory>>> = {
  single: singleStore,
  'compare-and-set': compareAndSetStore,
  paxos: paxosStore,
}

export { compareAndSetStore } from './compare-and-set-store.ts'
export { type MetadataOperation, metadataOperationChart } from './metadata-operation.ts'
export { type VersionedObject, versionedObjectChart } from './versioned-object.ts'

export * from './dataflow/index.ts'
export type { Key, KeyType } from './model/index.ts'

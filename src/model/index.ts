export * from './key-group.ts'

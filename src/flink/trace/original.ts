import type { Mutation } from '../../model/index.ts'

/** The machines as they are: charts compiled for one trace serve all others. */
export const ORIGINAL: Mutation = {}

import type { Key, KeyType } from '../model/index.ts'
import type { StepMaker } from './chained-step.ts'
import type { ProcessFunction } from './functions.ts'
import type { SinkSpec, SourceSpec, WatermarkSpec } from './job-graph.ts'

/** What a call on a stream adds to the job. */
export type Body =
  | { readonly kind: 'source'; readonly source: SourceSpec; readonly watermarks: WatermarkSpec | undefined }
  | { readonly kind: 'step'; readonly make: StepMaker }
  | { readonly kind: 'process'; readonly process: () => ProcessFunction; readonly keyed: boolean }
  | { readonly kind: 'sink'; readonly sink: SinkSpec }

/** Where a transformation takes its records from, and how they get there; no partitioner: as the parallelisms suggest. */
export interface Input {
  readonly from: Transformation
  readonly partitioner?: 'forward' | 'rebalance' | 'key'
  readonly keyOf?: (value: never) => Key
  readonly keyType?: KeyType
}

/** One node of the job as it was written: before chaining, before defaults. */
export class Transformation {
  /** What it is called if the user names it nothing. */
  readonly label: string
  readonly body: Body
  readonly input: Input | undefined
  uid: string | undefined
  name: string | undefined
  parallelism: number | undefined

  constructor(label: string, body: Body, input?: Input) {
    this.label = label
    this.body = body
    this.input = input
  }
}

import type { Key, KeyType, Partitioner } from '../model/index.ts'
import type { StepMaker } from './chained-step.ts'
import type { SinkSpec, SourceSpec, WatermarkSpec } from './job-graph.ts'
import type { Operator } from './operator.ts'

/** A factory of the user, and what its product must be able to do: tried out once, when the job is built. */
export interface UserFactory {
  readonly factory: () => unknown
  /** Methods that the product must have. */
  readonly methods: readonly string[]
}

/** What a call on a stream adds to the job. */
export type Body =
  | { readonly kind: 'source'; readonly source: SourceSpec; readonly watermarks: WatermarkSpec | undefined }
  | { readonly kind: 'step'; readonly make: StepMaker }
  | { readonly kind: 'operator'; readonly operator: () => Operator; readonly user?: UserFactory }
  | { readonly kind: 'sink'; readonly sink: SinkSpec }
  /** The head of a loop. */
  | { readonly kind: 'iteration' }

/** Where a transformation takes records from, and how they get there; no partitioner: as the parallelisms suggest. */
export interface Input {
  readonly from: Transformation
  /** Side output of `from`; the main output if left out. */
  readonly tag?: string
  readonly partitioner?: Partitioner
  readonly keyOf?: (value: never) => Key
  readonly keyType?: KeyType
}

/** One node of the job as it was written: before chaining, before defaults. */
export class Transformation {
  /** What it is called if the user names it nothing. */
  readonly label: string
  readonly body: Body
  /** Logical inputs; each is a union of one or more streams. */
  readonly inputs: readonly (readonly Input[])[]
  /** What comes round, for the head of a loop. */
  readonly feedback: Input[] = []
  uid: string | undefined
  name: string | undefined
  parallelism: number | undefined
  /** Made where the user wrote it. */
  readonly written = new Error()

  constructor(label: string, body: Body, inputs: readonly (readonly Input[])[] = []) {
    this.label = label
    this.body = body
    this.inputs = inputs
  }
}

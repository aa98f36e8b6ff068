import { nameOperator, setOperatorParallelism } from './operator-settings.ts'
import type { Transformation } from './transformation.ts'

/** The end of a stream. Flink: DataStreamSink. Made by `sinkTo`; named after its log if it gets no name. */
export class DataStreamSink {
  readonly #operator: Transformation

  /** @internal */
  constructor(operator: Transformation) {
    this.#operator = operator
  }

  /** Names the sink for plans and reports; unique within the job. */
  uid(uid: string): this {
    nameOperator(this.#operator, 'uid', uid)
    return this
  }

  /** What the sink is called as long as it has no uid. */
  name(name: string): this {
    nameOperator(this.#operator, 'name', name)
    return this
  }

  /** @param parallelism number of subtasks, at least 1 */
  setParallelism(parallelism: number): this {
    setOperatorParallelism(this.#operator, parallelism)
    return this
  }
}

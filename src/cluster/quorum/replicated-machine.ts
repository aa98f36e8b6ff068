/** What the commands of the log are applied to: the same operations in the same order give the same answers on every node. */
export interface ReplicatedMachine {
  /** Back to the state before the first operation. */
  reset(): void
  apply(operation: unknown): unknown
  /** The answer to an operation that changes nothing, from the state as it is. */
  read(operation: unknown): unknown
  /** True if the operation changes nothing: it may be answered without the log. */
  reads(operation: unknown): boolean
}

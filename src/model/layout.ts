/** Who runs and who is wired to whom: subtasks and channels, numbered within one layout. */
export interface LayoutVertex {
  /** Number in `vertices`. */
  readonly id: number
  readonly uid: string
  /** Index of the vertex in the job graph. */
  readonly spec: number
  readonly kind: 'source' | 'operator' | 'sink'
  readonly subtask: number
  readonly parallelism: number
  /** Channels by number, in the order of edges and subtasks. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}
/** How the records of an edge are dealt out. 'broadcast': to every subtask; 'global': to the first. Flink: StreamPartitioner. */
export type Partitioner = 'forward' | 'key' | 'rebalance' | 'broadcast' | 'global'

export interface LayoutChannel {
  readonly id: number
  /** Index of the edge in the job graph. */
  readonly edge: number
  readonly partitioner: Partitioner
  /** Logical input of the receiving operator, from 0. */
  readonly input: number
  readonly from: number
  readonly to: number
  /** Place among the outputs of `from`, and among the inputs of `to`. */
  readonly outputIndex: number
  readonly inputIndex: number
}
export interface Layout {
  readonly vertices: readonly LayoutVertex[]
  readonly channels: readonly LayoutChannel[]
  /** Subtasks of a vertex of the job graph, by subtask. */
  readonly bySpec: readonly (readonly number[])[]
}

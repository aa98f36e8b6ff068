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
/** 'count[1]': a subtask as people are told of it. */
export const subtaskName = ({ uid, subtask }: Pick<LayoutVertex, 'uid' | 'subtask'>): string => `${uid}[${subtask}]`
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
  /** True if it leads back to the head of a loop. Such channels are the last inputs and the last outputs of a subtask. */
  readonly feedback?: true
  /** True if both ends are part of one loop. */
  readonly loop?: true
}
/** The job at one parallelism: subtasks and channels that run together. They keep the numbers that they have in the layout. */
export interface Shape {
  readonly vertices: readonly LayoutVertex[]
  readonly channels: readonly LayoutChannel[]
  /** Subtasks of a vertex of the job graph, by subtask. */
  readonly bySpec: readonly (readonly number[])[]
}
/** Everything that may run. `bySpec` is that of the first shape. */
export interface Layout extends Shape {
  /**
   * One for each parallelism that the job may be given, the declared one first, each with one slot less than the one before it.
   * Vertices of a shape have numbers that follow one another. Absent: the job keeps its parallelism, and the layout is its shape.
   */
  readonly shapes?: readonly Shape[]
}

/** All shapes of a layout. */
export const shapesOf = (layout: Layout): readonly Shape[] => layout.shapes ?? [layout]

/** The shape that a vertex is part of. */
export function shapeOf(layout: Layout, vertex: number): Shape {
  if (layout.shapes === undefined) return layout
  return layout.shapes.find(({ vertices }) => vertex <= vertices[vertices.length - 1]!.id)!
}

import type { JobGraph } from '../dataflow/index.ts'
import type { ClusterParts } from './parts.ts'

/**
 * Per edge of a job graph: whether barriers may overtake records on it. Where an edge is pointwise, channels cannot be dealt out
 * anew at another parallelism; where it is a broadcast, the copies of one record would lie on different sides of the cut. One such
 * edge makes all edges into the same vertex align. Flink: StreamGraphGenerator.shouldDisableUnalignedCheckpointing (FLINK-22815).
 */
export function overtakableEdges(
  { vertices, edges }: JobGraph,
  { alignsAlways }: Pick<ClusterParts, 'alignsAlways'>,
): readonly boolean[] {
  const aligns = vertices.map((_, vertex) =>
    edges.some(({ to, partitioner }) => to === vertex && alignsAlways(partitioner)),
  )
  return edges.map(({ to }) => !aligns[to]!)
}

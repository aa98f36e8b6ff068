import type { JobDump, VertexDump } from './job-dump.ts'
import { clusterDurationMs } from './restart-settings.ts'

/** Flink: execution.buffer-timeout.interval. */
const BUFFER_TIMEOUT_MS = 100

/**
 * The lag of a job at rest, ms: a buffer timeout per network hop of its longest path, as a buffer that does not fill is sent
 * when the timeout ends. In the cluster data 186 to 208 ms with two hops.
 */
export function normalLagMs(dump: JobDump): number {
  const timeoutMs = clusterDurationMs(
    dump,
    BUFFER_TIMEOUT_MS,
    'execution.buffer-timeout.interval',
    'execution.buffer-timeout',
  )
  return longestPath(dump.vertices) * timeoutMs
}

/** Hops on the longest path of the job graph; 1 where no plan tells. */
export function longestPath(vertices: readonly VertexDump[]): number {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const hops = new Map<string, number>()
  const hopsTo = (id: string, above: readonly string[]): number => {
    const done = hops.get(id)
    if (done !== undefined || above.includes(id)) return done ?? 0
    const inputs = byId.get(id)?.inputs ?? []
    const longest = inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map((input) => hopsTo(input, [...above, id])))
    hops.set(id, longest)
    return longest
  }
  if (vertices.every((vertex) => vertex.inputs === null)) return 1
  return Math.max(0, ...vertices.map((vertex) => hopsTo(vertex.id, [])))
}

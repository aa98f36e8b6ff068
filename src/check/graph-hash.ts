import type { JobGraph } from '../dataflow/index.ts'
import { hashText } from '../kernel/index.ts'
import { canonicalJson } from './plan-codec.ts'

/**
 * The hash of a job graph's shape: uids, kinds, edges with their partitioners and key types, settings. A token carries it, so
 * that a replay can tell that the job has changed since. Parallelism is left out, since the plan says it; so are user
 * functions, which have no identity beyond their text.
 * @returns 8 hexadecimal digits
 */
export function graphHash(graph: JobGraph): string {
  const shape = {
    settings: graph.settings,
    vertices: graph.vertices.map(({ uid, kind, source, watermarks, chain, sink }) => ({
      uid,
      kind,
      steps: chain.length,
      ratePerSecond: source?.ratePerSecond,
      watermarks: watermarks?.describe,
      idleAfterMs: watermarks?.idleAfterMs,
      sink,
    })),
    edges: graph.edges.map(({ keyOf, ...edge }) => ({ ...edge, keyed: keyOf !== undefined })),
  }
  return (hashText(canonicalJson(shape)) >>> 0).toString(16).padStart(8, '0')
}

import type { EdgeSpec, JobGraph } from '../dataflow/index.ts'
import type { Key, Layout } from '../model/index.ts'

/** An edge as it leaves one subtask: what is the same for all its attempts. */
export interface Outlet {
  /** Index of the edge in the job graph. */
  readonly edge: number
  readonly spec: EdgeSpec
  /** Output number of each receiver, by its subtask; for a forward edge the only one. */
  readonly outputs: readonly number[]
  /** Key groups of keys seen before: keys are few and come again. */
  readonly groups: Map<Key, number>
}
/** The outlets of a subtask. */
export interface Outlets {
  readonly main: readonly Outlet[]
  /** Of the side outputs, by tag. */
  readonly sides: ReadonlyMap<string, readonly Outlet[]>
}

/** The outlets of each vertex of the layout. */
export function outletsOf(graph: JobGraph, layout: Layout): readonly Outlets[] {
  return layout.vertices.map((vertex) => {
    const main: Outlet[] = []
    const sides = new Map<string, Outlet[]>()
    graph.edges.forEach((spec, edge) => {
      if (spec.from !== vertex.spec) return
      const channels = vertex.outputs.map((c) => layout.channels[c]!).filter((c) => c.edge === edge)
      const outlet = { edge, spec, outputs: channels.map((c) => c.outputIndex), groups: new Map<Key, number>() }
      if (spec.tag === undefined) main.push(outlet)
      else sides.set(spec.tag, [...(sides.get(spec.tag) ?? []), outlet])
    })
    return { main, sides }
  })
}

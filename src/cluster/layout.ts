import { type JobGraph, loopHeads } from '../dataflow/index.ts'
import type { Layout, LayoutChannel, LayoutVertex, Shape } from '../model/index.ts'

type Vertex = LayoutVertex & { readonly inputs: number[]; readonly outputs: number[] }

/**
 * Subtasks and channels of a job graph. Channels of an edge: forward i to i, else every sender to every receiver.
 * @param rescales whether the job may be given fewer slots than it has been declared for: then each number of slots has a shape
 */
export function layoutOf(graph: JobGraph, rescales = false): Layout {
  const vertices: Vertex[] = []
  const channels: LayoutChannel[] = []
  const most = Math.max(...graph.vertices.map(({ parallelism }) => parallelism))
  const first = addShape(graph, most, vertices, channels)
  if (!rescales) return first
  const shapes = [first]
  for (let slots = most - 1; slots >= 1; slots -= 1) shapes.push(addShape(graph, slots, vertices, channels))
  return { vertices, channels, bySpec: first.bySpec, shapes }
}

/** With `slots` slots a vertex has as many subtasks, unless fewer were declared. Flink: AdaptiveScheduler, SlotSharingSlotAllocator. */
function addShape(graph: JobGraph, slots: number, vertices: Vertex[], channels: LayoutChannel[]): Shape {
  const firstVertex = vertices.length
  const firstChannel = channels.length
  const bySpec = graph.vertices.map(({ uid, kind, parallelism: declared }, spec) => {
    const parallelism = Math.min(declared, slots)
    return Array.from({ length: parallelism }, (_, subtask) => {
      const id = vertices.length
      vertices.push({ id, uid, spec, kind, subtask, parallelism, inputs: [], outputs: [] })
      return id
    })
  })
  const loops = loopHeads(graph.vertices.length, graph.edges)
  graph.edges.forEach((edge, index) => {
    const inLoop = loops[edge.from]! >= 0 && loops[edge.from] === loops[edge.to]
    for (const from of bySpec[edge.from]!)
      for (const to of bySpec[edge.to]!) {
        const sender = vertices[from]!
        const receiver = vertices[to]!
        if (edge.partitioner === 'forward' && sender.subtask !== receiver.subtask) continue
        const id = channels.length
        channels.push({
          id,
          edge: index,
          partitioner: edge.partitioner,
          input: edge.input,
          from,
          to,
          outputIndex: sender.outputs.length,
          inputIndex: receiver.inputs.length,
          ...(edge.feedback === true ? { feedback: true as const } : {}),
          ...(inLoop ? { loop: true as const } : {}),
        })
        sender.outputs.push(id)
        receiver.inputs.push(id)
      }
  })
  return { vertices: vertices.slice(firstVertex), channels: channels.slice(firstChannel), bySpec }
}

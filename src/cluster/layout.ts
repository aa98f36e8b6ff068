import type { JobGraph } from '../dataflow/index.ts'
import type { Layout, LayoutChannel, LayoutVertex } from '../model/index.ts'

/** Subtasks and channels of a job graph. Channels of an edge: forward i to i, else every sender to every receiver. */
export function layoutOf(graph: JobGraph): Layout {
  const bySpec: number[][] = []
  const vertices: (LayoutVertex & { inputs: number[]; outputs: number[] })[] = []
  graph.vertices.forEach((vertex, spec) => {
    bySpec.push([])
    for (let subtask = 0; subtask < vertex.parallelism; subtask += 1) {
      const id = vertices.length
      bySpec[spec]!.push(id)
      vertices.push({
        id,
        uid: vertex.uid,
        spec,
        kind: vertex.kind,
        subtask,
        parallelism: vertex.parallelism,
        inputs: [],
        outputs: [],
      })
    }
  })
  const channels: LayoutChannel[] = []
  graph.edges.forEach((edge, index) => {
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
        })
        sender.outputs.push(id)
        receiver.inputs.push(id)
      }
  })
  return { vertices, channels, bySpec }
}

import type { Layout, LayoutChannel, LayoutVertex } from '../../../src/model/index.ts'
import type { CoordinatorConfig } from './coordinator-case.ts'

/** Sources, then sinks. Pointwise: each consumer reads a block of producers, or each producer feeds a block of consumers. */
export function twoStageLayout({ srcP, sinkP, edge }: CoordinatorConfig): Layout {
  const vertices: LayoutVertex[] = []
  const channels: LayoutChannel[] = []
  const bySpec: number[][] = []
  const add = (kind: 'source' | 'sink', parallelism: number): void => {
    const spec = bySpec.length
    bySpec.push([])
    for (let subtask = 0; subtask < parallelism; subtask += 1) {
      const id = vertices.length
      bySpec[spec]!.push(id)
      vertices.push({ id, uid: kind, spec, kind, subtask, parallelism, inputs: [], outputs: [] })
    }
  }
  add('source', srcP)
  if (sinkP > 0) add('sink', sinkP)
  const inputs = vertices.map((): number[] => [])
  const outputs = vertices.map((): number[] => [])
  for (let from = 0; from < srcP; from += 1)
    for (let sink = 0; sink < sinkP; sink += 1) {
      const to = srcP + sink
      const block =
        srcP <= sinkP ? Math.floor((sink * srcP) / sinkP) === from : Math.floor((from * sinkP) / srcP) === sink
      if (edge === 'pointwise' && !block) continue
      const id = channels.length
      const [outputIndex, inputIndex] = [outputs[from]!.length, inputs[to]!.length]
      outputs[from]!.push(id)
      inputs[to]!.push(id)
      channels.push({ id, edge: 0, partitioner: 'forward', input: 0, from, to, outputIndex, inputIndex })
    }
  return {
    vertices: vertices.map((vertex) => ({ ...vertex, inputs: inputs[vertex.id]!, outputs: outputs[vertex.id]! })),
    channels,
    bySpec,
  }
}

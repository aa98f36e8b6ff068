/**
 * The loops of a job graph, found statically: the vertices that can come back to themselves over a feedback edge.
 * @returns for each vertex the head of its loop, which feedback edges lead to (the first one of several); -1 if it is in none
 */
export function loopHeads(
  vertices: number,
  edges: readonly { readonly from: number; readonly to: number; readonly feedback?: true }[],
): readonly number[] {
  const reached = Array.from({ length: vertices }, (_, from) => reachable(from, edges))
  const heads = edges
    .filter(({ feedback }) => feedback === true)
    .map(({ to }) => to)
    .sort((a, b) => a - b)
  return reached.map((after, vertex) => heads.find((head) => after.has(head) && reached[head]!.has(vertex)) ?? -1)
}

/** Vertices that edges lead to from a vertex, itself only if it lies on a circle. */
function reachable(from: number, edges: readonly { readonly from: number; readonly to: number }[]): Set<number> {
  const reached = new Set<number>()
  const open = [from]
  for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop())
    for (const edge of edges) {
      if (edge.from !== vertex || reached.has(edge.to)) continue
      reached.add(edge.to)
      open.push(edge.to)
    }
  return reached
}

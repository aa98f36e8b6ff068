/**
 * Which vertices are started again when one fails.
 *
 * ```
 *   source[0] ──> map[0] ══> sink[0]         ──>  pipelined: both ends run at once, and so they fail together: one region
 *   source[1] ──> map[1] ══> sink[1]         ══>  kept (blocking): can be read again, so that its producer need not run again
 * ```
 *
 * A region of vertices that exchange data in a pipeline restarts as a whole. It takes all regions with it that consume what it
 * makes, since that is made anew, and those that make what it consumes if that is lost or cannot be read twice.
 *
 * Flink: RestartPipelinedRegionFailoverStrategy, SchedulingPipelinedRegionComputeUtil; facts: flink-behaviour.md 35.
 */

/** How a result is handed over. Flink: ResultPartitionType. */
export type ResultType = 'pipelined' | 'blocking' | 'pipelined-approximate' | 'hybrid-full'

/** What a vertex makes for some others. Vertices are numbered from 0. */
export interface ResultPartition {
  readonly producer: number
  readonly consumers: readonly number[]
  readonly type: ResultType
  /** False if it is known to be lost. */
  readonly available: boolean
}
export interface FailoverTopology {
  readonly vertices: number
  readonly partitions: readonly ResultPartition[]
}

/** The regions of vertices that fail together: a partition of all vertices, each in rising order, by their first vertices. */
export function pipelinedRegions({ vertices, partitions }: FailoverTopology): readonly (readonly number[])[] {
  const raw = new Groups(vertices)
  for (const { producer, consumers, type } of partitions)
    if (type === 'pipelined') for (const consumer of consumers) raw.join(producer, consumer)
  // regions that wait for one another in a circle can only run at once
  const after = Array.from({ length: vertices }, (): number[] => [])
  for (const { producer, consumers } of partitions)
    for (const consumer of consumers)
      if (raw.of(producer) !== raw.of(consumer)) after[raw.of(producer)]!.push(raw.of(consumer))
  const merged = new Groups(vertices)
  for (let vertex = 0; vertex < vertices; vertex += 1) merged.join(vertex, raw.of(vertex))
  for (const circle of stronglyConnected(after)) for (const region of circle) merged.join(circle[0]!, region)
  return merged.lists()
}

/**
 * @param failed the vertex that failed
 * @param unreadable index of the partition that it could not read, if that is why it failed
 * @param started tells which vertices have been started at all; the others need no restart
 * @returns vertices to restart, in rising order
 */
export function verticesToRestart(
  { vertices, partitions }: FailoverTopology,
  failed: number,
  unreadable: number | null,
  started: (vertex: number) => boolean,
): readonly number[] {
  const regions = pipelinedRegions({ vertices, partitions })
  const regionOf = new Map(regions.flatMap((region, index) => region.map((vertex) => [vertex, index] as const)))
  const first = regionOf.get(failed)
  if (first === undefined) throw new RangeError(`a vertex below ${vertices} can fail, but not vertex ${failed}`)
  const involved = new Set([first])
  // a set that grows while it is walked is walked to its end
  for (const region of involved) {
    for (const [index, partition] of partitions.entries()) {
      const producer = regionOf.get(partition.producer)!
      const consumers = partition.consumers.map((consumer) => regionOf.get(consumer)!)
      if (producer === region) for (const consumer of consumers) involved.add(consumer)
      else if (consumers.includes(region) && (index === unreadable || !readableAgain(partition))) involved.add(producer)
    }
  }
  return [...involved].flatMap((region) => regions[region]!.filter(started)).sort((a, b) => a - b)
}
/** An approximate pipeline goes on with what comes, without what was lost. */
const readableAgain = ({ type, available }: ResultPartition): boolean => available && type !== 'pipelined'

/** Numbers in groups, each known by its lowest member. */
class Groups {
  readonly #lowest: number[]
  constructor(size: number) {
    this.#lowest = Array.from({ length: size }, (_, i) => i)
  }
  of(member: number): number {
    let lowest = member
    while (this.#lowest[lowest]! !== lowest) lowest = this.#lowest[lowest]!
    this.#lowest[member] = lowest
    return lowest
  }
  join(a: number, b: number): void {
    const [low, high] = [Math.min(this.of(a), this.of(b)), Math.max(this.of(a), this.of(b))]
    this.#lowest[high] = low
  }
  lists(): readonly (readonly number[])[] {
    const lists = new Map<number, number[]>()
    for (let member = 0; member < this.#lowest.length; member += 1) {
      const list = lists.get(this.of(member))
      if (list === undefined) lists.set(member, [member])
      else list.push(member)
    }
    return [...lists.values()]
  }
}

/** Groups of nodes that reach one another, by Kosaraju: forwards for an order, backwards for the groups. */
function stronglyConnected(after: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const before = after.map((): number[] => [])
  for (const [node, targets] of after.entries()) for (const target of targets) before[target]!.push(node)
  const order = finished(after, after.keys())
  const seen = new Set<number>()
  return order.reverse().flatMap((node) => {
    const group = seen.has(node) ? [] : finished(before, [node], seen)
    return group.length === 0 ? [] : [group]
  })
}
/** The nodes that are reached from some others, each after those it leads to. */
function finished(
  after: readonly (readonly number[])[],
  from: Iterable<number>,
  seen: Set<number> = new Set(),
): number[] {
  const order: number[] = []
  for (const root of from) {
    if (seen.has(root)) continue
    seen.add(root)
    const path = [{ node: root, next: 0 }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = after[top.node]![top.next]
      top.next += 1
      if (target === undefined) {
        order.push(top.node)
        path.pop()
      } else if (!seen.has(target)) {
        seen.add(target)
        path.push({ node: target, next: 0 })
      }
    }
  }
  return order
}

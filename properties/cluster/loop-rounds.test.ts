/** Loops of any width, with records that go round at random: over when nothing goes round, and never before. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LoopRounds, MISSING, OVER } from '../../src/cluster/loop-rounds.ts'

type Item = { readonly left: number } | { readonly told: number }
interface Node {
  readonly rounds: LoopRounds
  readonly isHead: boolean
  readonly outs: Item[][]
  over: boolean
}
interface Wired {
  readonly nodes: readonly Node[]
  /** Of each node: its input channels. */
  readonly ins: readonly (readonly Item[][])[]
}

/** A head, some stages behind it, and back: each edge leads from subtask to subtask, or from all to all. */
function ring(width: number, stages: readonly boolean[]): Wired {
  const count = stages.length
  const ins = Array.from({ length: width * count }, (): Item[][] => [])
  const outs = ins.map((): Item[][] => [])
  stages.forEach((all, stage) => {
    for (let from = 0; from < width; from += 1)
      for (let to = 0; to < width; to += 1) {
        if (!all && from !== to) continue
        const channel: Item[] = []
        outs[stage * width + from]!.push(channel)
        ins[((stage + 1) % count) * width + to]!.push(channel)
      }
  })
  const nodes = ins.map((own, i): Node => {
    const rounds = new LoopRounds(own.length, own.length, i < width)
    rounds.reset()
    return { rounds, isHead: i < width, outs: outs[i]!, over: false }
  })
  return { nodes, ins }
}
const arbitraryRing = fc.record({
  width: fc.integer({ min: 1, max: 3 }),
  stages: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  records: fc.array(fc.nat(40), { maxLength: 3 }),
  seed: fc.nat(),
})

describe('a loop is over', () => {
  it('when nothing goes round any more: not before, and on all its heads', () => {
    fc.assert(fc.property(arbitraryRing, isOverInTime), { numRuns: 300 })
  })
})

function isOverInTime(spec: typeof arbitraryRing extends fc.Arbitrary<infer T> ? T : never): void {
  const { nodes, ins } = ring(spec.width, spec.stages)
  let state = spec.seed
  const choose = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % n
  }
  const send = (node: Node, item: Item): void => {
    node.rounds.recordSent()
    node.outs[choose(node.outs.length)]!.push(item)
  }
  const goRound = (node: Node): void => {
    for (let told = node.rounds.next(); told !== MISSING; told = node.rounds.next()) {
      if (told === OVER) {
        node.over = true
        // without an edge from all to all, each lane is a loop of its own
        const isOwn = (other: number): boolean =>
          spec.stages.includes(true) || other % spec.width === nodes.indexOf(node) % spec.width
        for (const channel of ins.filter((_, other) => isOwn(other)).flat())
          expect(channel.filter((item) => 'left' in item)).toEqual([])
        return
      }
      for (const channel of node.outs) channel.push({ told })
    }
  }
  for (const left of spec.records) send(nodes[choose(spec.width)]!, { left })
  for (const node of nodes) if (node.isHead) goRound(node)
  for (let step = 0; step < 20_000; step += 1) {
    const ready = ins.flatMap((channels, node) =>
      channels.flatMap((channel, input) => (channel.length > 0 ? [{ channel, node, input }] : [])),
    )
    if (ready.length === 0) break
    const { channel, node: at, input } = ready[choose(ready.length)]!
    const node = nodes[at]!
    const item = channel.shift()!
    if ('told' in item) {
      node.rounds.arrived(input, item.told)
      if (!node.over) goRound(node)
    } else if (item.left > 0) send(node, { left: item.left - 1 })
  }
  expect(nodes.filter(({ isHead, over }) => isHead && !over)).toEqual([])
}

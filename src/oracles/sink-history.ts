import type { Branch, Ledger, Sync } from './ledger.ts'

/** The records that sinks of users were called with, along every lineage: what their output is measured against. */
export class SinkHistory {
  readonly #ledger: Ledger
  /** Per branch, by vertex: records since the fork. */
  readonly #received: Map<number, unknown[]>[] = []
  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }
  reset(): void {
    this.#received.length = 0
  }
  #since(branch: Branch): Map<number, unknown[]> {
    let own = this.#received[branch.id]
    if (own === undefined) {
      own = new Map()
      this.#received[branch.id] = own
    }
    return own
  }
  received(branch: Branch, vertex: number, value: unknown): void {
    const own = this.#since(branch)
    const held = own.get(vertex)
    if (held === undefined) own.set(vertex, [value])
    else held.push(value)
  }
  /** Records from the beginning of the lineage, in order. */
  values(branch: Branch, vertex: number): unknown[] {
    const own = this.#since(branch).get(vertex) ?? []
    if (branch.parent === null) return [...own]
    return [...this.values(branch.parent, vertex).slice(0, branch.forkInvocations[vertex]), ...own]
  }
  /** How many records of `branch` a cut holds; -1 if the branch is not of its history. */
  heldBy(sync: Sync, branch: Branch, vertex: number): number {
    return sync.branch === branch ? sync.invocations : this.#forkedAt(sync.branch, branch, vertex)
  }
  /** How many records of `branch` belong to the history that goes on; -1 if none. */
  surviving(branch: Branch, vertex: number): number {
    const { live } = this.#ledger
    return live === branch ? Number.POSITIVE_INFINITY : this.#forkedAt(live, branch, vertex)
  }
  #forkedAt(of: Branch, branch: Branch, vertex: number): number {
    for (let b: Branch | null = of; b !== null; b = b.parent) if (b.parent === branch) return b.forkInvocations[vertex]!
    return -1
  }
}

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { BARRIER, CANCEL, P, PHASE_NAMES, type TaskHost } from '../../src/model/index.ts'
import { AlignedTask } from '../../src/protocols/aligned-task.ts'

// The tasks of this file are made and thrown away by the thousand.
const start = extent()
afterAll(() => release(lease(start)))

/** What a handler was fed and what real Flink did: data/vectors/SCHEMA.md, section 1. */
interface Step {
  readonly ev: readonly [what: 'b' | 'c' | 'e' | 'r' | 't', channelOrMs: number, idOrBytes?: number]
  readonly acts?: readonly (readonly [what: string, channelOrId: number, ...rest: unknown[]])[]
  /** Channels whose sender is stopped after the step. */
  readonly blocked: readonly number[]
  readonly cur: number
  readonly p: number
}
interface Case {
  readonly id: string
  readonly n: number
  readonly steps: readonly Step[]
}
const cases: readonly Case[] = gunzipSync(
  readFileSync(new URL('../fixtures/vectors/aligned.jsonl.gz', import.meta.url)),
)
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** A host that writes down what it is asked for, with senders that stop by themselves behind a barrier, as Flink's do. */
class Recorder implements TaskHost {
  log: string[] = []
  readonly stopped = new Set<number>()
  readonly due: number[] = []
  constructor(readonly inputs: number) {}
  block(input: number): void {
    // taken back before anything could come: as if it had never been released
    const resumed = this.log.indexOf(`resume ${input}`)
    if (resumed >= 0) this.log.splice(resumed, 1)
    this.stopped.add(input)
    this.log.push(`block ${input}`)
  }
  unblock(input: number): void {
    if (this.stopped.delete(input)) this.log.push(`resume ${input}`)
  }
  broadcast(kind: typeof BARRIER | typeof CANCEL, checkpoint: number): void {
    this.log.push(`${kind === BARRIER ? 'barrier' : 'cancel'} ${checkpoint}`)
  }
  requestSnapshot(checkpoint: number): void {
    this.due.push(checkpoint)
  }
  decline(checkpoint: number): void {
    this.log.push(`abort ${checkpoint}`)
  }
  cancelAsync(checkpoint: number): void {
    this.log.push(`cancel async ${checkpoint}`)
  }
  timer(delayUs: number, code: number, a: number): void {
    this.log.push(`timer ${delayUs} ${code} ${a}`)
  }
  phase(code: number): void {
    this.log.push(PHASE_NAMES[code]!)
  }
}
/** The mailbox gets its turn: snapshots that are due are taken. */
function settle(task: AlignedTask, host: Recorder): void {
  for (let id = host.due.shift(); id !== undefined; id = host.due.shift()) {
    if (!task.onSnapshotDue(id)) {
      host.log.push(`skip ${id}`)
      continue
    }
    host.log.push(`trigger ${id}`)
    task.onSnapshotTaken(id)
  }
}
function task(inputs: number, restored = 0) {
  const host = new Recorder(inputs)
  const aligned = new AlignedTask(host, 'task', {})
  aligned.reset(restored)
  host.log = []
  return {
    host,
    aligned,
    barrier: (input: number, id: number) => {
      host.stopped.add(input)
      aligned.onControl(input, BARRIER, id)
    },
    cancel: (input: number, id: number) => aligned.onControl(input, CANCEL, id),
    settle: () => settle(aligned, host),
    /** What was done since the last look, without phases. */
    did: () => {
      const done = host.log.filter((line) => !(line in P))
      host.log = []
      return done
    },
  }
}

/** Flink iterates a hash set when it resumes channels: runs of resumes have no order. */
function withRunsSorted(acts: readonly string[]): string[] {
  const sorted: string[] = []
  let run: string[] = []
  for (const act of [...acts, '']) {
    if (act.startsWith('resume')) run.push(act)
    else {
      sorted.push(...run.sort(), ...(act === '' ? [] : [act]))
      run = []
    }
  }
  return sorted
}

interface Compared {
  steps: number
  /** Steps in which the same was done, in another order. */
  readonly reordered: Step[]
  difference: string | null
}
/** Feeds a case up to its first end of partition, which this protocol does not look at. */
function compare({ id, n, steps }: Case): Compared {
  const { host, aligned, barrier, cancel, settle, did } = task(n)
  const compared: Compared = { steps: 0, reordered: [], difference: null }
  for (const step of steps) {
    const [what, channel, checkpoint] = step.ev
    if (what === 'e') break
    if (what === 'b') barrier(channel, checkpoint!)
    if (what === 'c') cancel(channel, checkpoint!)
    settle()
    const wanted = withRunsSorted((step.acts ?? []).map(([act, of]) => `${act} ${of}`))
    const got = withRunsSorted(did().filter((line) => !line.startsWith('cancel')))
    const after = { blocked: [...host.stopped].sort(), cur: aligned.current || -1, p: aligned.arrived > 0 ? 1 : 0 }
    const same = `${[...wanted].sort()}` === `${[...got].sort()}`
    if (same && `${wanted}` !== `${got}`) compared.reordered.push(step)
    if (!same || JSON.stringify(after) !== JSON.stringify({ blocked: step.blocked, cur: step.cur, p: step.p })) {
      compared.difference = `${id}, step ${compared.steps} ${step.ev}: Flink ${wanted} ${JSON.stringify(step)}, here ${got} ${JSON.stringify(after)}`
      return compared
    }
    compared.steps += 1
  }
  return compared
}
const has =
  (...kinds: readonly string[]) =>
  ({ steps }: Case): boolean =>
    steps.some(({ ev }) => kinds.includes(ev[0]))

describe('beside SingleCheckpointBarrierHandler of Flink 2.3.0', () => {
  const summary = (of: readonly Case[]) => {
    const all = of.map(compare)
    expect(all.flatMap(({ difference }) => difference ?? [])).toEqual([])
    return {
      cases: all.length,
      steps: all.reduce((sum, { steps }) => sum + steps, 0),
      inOrder: all.filter(({ reordered }) => reordered.length === 0).length,
    }
  }

  it('does the same at every step of the cases of barriers and cancellations alone', () => {
    expect(summary(cases.filter((c) => !has('e', 'r', 't')(c)))).toEqual({ cases: 14, steps: 118, inOrder: 14 })
  })

  it('does the same at every step of the cases without an end of partition', () => {
    expect(summary(cases.filter((c) => !has('e')(c)))).toEqual({ cases: 402, steps: 10_445, inOrder: 402 })
  })

  it('does the same in the others up to the first end', () => {
    expect(summary(cases.filter(has('e')))).toEqual({ cases: 315, steps: 3358, inOrder: 315 })
  })
})

describe('an aligned task', () => {
  it('tells downstream and the coordinator of a checkpoint that is not taken here', () => {
    const { barrier, cancel, did } = task(2)
    barrier(0, 1)
    cancel(1, 1)
    expect(did()).toEqual(['block 0', 'resume 0', 'cancel 1', 'abort 1'])
    barrier(0, 2)
    barrier(1, 3)
    expect(did()).toEqual(['block 0', 'resume 0', 'cancel 2', 'abort 2', 'block 1'])
  })

  it('takes the snapshot only when the mailbox gets its turn, with all inputs blocked until then', () => {
    const { aligned, host, barrier, did } = task(2)
    barrier(0, 1)
    barrier(1, 1)
    expect(did()).toEqual(['block 0', 'block 1'])
    expect([...host.stopped]).toEqual([0, 1])
    expect(host.due).toEqual([1])
    expect(aligned.onSnapshotDue(1)).toBe(true)
    expect(did()).toEqual([])
    aligned.onSnapshotTaken(1)
    expect(did()).toEqual(['resume 0', 'resume 1'])
  })

  it('marks the phases', () => {
    const { host, barrier } = task(2)
    barrier(1, 1)
    barrier(0, 1)
    expect(host.log.filter((line) => line in P)).toEqual(['barrier-received', 'barrier-received', 'aligned'])
  })

  it('remembers notices of aborted checkpoints that have not come yet, the last eight of them', () => {
    const { aligned, barrier, settle, did } = task(1)
    for (let id = 1; id <= 9; id += 1) aligned.onAbort(id)
    const taken: string[] = []
    for (let id = 1; id <= 10; id += 1) {
      barrier(0, id)
      settle()
      taken.push(...did().filter((line) => !line.endsWith(' 0')))
    }
    const cancelled = [2, 3, 4, 5, 6, 7, 8, 9].flatMap((id) => [`cancel ${id}`, `skip ${id}`])
    expect(taken).toEqual(['trigger 1', ...cancelled, 'trigger 10'])
  })

  it('stops the asynchronous part of a checkpoint whose abort comes afterwards', () => {
    const { aligned, barrier, settle, did } = task(1)
    barrier(0, 4)
    settle()
    did()
    aligned.onAbort(4)
    aligned.onAbort(3)
    expect(did()).toEqual(['cancel async 4', 'cancel async 3'])
  })

  it('takes a completion for news once, in rising order, and none that the restored checkpoint knew', () => {
    const { aligned } = task(1, 5)
    expect([4, 5, 6, 6, 8, 7, 9].filter((id) => aligned.onComplete(id))).toEqual([6, 8, 9])
  })

  it('of a source is triggered by the coordinator, once per checkpoint and never for an old one', () => {
    const { aligned, settle, did } = task(0, 5)
    for (const id of [5, 4, 6, 6, 7]) {
      aligned.onTrigger(id)
      settle()
    }
    expect(did()).toEqual(['trigger 6', 'trigger 7'])
  })

  it('begins anew with an attempt: nothing of the last one is left', () => {
    const { aligned, barrier, host, settle, did } = task(2)
    barrier(0, 3)
    aligned.onAbort(7)
    aligned.onComplete(3)
    aligned.reset(2)
    host.stopped.clear()
    did()
    expect(aligned.onComplete(3)).toBe(true)
    for (const id of [3, 7]) {
      barrier(0, id)
      barrier(1, id)
      settle()
    }
    expect(did().filter((line) => line.startsWith('trigger'))).toEqual(['trigger 3', 'trigger 7'])
  })

  it('says which event it did not expect', () => {
    const { aligned, barrier } = task(2)
    barrier(0, 1)
    expect(() => aligned.onTrigger(2)).toThrow('task: TRIGGER of checkpoint 2 is not expected in state aligning')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LOST, TransactionalLog } from '../../src/cluster/transactional-log.ts'
import { Kernel } from '../../src/kernel/index.ts'
import { type Attempt, EFFECT_NAMES, FAILED, FATE, type Observer, OK, UNKNOWN } from '../../src/model/index.ts'

const attempt: Attempt = { id: 1, vertex: 0, execution: 1, branch: 0, taskManager: 0 }

/** A log that hears which fate each effect meets, and whose every call is an event of its own, as in a task. */
function opened() {
  const kernel = new Kernel()
  let call = (): void => {}
  const id = kernel.register({ name: 'client', receive: () => call() }, kernel.process())
  kernel.reset('s')
  const heard: string[] = []
  const observer = new Proxy({} as Observer, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        if (name !== 'phase') heard.push(`${String(name)} ${args.slice(1).map(String).join(' ')}`)
      },
  })
  const fates: number[] = []
  const log = new TransactionalLog(kernel)
  log.reset(observer, {
    effect: (effect) => {
      expect(['commit', 'write']).toContain(EFFECT_NAMES[effect])
      return { fate: fates.shift() ?? FATE.none, extraUs: 0 }
    },
  })
  const does = <T>(body: () => T): T => {
    let result!: T
    call = () => {
      result = body()
    }
    kernel.schedule(1, id, 0)
    kernel.run(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    return result
  }
  return {
    log,
    heard,
    fates,
    begin: () => does(() => log.begin('out', attempt)),
    write: (tx: number, value: unknown) => does(() => log.write(tx, value, attempt)),
    prepare: (tx: number) => does(() => log.prepare(tx, attempt)),
    commit: (tx: number) => does(() => log.commit(tx, attempt)),
    abort: (tx: number) => does(() => log.abort(tx)),
    append: (value: unknown) => does(() => log.append('plain', value, attempt)),
  }
}

describe('the transactional log', () => {
  it('shows the records of committed transactions, in the order of commits, once, and nothing else', () => {
    const action = fc.tuple(fc.constantFrom('write', 'write', 'prepare', 'commit', 'abort'), fc.nat({ max: 2 }))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const { log, begin, write, prepare, commit, abort } = opened()
        const ids = [begin(), begin(), begin()]
        const records: string[][] = [[], [], []]
        const state = ['open', 'open', 'open']
        const visible: string[] = []
        actions.forEach(([what, which], i) => {
          const tx = ids[which]!
          if (what === 'write') {
            expect(write(tx, `r${i}`)).toBe(state[which] === 'open')
            if (state[which] === 'open') records[which]!.push(`r${i}`)
          } else if (what === 'prepare') {
            prepare(tx)
            if (state[which] === 'open') state[which] = 'prepared'
          } else if (what === 'commit') {
            expect(commit(tx)).toBe(state[which] === 'aborted' ? LOST : OK)
            if (state[which] === 'open' || state[which] === 'prepared') {
              state[which] = 'committed'
              visible.push(...records[which]!)
            }
          } else {
            abort(tx)
            if (state[which] !== 'committed') state[which] = 'aborted'
          }
          expect(log.visible().out ?? []).toEqual(visible)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('commits once, however often it is asked, and tells of it once', () => {
    const { log, heard, begin, write, prepare, commit } = opened()
    const tx = begin()
    write(tx, 'a')
    prepare(tx)
    expect([commit(tx), commit(tx), commit(tx)]).toEqual([OK, OK, OK])
    expect(log.visible()).toEqual({ out: ['a'] })
    expect(heard.filter((line) => line.startsWith('committed'))).toHaveLength(1)
  })

  it.each([
    ['fails', FATE.fail, FAILED, false],
    ['is lost with an unknown outcome', FATE.ambiguousLost, UNKNOWN, false],
    ['is applied with an unknown outcome', FATE.ambiguousApplied, UNKNOWN, true],
  ])('a commit that %s can be tried again', (_, fate, answer, applied) => {
    const { log, fates, begin, write, prepare, commit } = opened()
    const tx = begin()
    write(tx, 'a')
    prepare(tx)
    fates.push(fate)
    expect(commit(tx)).toBe(answer)
    expect(log.visible()).toEqual(applied ? { out: ['a'] } : {})
    expect(commit(tx)).toBe(OK)
    expect(log.visible()).toEqual({ out: ['a'] })
  })

  it('refuses a write that fails, and does not show it', () => {
    const { log, fates, heard, begin, write, commit, append } = opened()
    const tx = begin()
    fates.push(FATE.fail)
    expect(write(tx, 'lost')).toBe(false)
    expect(write(tx, 'kept')).toBe(true)
    commit(tx)
    fates.push(FATE.fail)
    expect([append('lost'), append('kept')]).toEqual([false, true])
    expect(log.visible()).toEqual({ out: ['kept'], plain: ['kept'] })
    expect(heard.filter((line) => line.startsWith('written'))).toEqual(['written 0 lost false', 'written 0 kept true'])
  })

  it('times out what is open or prepared, and tells its owner at the next commit', () => {
    const { log, heard, begin, prepare, commit } = opened()
    const [open, prepared, done] = [begin(), begin(), begin()]
    prepare(prepared)
    prepare(done)
    commit(done)
    expect(log.expire()).toBe(2)
    expect(log.expire()).toBe(0)
    expect([commit(open), commit(prepared), commit(done)]).toEqual([LOST, LOST, OK])
    expect(heard.filter((line) => line.startsWith('commitLost'))).toEqual(['commitLost 0 true', 'commitLost 1 true'])
  })

  it('knows a transaction that was aborted from one that ran into its timeout', () => {
    const { heard, begin, abort, commit } = opened()
    const tx = begin()
    abort(tx)
    expect(commit(tx)).toBe(LOST)
    expect(heard.at(-1)).toBe('commitLost 0 false')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedLog } from '../../src/cluster/simulated-log.ts'
import { PortError, type PortFailure } from '../../src/dataflow/index.ts'

/** What a call answers, or how it fails. */
function answer<T>(call: () => T): T | PortFailure {
  try {
    return call()
  } catch (error) {
    if (error instanceof PortError) return error.failure
    throw error
  }
}
const full = (rows: readonly string[]): SimulatedLog => {
  const log = new SimulatedLog()
  const transaction = log.begin('a', 1)
  for (const row of rows) log.append(transaction, row)
  return log
}

describe('a simulated log', () => {
  it('shows the rows of committed transactions, in the order of commits, and of no others', () => {
    const action = fc.tuple(
      fc.constantFrom('append', 'append', 'prepare', 'commit', 'abort', 'fence', 'expire'),
      fc.nat({ max: 3 }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const log = new SimulatedLog()
        // a plain model: what each transaction holds, and what became of it
        const model = ['a', 'a', 'b', 'b'].map((owner) => ({
          name: log.begin(owner, 1),
          owner,
          rows: [] as string[],
          state: 'open',
        }))
        const visible: string[] = []
        let epoch = 1
        actions.forEach(([what, which], i) => {
          const tx = model[which]!
          const alive = tx.state === 'open' || tx.state === 'prepared'
          switch (what) {
            case 'append':
              if (tx.state !== 'open') break
              log.append(tx.name, `r${i}`)
              tx.rows.push(`r${i}`)
              break
            case 'prepare':
              answer(() => log.prepare(tx.name))
              if (tx.state === 'open') tx.state = 'prepared'
              break
            case 'commit':
              expect(answer(() => log.commit(tx.name))).toBe(tx.state.startsWith('aborted') ? 'lost' : alive)
              if (!alive) break
              tx.state = 'committed'
              visible.push(...tx.rows)
              break
            case 'abort':
              expect(log.abort(tx.name)).toBe(alive)
              if (alive) tx.state = 'aborted'
              break
            case 'fence':
              epoch += 1
              log.begin(tx.owner, epoch)
              for (const other of model) if (other.owner === tx.owner && other.state === 'open') other.state = 'aborted'
              break
            default:
              log.expire()
              for (const other of model)
                if (other.state === 'open' || other.state === 'prepared') other.state = 'aborted by time'
          }
          expect(log.visible).toEqual(visible)
          for (const { name, state } of model) expect(log.timedOut(name)).toBe(state === 'aborted by time')
          const unfinished = log.unfinished(tx.owner).filter(({ epoch: of }) => of === 1)
          expect(unfinished.map(({ transaction }) => transaction)).toEqual(
            model.flatMap((m) => (m.owner === tx.owner && ['open', 'prepared'].includes(m.state) ? [m.name] : [])),
          )
        })
      }),
      { numRuns: 100 },
    )
  })

  it('fences an owner that has a higher epoch: its open transactions are gone, its prepared ones are not', () => {
    const log = new SimulatedLog()
    const open = log.begin('a', 1)
    const prepared = log.begin('a', 1)
    const another = log.begin('b', 1)
    log.append(prepared, 'kept')
    log.prepare(prepared)
    log.begin('a', 2)
    expect(answer(() => log.append(open, 'late'))).toBe('fenced')
    expect(answer(() => log.prepare(open))).toBe('fenced')
    expect(answer(() => log.begin('a', 1))).toBe('fenced')
    expect(answer(() => log.commit(open))).toBe('lost')
    expect(answer(() => log.append(another, 'x'))).toBeUndefined()
    expect(answer(() => log.commit(prepared))).toBe(true)
    expect(log.visible).toEqual(['kept'])
  })

  it('commits once, however often it is asked', () => {
    const log = full(['a', 'b'])
    expect([log.commit('a:1:1'), log.commit('a:1:1')]).toEqual([true, false])
    expect(log.visible).toEqual(['a', 'b'])
    expect(log.abort('a:1:1')).toBe(false)
  })

  it('takes no more rows once it is prepared, and knows no transaction that nobody began', () => {
    const log = full(['a'])
    log.prepare('a:1:1')
    expect(() => log.append('a:1:1', 'b')).toThrow("transaction 'a:1:1' is prepared: begin another one to append to")
    expect(() => log.commit('z')).toThrow("there is no transaction 'z'")
  })

  it('ends what is open or prepared when the timeout strikes', () => {
    const log = full(['a'])
    const prepared = log.begin('a', 1)
    log.prepare(prepared)
    expect([log.expire(), log.expire()]).toEqual([2, 0])
    expect(answer(() => log.append('a:1:1', 'b'))).toBe('lost')
    expect(answer(() => log.commit(prepared))).toBe('lost')
    expect(log.unfinished('a')).toEqual([])
  })
})

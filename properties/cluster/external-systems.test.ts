import { describe, expect, it } from 'vitest'
import { ExternalSystems, type Session } from '../../src/cluster/external-systems.ts'
import { PortError } from '../../src/dataflow/index.ts'
import { Kernel } from '../../src/kernel/index.ts'
import { type Attempt, EFFECT_NAMES, type ExternalChange, FATE, type Observer } from '../../src/model/index.ts'

const attempt: Attempt = { id: 1, vertex: 0, execution: 1, branch: 0, taskManager: 0 }

/** Systems whose every use is an event of its own, with fates to come, and what was heard. */
function opened(taken: readonly string[] = []) {
  const kernel = new Kernel()
  const heard: string[] = []
  const fates: { fate: number; extraUs: number }[] = []
  let body = (): void => {}
  const id = kernel.register(
    {
      name: 'client',
      receive: (code, event) => (code === 0 ? body() : systems.arrive(event.a)),
    },
    kernel.process(),
  )
  const systems = new ExternalSystems(kernel, taken, (delay, slow) => kernel.schedule(delay, id, 1, slow))
  kernel.reset('s')
  const observer = new Proxy({} as Observer, {
    get: (_, name) => (of: Attempt, call: number, change: ExternalChange) => {
      if (name === 'external') heard.push(`${call} ${change.what}`)
      if (name === 'timeRead') heard.push(`time ${call} of attempt ${of.id}`)
    },
  })
  const asked: string[] = []
  systems.reset(observer, {
    effect: (effect) => {
      asked.push(EFFECT_NAMES[effect]!)
      return fates.shift() ?? { fate: FATE.none, extraUs: 0 }
    },
  })
  const session = systems.session(attempt)
  /** Uses the ports in one event; what the code threw, if it did. */
  const use = (code: (ports: Session) => void): unknown => {
    let thrown: unknown
    body = () => {
      try {
        code(session)
      } catch (error) {
        thrown = error
      }
    }
    kernel.schedule(1, id, 0)
    kernel.run(kernel.steps + 1, Number.MAX_SAFE_INTEGER)
    return thrown
  }
  const wait = (): void => void kernel.run(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return {
    kernel,
    systems,
    session,
    heard,
    asked,
    fate: (fate: number, extraUs = 0) => fates.push({ fate, extraUs }),
    use,
    wait,
  }
}
const failureOf = (error: unknown): string => (error instanceof PortError ? error.failure : String(error))

describe('ports', () => {
  it('make any number of effects in one event, and ask for the fate of each change', () => {
    const { use, heard, asked, systems } = opened()
    use((ports) => {
      const log = ports.log('out')
      const transaction = log.begin('a', 1)
      log.append(transaction, { id: 1 })
      log.append(transaction, { id: 2 })
      log.prepare(transaction)
      log.commit(transaction)
      expect(log.unfinished('a')).toEqual([])
    })
    expect(heard).toEqual(['1 began', '2 appended', '3 appended', '4 prepared', '5 committed'])
    expect(asked).toEqual([...Array(4).fill('sink-write'), 'sink-commit'])
    expect(systems.visible()).toEqual({ out: [{ id: 1 }, { id: 2 }] })
  })

  it('crash between two calls, whatever the code does about it', () => {
    const { use, fate, session, systems, heard } = opened()
    fate(FATE.none)
    fate(FATE.none)
    fate(FATE.crash)
    const attempts: unknown[] = []
    use((ports) => {
      const log = ports.log('out')
      const transaction = log.begin('a', 1)
      for (let i = 0; i < 4; i += 1) {
        try {
          log.append(transaction, i)
        } catch (error) {
          attempts.push(error)
        }
      }
    })
    expect(session.crashed).toBe(true)
    expect(attempts).toHaveLength(3)
    expect(attempts.every((error) => typeof error === 'symbol')).toBe(true)
    expect(heard).toEqual(['1 began', '2 appended'])
    // not even a look is possible
    expect(typeof use((ports) => ports.log('out').unfinished('a'))).toBe('symbol')
    expect(typeof use((ports) => ports.clock.now())).toBe('symbol')
    expect(systems.session(attempt).log('out').unfinished('a')).toHaveLength(1)
  })

  it.each([
    ['is refused', FATE.fail, 'refused', undefined, undefined],
    ['is lost with an unknown outcome', FATE.ambiguousLost, 'unknown', undefined, undefined],
    ['is applied with an unknown outcome', FATE.ambiguousApplied, 'unknown', 1, 1],
    ['is slow', FATE.slow, 'unknown', undefined, 1],
  ])('a call that %s', (_, of, failure, now, later) => {
    const { use, fate, session, wait } = opened()
    fate(of, 500)
    expect(failureOf(use((ports) => ports.keyValue('keys').put('k', 1)))).toBe(failure)
    expect(session.crashed).toBe(false)
    expect(session.keyValue('keys').get('k')?.value).toBe(now)
    wait()
    expect(session.keyValue('keys').get('k')?.value).toBe(later)
  })

  it('check a slow call when it arrives: it is fenced, or its version is old', () => {
    const { use, fate, systems, wait, heard } = opened()
    fate(FATE.slow, 500)
    use((ports) => ports.keyValue('keys').put('k', 'old', 1))
    fate(FATE.none)
    fate(FATE.slow, 500)
    use((ports) => {
      const log = ports.log('out')
      log.append(log.begin('a', 1), 'late')
    })
    use((ports) => {
      ports.keyValue('keys').put('k', 'new', 2)
      const log = ports.log('out')
      log.commit(log.begin('a', 2))
    })
    heard.length = 0
    wait()
    expect(heard).toEqual([])
    expect(systems.visible()).toEqual({ keys: [['k', 'new']], out: [] })
  })

  it('copy what they are given, and refuse what cannot be carried', () => {
    const { use, session } = opened()
    const rows = [{ n: 1 }]
    use((ports) => ports.objects('files').put('a', rows))
    rows.push({ n: 2 })
    rows[0]!.n = 7
    expect(session.objects('files').get('a')).toEqual([{ n: 1 }])
    expect(Object.isFrozen(session.objects('files').get('a'))).toBe(true)
    expect(String(use((ports) => ports.objects('files').put('b', () => 1)))).toContain(
      'which records and state cannot carry',
    )
  })

  it('take a rename to a visible name for a commit', () => {
    const { use, asked } = opened()
    use((ports) => {
      const files = ports.objects('files')
      files.put('.a', [])
      files.rename('.a', '.b')
      files.rename('.b', 'b')
    })
    expect(asked).toEqual(['sink-write', 'sink-write', 'sink-commit'])
  })

  it('read the virtual clock, and say so', () => {
    const { use, heard } = opened()
    let now = -1
    use((ports) => {
      now = ports.clock.now()
    })
    expect(now).toBe(0)
    expect(heard).toEqual(['time 0 of attempt 1'])
  })

  it('have one kind of system under a name', () => {
    const { use } = opened(['orders'])
    expect(String(use((ports) => ports.log('orders')))).toContain('is an external system of another kind already')
    use((ports) => ports.log('out'))
    expect(String(use((ports) => ports.keyValue('out')))).toContain(
      "'out' is an external system of another kind already",
    )
  })
})

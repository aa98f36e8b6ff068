/** The pulse, on threads that do what their source says. */
import { describe, expect, it } from 'vitest'
import type { Blame } from '../../src/cli/check-messages.ts'
import { NoPulse } from '../../src/cli/no-pulse.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { UserCodeFailure } from '../../src/cli/user-code-failure.ts'
import { WatchedWorker } from '../../src/cli/watched-worker.ts'

/** Long enough for a thread to start on a busy machine. */
const PATIENCE_MS = 1500

/** A thread that runs `body` for each question; `pulse` and `answer` are at hand. */
function thread(body: string, patienceMs = 30_000): WatchedWorker {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { pulse } = workerData
    const answer = (answer) => parentPort.postMessage({ ok: true, answer })
    parentPort.on('message', ({ kind, ask }) => { ${body} })
  `
  return new WatchedWorker({ script: new URL(`data:text/javascript,${encodeURIComponent(source)}`), patienceMs })
}
const ask = (worker: WatchedWorker) =>
  worker.ask('explain', { token: 'a token', drawn: false }).finally(() => worker.end())

describe('a worker', () => {
  it('answers', async () => {
    expect(await ask(thread('answer([kind, ask.token])'))).toEqual(['explain', 'a token'])
  })

  it('is ended when its count stands still, and says at which run', async () => {
    const hanging = thread('Atomics.store(pulse, 1, 42); for (;;) {}', PATIENCE_MS)
    const failed = await ask(hanging).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(NoPulse)
    expect((failed as NoPulse).index).toBe(42)
    expect((failed as NoPulse).message).toMatch(/^A run has not returned for 1\.5 s: a user function loops for ever/)
  })

  it('may take its time while its count goes up', async () => {
    const slow = thread(
      `const end = Date.now() + ${PATIENCE_MS + 500}
       while (Date.now() < end) Atomics.add(pulse, 0, 1)
       answer(['done'])`,
      PATIENCE_MS,
    )
    expect(await ask(slow)).toEqual(['done'])
    expect(slow.beats).toBeGreaterThan(0)
  })

  it('sees that it is to stop', async () => {
    const worker = thread(`
      while (Atomics.load(pulse, 2) === 0) Atomics.add(pulse, 0, 1)
      answer(['stopped'])`)
    setTimeout(() => worker.stop(), 50)
    expect(await ask(worker)).toEqual(['stopped'])
  })

  it('passes on what the user has to mend, and its own errors', async () => {
    const fails = (fault: Blame) =>
      ask(thread(`parentPort.postMessage({ ok: false, fault: '${fault}', message: 'No.', stack: 'there' })`))
    await expect(fails('usage')).rejects.toThrow(new UsageError('No.'))
    await expect(fails('user-code')).rejects.toThrow(new UserCodeFailure('No.'))
    await expect(fails('cutline')).rejects.not.toBeInstanceOf(UsageError)
    await expect(ask(thread('throw new TypeError("a bug")'))).rejects.toThrow('a bug')
    await expect(ask(thread('process.exit(3)'))).rejects.toThrow('ended with code 3 before it answered')
  })
})

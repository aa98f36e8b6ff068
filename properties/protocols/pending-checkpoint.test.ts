import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extent, journaling, lease, release, wipe } from '../../src/kernel/index.ts'
import { type CompletedCheckpoint, FAILED, OK, PHASE_NAMES, UNKNOWN } from '../../src/model/index.ts'
import { pendingCheckpointChart } from '../../src/protocols/index.ts'
import { PendingCheckpoint, type PendingHost } from '../../src/protocols/pending-checkpoint.ts'

const { ACK, DECLINE, EXPIRE, STORED, RESOLVED, SUSPEND } = pendingCheckpointChart.code
const VERTICES = 3
const EXECUTION = 4
/** Attempts 30 to 32 belong to execution 3, 40 to 42 to execution 4, one per vertex. */
const attempt = (vertex: number, execution = EXECUTION): number => execution * 10 + vertex
const fileOf = (vertex: number): number => 700 + vertex

/** A slot whose host writes down what it is asked for. */
function slot<T>(body: (pending: PendingCheckpoint, log: string[]) => T, current = EXECUTION): T {
  const log: string[] = []
  const put = (what: string): void => void log.push(what)
  const host: PendingHost = {
    epoch: 9,
    phase: (code) => put(PHASE_NAMES[code]!),
    vertexOfAttempt: (id) => id % 10,
    executionOfAttempt: (id) => Math.floor(id / 10),
    currentExecution: () => current,
    discard: (file) => put(`discard ${file}`),
    discardUnlessReferenced: (file) => put(`discard ${file} unless referenced`),
    writeEntry: (entry) => put(`write ${entry.id}`),
    readBack: (id) => put(`read back ${id}`),
    remember: (entry) => put(`remember ${entry.id}`),
    announce: (id) => put(`announce ${id}`),
    announceToAny: (id) => put(`announce ${id} to any`),
    notifyAbort: (id) => put(`abort ${id}`),
    expired: (id, at) => put(`expired ${id} of ${at}`),
    checkpointFailed: () => put('count failure'),
    acknowledged: (vertex) => put(`acknowledged ${vertex}`),
    closed: (of) => put(`close ${of.id}`),
    subsumeOlder: () => put('subsume'),
  }
  const from = extent()
  const pending = new PendingCheckpoint(host, VERTICES, {})
  const own = lease(from)
  wipe(own)
  journaling(false)
  try {
    pending.clear()
    expect(pending.free).toBe(true)
    pending.open(5, EXECUTION, 1000, new Map([[0, [2, 3]]]), { a: 0, b: 0, ref: 0 })
    expect([pending.free, pending.writing]).toEqual([false, false])
    return body(pending, log)
  } finally {
    release(own)
  }
}
const ack = (pending: PendingCheckpoint, vertex: number, execution = EXECUTION): void =>
  pending.send(ACK, { a: attempt(vertex, execution), b: 5, ref: fileOf(vertex) })
const outcome = (pending: PendingCheckpoint, code: number, result: number): void =>
  pending.send(code, { a: result, b: 5, ref: 0 })
const nothing = { a: 0, b: 5, ref: 0 }

/** To the point where the entry is being written. */
function allAcknowledged(pending: PendingCheckpoint, log: string[]): void {
  for (const vertex of [0, 1, 2]) ack(pending, vertex)
  expect(pending.writing).toBe(true)
  log.length = 0
}

describe('a pending checkpoint', () => {
  it('writes its entry at the last acknowledgement, in whatever order and however often they come', () => {
    const tasks = fc.array(fc.nat({ max: VERTICES - 1 }), { maxLength: 8 })
    fc.assert(
      fc.property(tasks, (order) => {
        slot((pending, log) => {
          const seen = new Set<number>()
          for (const vertex of order) {
            if (seen.size === VERTICES) break
            ack(pending, vertex)
            seen.add(vertex)
          }
          const acknowledged = [...seen].map((vertex) => `acknowledged ${vertex}`)
          const written = seen.size === VERTICES ? ['fully-acked', 'write 5'] : []
          expect(log).toEqual([...acknowledged, ...written])
          expect(pending.writing).toBe(seen.size === VERTICES)
          for (const vertex of [0, 1, 2]) expect(pending.references(fileOf(vertex))).toBe(seen.has(vertex))
        })
      }),
    )
  })

  it('makes an entry of what was acknowledged', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      const entry: CompletedCheckpoint = {
        id: 5,
        epoch: 9,
        execution: EXECUTION,
        triggeredAtUs: 1000,
        files: [700, 701, 702],
        enumerators: new Map([[0, [2, 3]]]),
      }
      expect(pending.entry).toEqual(entry)
    })
  })

  it('takes no acknowledgement of another execution: its file is of no use', () => {
    slot((pending, log) => {
      ack(pending, 1, 3)
      ack(pending, 1)
      expect(log).toEqual(['discard 701 unless referenced', 'acknowledged 1'])
    })
  })

  it('is remembered and announced once it is stored, then older ones are subsumed', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      outcome(pending, STORED, OK)
      expect(log).toEqual(['metadata-end', 'remember 5', 'announce 5', 'close 5', 'subsume'])
      expect(pending.free).toBe(true)
    })
  })

  it.each([
    ['the store', (pending: PendingCheckpoint) => outcome(pending, STORED, FAILED)],
    [
      'a read-back',
      (pending: PendingCheckpoint) => {
        outcome(pending, STORED, UNKNOWN)
        outcome(pending, RESOLVED, FAILED)
      },
    ],
  ])('that %s says is not stored is aborted and leaves no file', (_, end) => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      end(pending)
      const files = [0, 1, 2].map((vertex) => `discard ${fileOf(vertex)}`)
      expect(log.filter((line) => !line.startsWith('read back'))).toEqual([
        ...files,
        'abort 5',
        'count failure',
        'close 5',
      ])
      expect(pending.free).toBe(true)
    })
  })

  it('of unknown outcome discards nothing before it knows, and is as good as stored if it is there', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      outcome(pending, STORED, UNKNOWN)
      expect(log).toEqual(['read back 5'])
      expect(pending.writing).toBe(true)
      outcome(pending, RESOLVED, OK)
      expect(log.slice(1)).toEqual(['metadata-end', 'remember 5', 'announce 5', 'close 5', 'subsume'])
    })
  })

  it('while its entry is written, cannot be declined, expire or be suspended, and keeps the files it needs', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      for (const code of [DECLINE, EXPIRE, SUSPEND]) pending.send(code, { a: attempt(0), b: 5, ref: 0 })
      ack(pending, 2)
      expect(log).toEqual([])
      pending.send(ACK, { a: attempt(2), b: 5, ref: 999 })
      expect(log).toEqual(['discard 999 unless referenced'])
      expect(pending.writing).toBe(true)
    })
  })

  it.each([
    ['expires', EXPIRE, ['expired', 'expired 5 of 1000', 'discard 701', 'abort 5', 'count failure', 'close 5']],
    ['is declined', DECLINE, ['discard 701', 'abort 5', 'count failure', 'close 5']],
    ['is suspended', SUSPEND, ['discard 701', 'close 5']],
  ] as const)('that %s discards what was acknowledged', (_, code, expected) => {
    slot((pending, log) => {
      ack(pending, 1)
      log.length = 0
      pending.send(code, { a: attempt(0), b: 5, ref: 0 })
      expect(log).toEqual(expected)
      expect(pending.free).toBe(true)
      expect(pending.references(fileOf(1))).toBe(false)
    })
  })

  it('takes no decline of another execution', () => {
    slot((pending, log) => {
      pending.send(DECLINE, { a: attempt(0, 3), b: 5, ref: 0 })
      expect([log, pending.free]).toEqual([[], false])
    })
  })

  it('of an execution that is over sends no notices and counts no failure', () => {
    slot((pending, log) => {
      ack(pending, 0)
      pending.send(EXPIRE, nothing)
      expect(log).toEqual(['acknowledged 0', 'expired', 'expired 5 of 1000', 'discard 700', 'close 5'])
    }, EXECUTION + 1)
  })
})

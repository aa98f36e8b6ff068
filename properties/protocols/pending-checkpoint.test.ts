import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extent, journaling, lease, release, wipe } from '../../src/kernel/index.ts'
import {
  CHECKPOINT,
  type CompletedCheckpoint,
  FAILED,
  FAILURE_REASON_NAMES,
  OK,
  PHASE_NAMES,
  REASON,
  SAVEPOINT,
  type SnapshotKind,
  SYNC_SAVEPOINT,
  UNKNOWN,
} from '../../src/model/index.ts'
import { checkpointRequest } from '../../src/protocols/checkpoint-request.ts'
import { pendingCheckpointChart } from '../../src/protocols/index.ts'
import { PendingCheckpoint, type PendingHost } from '../../src/protocols/pending-checkpoint.ts'

const { TRIGGERED, ACK, DECLINE, EXPIRE, STORED, RESOLVED, ABORT } = pendingCheckpointChart.code
const VERTICES = 3
const EXECUTION = 4
const ID = 5
/** Attempts 30 to 32 belong to execution 3, 40 to 42 to execution 4, one per vertex. */
const attempt = (vertex: number, execution = EXECUTION): number => execution * 10 + vertex
const fileOf = (vertex: number): number => 700 + vertex
const nothing = { a: 0, b: ID, ref: 0 }
/** How a checkpoint that fails ends. */
const aborted = (reason: string, ...files: number[]): string[] => [
  `request failed: ${reason}`,
  ...files.map((vertex) => `discard ${fileOf(vertex)}`),
  files.length > 0 ? 'cleaned' : 'look in 1',
  `failed: ${reason}`,
  'abort',
  'close',
]
/** How one that succeeds ends. */
const completed = ['look in 2', 'metadata-end', 'remember 5', 'subsume', 'succeed', 'close', 'pause from 2000']
const told = ['drop below 5', 'announce after 3']

interface Opened {
  readonly kind?: SnapshotKind
  readonly waitFor?: readonly number[]
  /** False: tasks have not been told yet. */
  readonly triggered?: boolean
}
/** A slot whose host writes down what it is asked for. */
function slot<T>(body: (pending: PendingCheckpoint, log: string[]) => T, opened: Opened = {}): T {
  const { kind = CHECKPOINT, waitFor = [0, 1, 2], triggered = true } = opened
  const log: string[] = []
  const put = (what: string): void => void log.push(what)
  const reason = (code: number): string => FAILURE_REASON_NAMES[code]!
  const host: PendingHost = {
    epoch: 9,
    now: 2000,
    phase: (code) => put(PHASE_NAMES[code]!),
    vertexOfAttempt: (id) => id % 10,
    executionOfAttempt: (id) => Math.floor(id / 10),
    discard: (file) => put(`discard ${file}`),
    discardUnlessReferenced: (file) => put(`discard ${file} unless referenced`),
    cleaned: (quiet) => put(quiet ? 'cleaned quietly' : 'cleaned'),
    writeEntry: (entry) => put(`write ${entry.id}`),
    handOver: ({ id }) => put(`hand over ${id}`),
    readBack: (id) => put(`read back ${id}`),
    remember: (entry) => put(`remember ${entry.id}`),
    subsumeOldest: () => {
      put('subsume')
      return 3
    },
    succeeded: () => put('succeed'),
    failed: (_, code, blamed) => put(`failed: ${reason(code)}${blamed === 0 ? '' : ` by ${blamed}`}`),
    requestFailed: (_, code) => put(`request failed: ${reason(code)}`),
    abandonTrigger: (code) => put(`abandon: ${reason(code)}`),
    pauseFrom: (since) => put(`pause from ${since}`),
    announce: ({ subsumed }) => put(`announce after ${subsumed}`),
    announceToAny: (id) => put(`announce ${id} to any`),
    notifyAbort: () => put('abort'),
    expired: ({ triggeredAt }) => put(`expired of ${triggeredAt}`),
    acknowledged: (vertex) => put(`acknowledged ${vertex}`),
    dropOlder: (id) => put(`drop below ${id}`),
    lookLater: (hops) => put(`look in ${hops}`),
    closed: () => put('close'),
  }
  const from = extent()
  const pending = new PendingCheckpoint(host, VERTICES, {})
  const own = lease(from)
  wipe(own)
  journaling(false)
  try {
    pending.clear()
    expect(pending.free).toBe(true)
    pending.open(
      {
        checkpoint: ID,
        execution: EXECUTION,
        request: checkpointRequest(kind, false, 0),
        plan: { toTrigger: [0], toWaitFor: waitFor },
        enumerators: new Map([[0, [2, 3]]]),
      },
      nothing,
    )
    if (triggered) pending.send(TRIGGERED, nothing)
    expect([pending.free, pending.writing]).toEqual([false, false])
    return body(pending, log)
  } finally {
    release(own)
  }
}
const ack = (pending: PendingCheckpoint, vertex: number, execution = EXECUTION): void =>
  pending.send(ACK, { a: attempt(vertex, execution), b: ID, ref: fileOf(vertex) })
const outcome = (pending: PendingCheckpoint, code: number, result: number): void =>
  pending.send(code, { a: result, b: ID, ref: 0 })

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
          expect(pending.missing).toEqual([0, 1, 2].filter((vertex) => !seen.has(vertex)))
        })
      }),
    )
  })

  it('makes an entry of what was acknowledged', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      const entry: CompletedCheckpoint = {
        id: ID,
        epoch: 9,
        execution: EXECUTION,
        triggeredAtUs: 2000,
        files: [700, 701, 702],
        enumerators: new Map([[0, [2, 3]]]),
      }
      expect(pending.entry).toEqual(entry)
    })
  })

  it('takes no acknowledgement of another execution, nor of a task that is not in its plan', () => {
    slot(
      (pending, log) => {
        ack(pending, 1, 3)
        ack(pending, 0)
        ack(pending, 1)
        ack(pending, 2)
        expect(log).toEqual([
          'discard 701 unless referenced',
          'discard 700 unless referenced',
          'acknowledged 1',
          'acknowledged 2',
          'fully-acked',
          'write 5',
        ])
      },
      { waitFor: [1, 2] },
    )
  })

  it('is remembered once it is stored, lets older ones go, and is announced', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      outcome(pending, STORED, OK)
      expect(log).toEqual([...completed, ...told])
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
      expect(log.filter((line) => !line.startsWith('read back'))).toEqual([
        'look in 2',
        'request failed: FINALIZE_CHECKPOINT_FAILURE',
        ...[0, 1, 2].map((vertex) => `discard ${fileOf(vertex)}`),
        'cleaned quietly',
        'failed: FINALIZE_CHECKPOINT_FAILURE',
        'abort',
        'close',
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
      expect(log.slice(1)).toEqual([...completed, ...told])
    })
  })

  it('while its entry is written, cannot be declined, expire or be aborted, and keeps the files it needs', () => {
    slot((pending, log) => {
      allAcknowledged(pending, log)
      for (const code of [DECLINE, EXPIRE, ABORT]) pending.send(code, { a: attempt(0), b: ID, ref: 0 })
      ack(pending, 2)
      expect(log).toEqual([])
      pending.send(ACK, { a: attempt(2), b: ID, ref: 999 })
      expect(log).toEqual(['discard 999 unless referenced'])
      expect(pending.writing).toBe(true)
    })
  })

  it('that expires tells everybody and leaves no file', () => {
    slot((pending, log) => {
      ack(pending, 1)
      log.length = 0
      pending.send(EXPIRE, nothing)
      expect(log).toEqual(['expired', 'expired of 2000', ...aborted('CHECKPOINT_EXPIRED', 1)])
      expect(pending.free).toBe(true)
      expect(pending.references(fileOf(1))).toBe(false)
    })
  })

  it('that is aborted gives the reason', () => {
    slot((pending, log) => {
      pending.abort(REASON.CHECKPOINT_SUBSUMED, nothing)
      expect(log).toEqual(aborted('CHECKPOINT_SUBSUMED'))
      expect(pending.free).toBe(true)
    })
  })

  it('that is declined blames the task, whoever it is', () => {
    slot((pending, log) => {
      const stale = attempt(0, 3)
      pending.send(DECLINE, { a: stale, b: ID, ref: REASON.CHECKPOINT_ASYNC_EXCEPTION })
      expect(log).toEqual(
        aborted('CHECKPOINT_ASYNC_EXCEPTION').map((line) => (line.startsWith('failed') ? `${line} by ${stale}` : line)),
      )
      expect(pending.free).toBe(true)
    })
  })

  it.each([
    ['expires', (pending: PendingCheckpoint) => pending.send(EXPIRE, nothing), 'CHECKPOINT_EXPIRED'],
    [
      'is aborted',
      (pending: PendingCheckpoint) => pending.abort(REASON.JOB_FAILOVER_REGION, nothing),
      'JOB_FAILOVER_REGION',
    ],
  ])('that %s before tasks are told takes its trigger along', (_, end, reason) => {
    slot(
      (pending, log) => {
        end(pending)
        const [expired, rest] = [log.filter((line) => line.includes('expired')), log.filter((l) => !/expired/.test(l))]
        expect(expired).toHaveLength(reason === 'CHECKPOINT_EXPIRED' ? 2 : 0)
        expect(rest).toEqual([`abandon: ${reason}`, ...aborted(reason)])
        expect(pending.free).toBe(true)
      },
      { triggered: false },
    )
  })
})

describe('a pending savepoint', () => {
  const finished = ['look in 2', 'fully-acked', 'hand over 5', 'succeed', 'close', 'pause from 2000']
  it.each([
    ['ends without a place in the store and without a notice', SAVEPOINT, []],
    ['that ends the job is announced all the same', SYNC_SAVEPOINT, ['drop below 5', 'announce after 0']],
  ] as const)('%s', (_, kind, rest) => {
    slot(
      (pending, log) => {
        for (const vertex of [0, 1, 2]) ack(pending, vertex)
        expect(log.slice(3)).toEqual([...finished, ...rest])
        expect(pending.free).toBe(true)
      },
      { kind },
    )
  })

  it('fails like any other', () => {
    slot(
      (pending, log) => {
        ack(pending, 2)
        log.length = 0
        pending.abort(REASON.CHECKPOINT_COORDINATOR_SUSPEND, nothing)
        expect(log).toEqual(aborted('CHECKPOINT_COORDINATOR_SUSPEND', 2))
      },
      { kind: SAVEPOINT },
    )
  })
})

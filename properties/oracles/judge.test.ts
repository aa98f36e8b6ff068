/** Every oracle, on histories written by hand: silent on legal ones, and each kind of finding on one that is not. */
import { describe, expect, it } from 'vitest'
import everything from '../../scenarios/everything.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { generatedSequence, scenario, transactionalLog } from '../../src/dataflow/index.ts'
import { CHECKPOINT, type CompletedCheckpoint, SAVEPOINT, type SnapshotContent } from '../../src/model/index.ts'
import { atLeastOnce } from '../../src/protocols/index.ts'
import { UNIT } from '../check/scripted.ts'
import { Courtroom, inSession, SPLIT_LENGTH } from './courtroom.ts'

const listOf = (...items: unknown[]): SnapshotContent => ({
  tables: new Map(),
  timers: [],
  lists: new Map([['list', items]]),
  broadcasts: new Map(),
})

/** Runs a history and gives what was found. */
const verdictOn = (history: (court: Courtroom) => void, court = inSession()): string | null => {
  history(court)
  return court.verdict
}
/** [what, the fingerprint, the history] */
type Case = readonly [string, string | null, (court: Courtroom) => void]
const judged = (cases: readonly Case[]): void => {
  it.each(cases)('%s', (_, fingerprint, history) => {
    expect(verdictOn(history)).toBe(fingerprint)
  })
}

describe('delivery', () => {
  judged([
    [
      'says nothing when records arrive as they were sent, channel by channel',
      null,
      (court) => {
        const sent = [0, 1, 2, 3, 4, 5, 6, 7].map((value) => court.send(court.of('numbers'), value))
        const [one, other] = [0, 1].map((to) =>
          sent.filter(({ channel }) => (channel === sent[0]!.channel) === (to === 0)),
        )
        for (const record of [...other!, ...one!]) court.receive(record)
      },
    ],
    [
      'misses a record that was sent and never came',
      'delivery/lost:sink',
      (court) => {
        court.send(court.of('count'), 'a')
        court.receive(court.send(court.of('count'), 'b'))
      },
    ],
    [
      'sees one that comes twice',
      'delivery/duplicated:sink',
      (court) => {
        const sent = court.send(court.of('count'), 'a')
        court.receive(sent)
        court.receive(sent)
      },
    ],
    [
      'sees one at the wrong subtask',
      'delivery/wrong-channel:operator',
      (court) => {
        const { slot, channel } = court.send(court.of('numbers'), 4)
        const { edge, from } = court.layout.channels[channel]!
        const other = court.layout.channels.find((c) => c.edge === edge && c.from === from && c.id !== channel)!
        court.receive({ slot, channel: other.id })
      },
    ],
    [
      'sees one of another history',
      'delivery/stale-branch:sink',
      (court) => {
        const sent = court.send(court.of('count'), 'a')
        court.begin()
        court.receive(sent)
      },
    ],
    [
      'sees one that is not what was sent',
      'delivery/content-changed:sink',
      (court) => {
        const sent = court.send(court.of('count'), 'a')
        court.pool.value[sent.slot] = 'b'
        court.receive(sent)
      },
    ],
  ])

  it('finds the channel of a record by itself: a partitioner that errs is found on both sides', () => {
    const court = inSession()
    const channels = new Set(Array.from({ length: 10 }, (_, key) => court.send(court.of('numbers', 1), key).channel))
    expect(channels.size).toBe(2)
    expect(court.verdict).toBe(null)
  })
})

describe('cut', () => {
  judged([
    [
      'takes a checkpoint in which all that was sent was received',
      null,
      (court) => {
        court.sink('a')
        court.checkpoint(1)
      },
    ],
    [
      'misses what was in flight',
      'cut/lost-in-flight:sink',
      (court) => {
        const sent = court.send(court.of('count'), 'a')
        const [sink] = court.attempts.slice(-1)
        const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
        const last = court.snapshot(sink!, 1)
        court.receive(sent)
        court.complete(court.entryOf(1, [...files, last]))
      },
    ],
    [
      'sees an orphan: received before the cut and sent after it',
      'cut/orphan:sink',
      (court) => {
        const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
        court.receive(court.send(court.of('count'), 'a'))
        court.complete(court.entryOf(1, [...files, court.snapshot(court.of('sink'), 1)]))
      },
    ],
    [
      'misses the snapshot of a task',
      'cut/incomplete',
      (court) => {
        const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
        court.complete(court.entryOf(1, [...files, court.upload(court.of('sink'), 1)]))
      },
    ],
    [
      'sees a mix of checkpoints',
      'cut/mixed',
      (court) => {
        const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
        court.complete(court.entryOf(1, [...files, court.snapshot(court.of('sink'), 2)]))
      },
    ],
    [
      'sees a mix of histories',
      'cut/mixed',
      (court) => {
        const old = court.snapshot(court.of('sink'), 1)
        court.begin()
        const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
        court.complete(court.entryOf(1, [...files, old]))
      },
    ],
    [
      'wants every split in it once: here one is nowhere',
      'splits/cut-owns-none',
      (court) => {
        court.begin(null)
        court.assign(0, 0)
        court.checkpoint(1, [2, 3])
      },
    ],
    [
      'wants every split in it once: here one is with the enumerator and a reader',
      'splits/cut-owns-twice',
      (court) => void court.checkpoint(1, [3]),
    ],
  ])
})

describe('cut, where state is guaranteed at least once', () => {
  const session = () => inSession(keyedState, false, atLeastOnce.contract([{ uid: 'sink', transactional: true }]))
  /** Everybody but the sink takes a snapshot, the sink receives some more, and takes its own. */
  const ahead = (court: Courtroom, ...values: string[]): CompletedCheckpoint => {
    const files = court.attempts.slice(0, -1).map((attempt) => court.snapshot(attempt, 1))
    for (const value of values) court.sink(value)
    return court.complete(court.entryOf(1, [...files, court.snapshot(court.of('sink'), 1)]))
  }

  it('permits that records are received before the cut and sent after it, and says which', () => {
    const court = session()
    court.now = 7
    court.sink('a')
    ahead(court, 'b', 'c')
    expect(court.verdict).toBe(null)
    expect(court.judge.tally.permitted).toEqual(new Map([['may-repeat', 2]]))
    expect(court.judge.tally.windows).toEqual([
      { checkpoint: 1, place: 'count[0] -> sink[0]', from: 1, to: 3, atUs: 7 },
    ])
  })

  it('lets a restored sender send them again, with another content', () => {
    const court = session()
    const entry = ahead(court, 'b', 'c')
    court.begin(entry)
    for (const value of ['c', 'd', 'e']) court.sink(value)
    court.checkpoint(2)
    expect(court.verdict).toBe(null)
    expect(court.judge.tally.windows).toHaveLength(1)
  })

  it('still wants what a branch sends to arrive on it once, in order', () => {
    const lost = (court: Courtroom): void => {
      court.begin(ahead(court, 'b', 'c'))
      court.send(court.of('count'), 'b')
      court.sink('c')
    }
    expect(verdictOn(lost, session())).toBe('delivery/lost:sink')
    const twice = (court: Courtroom): void => {
      court.begin(ahead(court, 'b', 'c'))
      const sent = court.send(court.of('count'), 'b')
      court.receive(sent)
      court.receive(sent)
    }
    expect(verdictOn(twice, session())).toBe('delivery/duplicated:sink')
  })

  it('misses what was in flight, on whichever channel', () => {
    const history = (court: Courtroom): void => {
      const one = court.send(court.of('count', 0), 'a')
      const other = court.send(court.of('count', 1), 'a')
      const counters = [court.snapshot(court.of('count', 0), 1)]
      const again = court.send(court.of('count', 0), 'b')
      for (const sent of [one, again]) court.receive(sent)
      const files = [0, 1].map((subtask) => court.snapshot(court.of('numbers', subtask), 1))
      counters.push(court.snapshot(court.of('count', 1), 1))
      const last = court.snapshot(court.of('sink'), 1)
      court.receive(other)
      court.complete(court.entryOf(1, [...files, ...counters, last]))
    }
    expect(verdictOn(history, session())).toBe('cut/lost-in-flight:sink')
  })
})

describe('splits', () => {
  const readAll = (court: Courtroom): void => {
    for (const [split, subtask] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ] as const) {
      for (let position = 0; position < SPLIT_LENGTH; position += 1) court.read(subtask, split, position)
      court.judge.splitFinished(court.of('numbers', subtask), split)
    }
  }
  judged([
    [
      'are read from start to end by their owners',
      null,
      (court) => {
        readAll(court)
        court.judge.quiet(true)
      },
    ],
    ['have one owner', 'splits/assigned-while-owned', (court) => court.assign(0, 1)],
    [
      'come by assignment only',
      'splits/added-without-assignment',
      (court) => {
        court.begin()
        court.judge.splitAdded(court.of('numbers', 1), 2)
      },
    ],
    ['are read by their owner only', 'splits/read-by-non-owner', (court) => court.read(1, 0, 0)],
    [
      'have no gaps',
      'splits/gap',
      (court) => {
        court.read(0, 0, 0)
        court.read(0, 0, 2)
      },
    ],
    [
      'do not go back',
      'splits/repeat',
      (court) => {
        court.read(0, 0, 0)
        court.read(0, 0, 0)
      },
    ],
    [
      'are not finished before their end',
      'splits/finished-early',
      (court) => {
        court.read(0, 0, 0)
        court.judge.splitFinished(court.of('numbers', 0), 0)
      },
    ],
    ['are all read when the job ends', 'splits/not-read-to-the-end', (court) => court.judge.quiet(true)],
    [
      'go on after a restore where the cut is: position, owner and what is finished',
      null,
      (court) => {
        for (let position = 0; position < SPLIT_LENGTH; position += 1) court.read(0, 0, position)
        court.judge.splitFinished(court.of('numbers', 0), 0)
        court.read(0, 1, 0)
        const entry = court.checkpoint(1)
        court.read(0, 1, 1)
        court.begin(entry)
        court.read(0, 1, 1)
      },
    ],
    [
      'do not skip what was read after the cut',
      'splits/gap',
      (court) => {
        court.read(0, 1, 0)
        const entry = court.checkpoint(1)
        court.read(0, 1, 1)
        court.begin(entry)
        court.read(0, 1, 2)
      },
    ],
    [
      'are with the enumerator or a reader after a reset, not with both',
      'splits/owned-twice-after-reset',
      (court) => court.begin(court.checkpoint(1), [3]),
    ],
    ['come back once in a reset', 'splits/owned-twice-after-reset', (court) => court.begin(null, [0, 1, 2, 3, 3])],
    ['all come back in a reset', 'splits/lost-after-reset', (court) => court.begin(null, [0, 1, 3])],
  ])
})

describe('state', () => {
  judged([
    [
      'is the same at the sync point, in the upload and after the restore',
      null,
      (court) => {
        const files = court.attempts.map((attempt) => court.snapshot(attempt, 1, listOf(attempt.vertex)))
        court.begin(court.complete(court.entryOf(1, files)))
        for (const attempt of court.attempts)
          court.judge.restored(attempt, court.files[files[attempt.vertex]!]!, court.digest(listOf(attempt.vertex)))
      },
    ],
    [
      'is not written to after the sync point',
      'state/upload-differs-from-sync:list',
      (court) => {
        court.judge.sync(court.of('count'), 1, court.digest(listOf(1)))
        court.upload(court.of('count'), 1, listOf(1, 2))
      },
    ],
    [
      'comes back whole',
      'state/restored-differs-from-sync:list-operator',
      (court) => {
        const file = court.snapshot(court.of('count'), 1, listOf(1, 2))
        court.judge.restored(court.of('count'), court.files[file]!, court.digest(listOf(1)))
      },
    ],
    [
      'comes back to its own task',
      'state/wrong-task',
      (court) => {
        const file = court.snapshot(court.of('count', 0), 1, listOf(1))
        court.judge.restored(court.of('count', 1), court.files[file]!, court.digest(listOf(1)))
      },
    ],
    [
      'does not come from nowhere',
      'state/restored-from-nothing',
      (court) => court.judge.restored(court.of('count'), null, court.digest(listOf(1))),
    ],
    ['may be empty at the start', null, (court) => court.judge.restored(court.of('count'), null, court.digest())],
  ])

  it('names the part that differs: keyed, timer or list', () => {
    for (const part of ['keyed', 'timers', 'lists'] as const) {
      const court = inSession()
      const file = court.snapshot(court.of('sink'), 1)
      court.judge.restored(court.of('sink'), court.files[file]!, { ...court.digest(), [part]: 1 })
      const named = { keyed: 'keyed', timers: 'timer', lists: 'list' }[part]
      expect(court.verdict).toBe(`state/restored-differs-from-sync:${named}-sink`)
    }
  })
})

describe('the dry run', () => {
  judged([
    [
      'wants the newest checkpoint from a recovery',
      'recency/dry-run-not-newest',
      (court) => {
        court.recover = () => null
        court.checkpoint(1)
      },
    ],
    [
      'wants it from the memory of the manager as well, where it has one',
      'recency/dry-run-manager-behind-store',
      (court) => {
        court.memory = []
        court.checkpoint(1)
      },
    ],
    [
      'wants the bytes of a complete checkpoint: they may not be missing',
      'storage/dry-run-missing-bytes',
      (court) => {
        const files = court.attempts.map((attempt) => court.snapshot(attempt, 1))
        court.files[files[2]!]!.durable = false
        court.complete(court.entryOf(1, files))
      },
    ],
    [
      'wants them as they were written',
      'state/dry-run-stored-bytes-changed:list',
      (court) => {
        const content = listOf(1)
        const files = court.attempts.map((attempt) => court.snapshot(attempt, 1, content))
        Object.assign(court.files[files[0]!]!, { content: listOf(1, 2) })
        court.complete(court.entryOf(1, files))
      },
    ],
    [
      'wants nothing committed beyond the cut that a recovery would go back to',
      'output/dry-run-committed-beyond-cut',
      (court) => {
        court.checkpoint(1)
        const transaction = court.openTransaction()
        court.sink('a', transaction)
        court.judge.prepared(court.of('sink'), transaction)
        const newer = court.checkpoint(2)
        court.judge.committed(court.of('sink'), transaction)
        expect(court.verdict).toBe(null)
        court.entries = court.entries.filter((entry) => entry !== newer)
        court.judge.entryRemoved(newer)
      },
    ],
  ])
})

describe('recency', () => {
  judged([
    [
      'takes the newest entry, or none if there is none',
      null,
      (court) => {
        court.judge.basisRead(null)
        court.begin()
        court.judge.basisRead(court.checkpoint(1, [0, 1, 2, 3]))
      },
    ],
    [
      'misses the newest one',
      'recency/basis-not-newest',
      (court) => {
        const first = court.checkpoint(1)
        court.checkpoint(2)
        court.judge.basisRead(first)
      },
    ],
    [
      'misses any',
      'recency/basis-not-newest',
      (court) => {
        court.checkpoint(1)
        court.judge.basisRead(null)
      },
    ],
    [
      'sees a write that comes once the basis has been read',
      'recency/durable-on-dead-branch',
      (court) => {
        const files = court.attempts.map((attempt) => court.snapshot(attempt, 1))
        court.judge.basisRead(null)
        court.complete(court.entryOf(1, files))
      },
    ],
    [
      'sees a write that comes after the job has gone back',
      'recency/durable-on-dead-branch',
      (court) => {
        const entry = court.entryOf(
          1,
          court.attempts.map((attempt) => court.snapshot(attempt, 1)),
        )
        court.begin()
        court.complete(entry)
      },
    ],
    [
      'gives the tasks what was read',
      'recency/basis-not-taken',
      (court) => {
        court.judge.basisRead(court.checkpoint(1))
        court.begin()
      },
    ],
    [
      'keeps the newest entry in the store',
      'recency/newest-removed',
      (court) => {
        court.checkpoint(1)
        const newest = court.checkpoint(2)
        court.entries = court.entries.slice(0, 1)
        court.judge.entryRemoved(newest)
      },
    ],
    [
      'keeps the last checkpoint there, whatever savepoint has come since',
      'recency/newest-removed',
      (court) => {
        const last = court.checkpoint(1)
        const savepoint = court.checkpoint(2)
        court.entries = [{ ...savepoint, kind: SAVEPOINT }]
        court.judge.entryRemoved(last)
      },
    ],
    [
      'needs none any more once the job has finished',
      null,
      (court) => {
        const last = court.checkpoint(1)
        court.judge.finished()
        court.entries = []
        court.judge.entryRemoved(last)
      },
    ],
  ])
})

describe('pace', () => {
  /** Triggers a checkpoint so long after another was complete. */
  const pausing = (court: Courtroom, pauseUs: number): void => {
    court.now = 1_000_000
    court.checkpoint(1)
    court.judge.completed(1)
    court.now += pauseUs
    court.judge.triggered(2, CHECKPOINT)
  }
  judged([
    [
      'asks for no pause before the first checkpoint',
      null,
      (court) => {
        court.timing = { minPauseUs: 5000 }
        court.judge.triggered(1, CHECKPOINT)
      },
    ],
    [
      'has the whole pause between two',
      null,
      (court) => {
        court.timing = { minPauseUs: 5000 }
        pausing(court, 5000)
      },
    ],
    [
      'is in no hurry',
      'pace/within-minimum-pause',
      (court) => {
        court.timing = { minPauseUs: 5000 }
        pausing(court, 4999)
      },
    ],
    [
      'does not judge where several are on their way at once',
      null,
      (court) => {
        court.timing = { minPauseUs: 5000, maxConcurrentCheckpoints: 2 }
        pausing(court, 0)
      },
    ],
  ])
})

describe('storage', () => {
  judged([
    [
      'lets files go once their entry has left the store',
      null,
      (court) => {
        const first = court.checkpoint(1)
        court.checkpoint(2)
        court.entries = court.entries.slice(1)
        court.judge.entryRemoved(first)
        for (const id of first.files) {
          court.files[id]!.deleted = true
          court.judge.fileDeleted(court.files[id]!)
        }
      },
    ],
    [
      'keeps them until then',
      'storage/file-of-entry-deleted',
      (court) => {
        const { files } = court.checkpoint(1)
        court.judge.fileDeleted(court.files[files[1]!]!)
      },
    ],
    [
      'has what a restore asks for',
      'storage/restore-of-missing-file',
      (court) => court.judge.fileMissing(court.of('count'), court.files[court.snapshot(court.of('count'), 1)]!),
    ],
  ])

  it('may miss a file that only a zombie asks for, and counts that', () => {
    const court = inSession()
    const zombie = court.of('count')
    const file = court.files[court.snapshot(zombie, 1)]!
    court.begin()
    court.judge.fileMissing(zombie, file)
    expect(court.verdict).toBe(null)
    expect([...court.judge.tally.permitted]).toEqual([['zombie-read', 1]])
  })
})

describe('coordination', () => {
  judged([
    [
      'announces what is stored, in rising order',
      null,
      (court) => {
        for (const id of [1, 2]) {
          court.checkpoint(id)
          court.judge.completed(id)
          court.judge.notified(court.of('sink'), id, 0)
        }
      },
    ],
    [
      'applies no write of an old leader',
      'coordination/write-of-old-epoch-applied',
      (court) => {
        const files = court.attempts.map((attempt) => court.snapshot(attempt, 1))
        court.complete(court.entryOf(1, files), 2)
      },
    ],
    [
      'announces nothing before it is stored',
      'coordination/notified-before-durable',
      (court) => court.judge.completed(1),
    ],
    [
      'tells nobody of what never was stored',
      'coordination/notified-not-durable',
      (court) => court.judge.notified(court.of('sink'), 1, 0),
    ],
    [
      'tells nobody of the restored checkpoint again',
      'coordination/notified-not-above-restored',
      (court) => {
        court.checkpoint(1)
        court.judge.notified(court.of('sink'), 1, 1)
      },
    ],
    [
      'tells nobody twice',
      'coordination/notified-not-rising',
      (court) => {
        court.checkpoint(1)
        court.judge.notified(court.of('sink'), 1, 0)
        court.judge.notified(court.of('sink'), 1, 0)
      },
    ],
    [
      'restarts for a failed attempt of the current execution, or for failed checkpoints',
      null,
      (court) => {
        court.judge.attemptFailed(court.of('count'))
        court.judge.restarting(court.of('count'), 1)
        court.judge.restarting(null, 1)
      },
    ],
    [
      'does not restart for an attempt that has not failed',
      'coordination/restart-without-cause',
      (court) => court.judge.restarting(court.of('count'), 1),
    ],
    [
      'does not restart for one of an older execution',
      'coordination/restart-for-old-attempt',
      (court) => {
        const old = court.of('count')
        court.judge.attemptFailed(old)
        court.begin()
        court.judge.restarting(old, 2)
      },
    ],
  ])
})

describe('output', () => {
  const prepare = (court: Courtroom, values: readonly string[]): number => {
    const transaction = court.openTransaction()
    for (const value of values) court.sink(value, transaction)
    court.judge.prepared(court.of('sink'), transaction)
    return transaction
  }
  const commit = (court: Courtroom, transaction: number): void => court.judge.committed(court.of('sink'), transaction)
  const quiet = (court: Courtroom): void => {
    for (const [split, subtask] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ] as const) {
      for (let position = 0; position < SPLIT_LENGTH; position += 1) court.read(subtask, split, position)
      court.judge.splitFinished(court.of('numbers', subtask), split)
    }
    court.judge.quiet(true)
  }
  judged([
    [
      'is what the sink was called with, committed once a cut covers it, all of it in the end',
      null,
      (court) => {
        const first = prepare(court, ['a', 'b'])
        court.checkpoint(1)
        commit(court, first)
        const second = prepare(court, ['c'])
        court.checkpoint(2)
        commit(court, second)
        quiet(court)
      },
    ],
    ['may be empty, and then a commit is nothing', null, (court) => commit(court, prepare(court, []))],
    [
      'is not committed before a complete checkpoint covers it: there is none',
      'output/commit-not-covered-by-durable-cut',
      (court) => commit(court, prepare(court, ['a'])),
    ],
    [
      'is not committed before a complete checkpoint covers it: it ends earlier',
      'output/commit-not-covered-by-durable-cut',
      (court) => {
        court.checkpoint(1)
        commit(court, prepare(court, ['a']))
      },
    ],
    [
      'is not committed for a history that was left: the newest cut belongs to another',
      'output/commit-not-covered-by-durable-cut',
      (court) => {
        const transaction = prepare(court, ['a'])
        const zombie = court.of('sink')
        court.begin()
        prepare(court, ['a'])
        court.checkpoint(1, [0, 1, 2, 3])
        court.judge.committed(zombie, transaction)
      },
    ],
    [
      'may be committed by a zombie if a complete cut of its history covers it',
      null,
      (court) => {
        const transaction = prepare(court, ['a'])
        const zombie = court.of('sink')
        court.begin(court.checkpoint(1))
        court.judge.committed(zombie, transaction)
      },
    ],
    [
      'is what the sink was called with: a record that the log did not take is missing',
      'output/content-differs-from-slice',
      (court) => {
        const transaction = court.openTransaction()
        const sent = court.send(court.of('count'), 'a')
        court.receive(sent)
        court.judge.written(court.of('sink'), transaction, 'a', false)
        court.judge.prepared(court.of('sink'), transaction)
        court.checkpoint(1)
        commit(court, transaction)
      },
    ],
    [
      'is what the sink was called with: another record is in its place',
      'output/content-differs-from-slice',
      (court) => {
        const transaction = court.openTransaction()
        court.receive(court.send(court.of('count'), 'a'))
        court.judge.written(court.of('sink'), transaction, 'b', true)
        court.judge.prepared(court.of('sink'), transaction)
        court.checkpoint(1)
        commit(court, transaction)
      },
    ],
    [
      'is committed once',
      'output/overlapping-commits',
      (court) => {
        const transaction = prepare(court, ['a', 'b'])
        court.checkpoint(1)
        commit(court, transaction)
        expect(court.verdict).toBe(null)
        commit(court, transaction)
      },
    ],
    [
      'is not committed beyond the cut that a restart goes back to',
      'output/committed-beyond-restored-cut',
      (court) => {
        const before = court.checkpoint(1)
        const transaction = prepare(court, ['a'])
        court.checkpoint(2)
        commit(court, transaction)
        court.entries = [before]
        court.begin(before)
      },
    ],
    [
      'does not try to commit what it has aborted itself',
      'output/commit-of-aborted',
      (court) => court.judge.commitLost(court.of('sink'), prepare(court, ['a']), false),
    ],
    [
      'may find that an empty transaction was aborted',
      null,
      (court) => court.judge.commitLost(court.of('sink'), prepare(court, []), false),
    ],
    [
      'is all there when the job has finished: the tail is missing',
      'output/committed-not-effective:tail',
      (court) => {
        const first = prepare(court, ['a'])
        prepare(court, ['b'])
        court.checkpoint(1)
        commit(court, first)
        quiet(court)
      },
    ],
    [
      'is all there when the job has finished: the middle is missing',
      'output/committed-not-effective:middle',
      (court) => {
        prepare(court, ['a'])
        const second = prepare(court, ['b'])
        court.checkpoint(1)
        commit(court, second)
        quiet(court)
      },
    ],
    [
      'is all there when the job has finished: both ends of the last gap',
      'output/committed-not-effective:tailmiddle',
      (court) => {
        prepare(court, ['a'])
        const second = prepare(court, ['b'])
        prepare(court, ['c', 'd'])
        court.checkpoint(1)
        commit(court, second)
        quiet(court)
      },
    ],
  ])

  it('may lose a transaction to its timeout: an assumption is broken, and the gap is explained', () => {
    const court = inSession()
    const transaction = prepare(court, ['a'])
    court.checkpoint(1)
    court.judge.commitLost(court.of('sink'), transaction, true)
    quiet(court)
    expect(court.verdict).toBe(null)
    expect([...court.judge.tally.assumptions]).toEqual([['transaction-timeout-over-outage', 1]])
  })

  describe('of an append log', () => {
    /** The scenario with both kinds of sinks; the last vertex writes to an append log. */
    const appending = () => {
      const court = new Courtroom(everything)
      court.begin()
      const sink = court.of('windows sink')
      const from = court.attempts[court.layout.channels[court.layout.vertices[sink.vertex]!.inputs[0]!]!.from]!
      const write = (appended = true): void => {
        court.receive(court.send(from, { a: 1 }), court.of('windows sink'))
        if (appended) court.judge.appended(court.of('windows sink'), { a: 1 })
      }
      return { court, write }
    }
    const finished = (court: Courtroom): string | null => {
      court.judge.quiet(true)
      return court.verdict
    }
    it('loses nothing that the sink was called with', () => {
      const { court, write } = appending()
      write()
      write(false)
      expect(finished(court)).toBe('output/append-lost')
    })
    it('shows records again that came after the restored cut, which is permitted and counted', () => {
      const { court, write } = appending()
      write()
      const files = court.attempts.map((attempt) => court.snapshot(attempt, 1))
      const entry = court.complete(court.entryOf(1, files, [0, 1, 2, 3]))
      for (let i = 0; i < 3; i += 1) write()
      court.begin(entry, [0, 1, 2, 3])
      expect(court.verdict).toBe(null)
      expect([...court.judge.tally.permitted]).toEqual([['rewind-duplicate', 3]])
    })
  })
})

describe('time', () => {
  const deliver = (court: Courtroom, ms: number, ...inputs: readonly number[]): void => {
    const { vertices } = court.layout
    const attempt = court.of('count')
    for (const input of inputs) court.judge.watermark(attempt, vertices[attempt.vertex]!.inputs[input]!, ms)
  }
  judged([
    [
      'fires timers up to the least watermark of the inputs',
      null,
      (court) => {
        deliver(court, 10, 0, 1)
        deliver(court, 20, 1)
        court.judge.timerFired(court.of('count'), 'event', 'k', 10, '')
        court.judge.watermarkProcessed(court.of('count'), 11)
      },
    ],
    [
      'fires none before all inputs are there',
      'time/timer-fired-early:timer',
      (court) => {
        deliver(court, 10, 0, 1)
        deliver(court, 20, 1)
        court.judge.timerFired(court.of('count'), 'event', 'k', 11, '')
      },
    ],
    [
      'fires none before any watermark',
      'time/timer-fired-early:timer',
      (court) => court.judge.timerFired(court.of('count'), 'event', 'k', 0, ''),
    ],
    [
      'leaves none behind',
      'time/timer-not-fired:timer',
      (court) => {
        deliver(court, 10, 0, 1)
        court.judge.watermarkProcessed(court.of('count'), 10)
      },
    ],
    [
      'has nothing to say when no timer is left, also at the end of time',
      null,
      (court) => {
        deliver(court, Number.POSITIVE_INFINITY, 0, 1)
        court.judge.watermarkProcessed(court.of('count'), Number.POSITIVE_INFINITY)
      },
    ],
    [
      'of processing has other rules',
      null,
      (court) => court.judge.timerFired(court.of('count'), 'processing', 'k', 99, ''),
    ],
  ])
})

describe('progress', () => {
  const at = (court: Courtroom, units: number): void => {
    court.now = units * UNIT
    court.judge.watch()
  }
  // the plan: an interval of 500 units and a timeout of 1500
  judged([
    [
      'is made while functions are called',
      null,
      (court) => {
        court.judge.jobRunning()
        for (let units = 0; units < 20_000; units += 400) {
          court.read(0, 0, units / 400)
          at(court, units)
        }
      },
    ],
    [
      'stands still: the job runs, has work, and nobody is called',
      'progress/frozen',
      (court) => {
        court.judge.jobRunning()
        at(court, 2001)
      },
    ],
    [
      'may stand still without work',
      null,
      (court) => {
        court.workLeft = false
        court.judge.jobRunning()
        at(court, 2001)
      },
    ],
    [
      'may stand still after a fault, until the next barriers can have come',
      null,
      (court) => {
        court.judge.jobRunning()
        court.faultUntil = 1000 * UNIT
        at(court, 2000)
      },
    ],
    [
      'may not stand still for longer than that',
      'progress/frozen',
      (court) => {
        court.judge.jobRunning()
        court.faultUntil = 1000 * UNIT
        at(court, 2001)
      },
    ],
    [
      'may stand still while a checkpoint is on its way that the fault may have hit, and until the next barriers',
      null,
      (court) => {
        court.judge.jobRunning()
        court.faultUntil = 1000 * UNIT
        court.oldestPendingUs = 900 * UNIT
        at(court, 2400)
        court.oldestPendingUs = 2401 * UNIT
        at(court, 3400)
      },
    ],
    [
      'may not stand still for the sake of a checkpoint that was triggered after the fault',
      'progress/frozen',
      (court) => {
        court.judge.jobRunning()
        court.faultUntil = 1000 * UNIT
        court.oldestPendingUs = 1001 * UNIT
        at(court, 2001)
      },
    ],
    [
      'is not made for longer than the work that is left explains',
      'progress/no-progress',
      (court) => {
        court.running = false
        at(court, 11_000)
        expect(court.verdict).toBe(null)
        at(court, 11_001)
      },
    ],
    [
      'is made by a checkpoint, a commit or a record that was never read before',
      null,
      (court) => {
        court.running = false
        at(court, 10_000)
        court.read(0, 0, 0)
        at(court, 10_001)
        at(court, 21_001)
        court.checkpoint(1)
        at(court, 21_001)
        at(court, 32_001)
        court.judge.committed(court.of('sink'), court.openTransaction())
        at(court, 32_001)
        at(court, 43_001)
      },
    ],
    [
      'is not made by reading the same again',
      'progress/no-progress',
      (court) => {
        court.running = false
        court.read(0, 0, 0)
        at(court, 1)
        court.begin()
        court.assign(0, 0)
        court.now = 9000 * UNIT
        court.read(0, 0, 0)
        at(court, 11_002)
      },
    ],
    [
      'comes to an end: a run that is idle or at a limit has not',
      'progress/stuck',
      (court) => court.judge.neverDone('idle'),
    ],
    [
      'ends with a job that gives up although nothing happened',
      'progress/gave-up-without-faults',
      (court) => {
        for (let i = 0; i < 8; i += 1) court.judge.restarting(null, 1)
        court.judge.jobFailed()
      },
    ],
  ])

  it('says who waits for whom', () => {
    const court = inSession()
    court.judge.neverDone('idle')
    expect(court.judge.finding!.message).toBe('The job did not come to an end (idle): one waits; so does the other.')
    expect(court.judge.finding!.class).toBe('liveness')
  })

  it('may end with a job that gives up for new faults: the restart budget was an assumption', () => {
    const court = inSession()
    for (let i = 0; i < 8; i += 1) {
      court.strikes += 1
      court.judge.restarting(null, 1)
    }
    court.judge.jobFailed()
    expect(court.verdict).toBe(null)
    expect([...court.judge.tally.assumptions]).toEqual([['restart-budget', 1]])
  })

  it.each(['gives up', 'makes no progress'])(
    'of a job that %s because its checkpoints take longer than their timeout: that was an assumption',
    (how) => {
      const court = inSession()
      court.now = 2000 * UNIT
      court.read(0, 0, 0)
      court.judge.expired(1, 1000 * UNIT)
      if (how === 'gives up') court.judge.jobFailed()
      else {
        court.running = false
        at(court, 2000)
        at(court, 13_001)
      }
      expect(court.verdict).toBe(null)
      expect([...court.judge.tally.assumptions]).toEqual([['checkpoint-timeout-over-duration', 1]])
      expect(court.jobFailures).toBe(1)
    },
  )

  it('is slower with a source of a known rate', () => {
    // a record in five seconds: 2,500 units; and two elements of the sink's one input that call no function: 16 units
    const slow = scenario('slow', (env) => {
      env.enableCheckpointing(1000)
      env
        .fromSource(generatedSequence({ count: 20, splits: 4, ratePerSecond: 0.2 }), 'numbers')
        .sinkTo(transactionalLog('out'))
        .uid('sink')
    })
    const court = new Courtroom(slow)
    court.begin()
    court.judge.jobRunning()
    at(court, 3016)
    expect(court.verdict).toBe(null)
    at(court, 3017)
    expect(court.verdict).toBe('progress/frozen')
  })
})

describe('user code', () => {
  it('that fails is the user’s, by name of the operator', () => {
    const court = inSession()
    court.judge.userError(court.of('count', 1), new Error('boom'))
    expect(court.judge.finding).toMatchObject({
      class: 'user',
      fingerprint: 'user/threw:count',
      message: 'User code of count[1] failed: boom.',
    })
    const other = inSession()
    other.judge.userError(other.of('count'), 'just text')
    expect(other.judge.finding!.message).toBe('User code of count[0] failed: just text.')
  })
})

describe('a contract', () => {
  const strict = { state: 'exactly-once', output: {}, permits: [], assumes: [] } as const
  it('makes a violation of what it does not permit', () => {
    const court = new Courtroom(keyedState, false, strict)
    court.begin()
    const zombie = court.of('count')
    const file = court.files[court.snapshot(zombie, 1)]!
    court.begin()
    court.judge.fileMissing(zombie, file)
    expect(court.judge.finding).toMatchObject({
      fingerprint: 'contract/zombie-read',
      message: "The contract does not permit 'zombie-read', but it happened 1 times.",
    })
  })
  it('makes a violation of what goes wrong although it does not take it for granted', () => {
    const court = new Courtroom(keyedState, false, strict)
    court.begin()
    court.judge.jobFailed()
    expect(court.judge.finding).toMatchObject({
      fingerprint: 'contract/restart-budget',
      message: "'restart-budget' does not hold, and the contract does not assume it.",
    })
  })
})

describe('the judge', () => {
  it('reports the first finding and no other, with its time', () => {
    const court = inSession()
    court.now = 77
    court.judge.completed(9)
    court.read(1, 0, 0)
    expect(court.found).toHaveLength(1)
    expect(court.judge.finding).toMatchObject({ oracle: 'coordination', atUs: 77, class: 'safety' })
    court.judge.reset(false)
    expect(court.judge.finding).toBe(null)
  })

  it('counts what a report needs: records, checkpoints, restores, commits, intervals, durations, state bytes', () => {
    const court = inSession()
    court.read(0, 0, 0)
    court.read(0, 0, 1)
    const files = court.attempts.map((attempt) => court.snapshot(attempt, 1))
    files.forEach((id, i) => void Object.assign(court.files[id]!, { bytes: 10 * (i + 1) }))
    court.now = 5000
    const entry = court.complete({ ...court.entryOf(1, files), triggeredAtUs: 3000 })
    court.begin(entry)
    court.judge.finished()
    const { tally } = court.judge
    expect(tally).toMatchObject({
      records: 2,
      checkpointsCompleted: 1,
      restores: 1,
      commits: 0,
      intervalsUs: 3000,
      durationsUs: 2000,
    })
    expect([...tally.stateBytes]).toEqual([
      ['numbers', 30],
      ['count', 70],
      ['sink', 50],
    ])
  })
})

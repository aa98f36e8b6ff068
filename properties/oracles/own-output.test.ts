import { describe, expect, it } from 'vitest'
import {
  type Collector,
  type Committer,
  fileSink,
  generatedSequence,
  type KeyValue,
  type OwnSinkSpec,
  PortError,
  type Ports,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type Scenario,
  type Sink,
  type SinkWriter,
  scenario,
  type TransactionalLog,
  upsertSink,
  type ValueState,
  valueState,
} from '../../src/dataflow/index.ts'
import { firstFinding, numbersInto, own, runs } from '../cluster/own-sinks.ts'
import { inSession } from './courtroom.ts'

const LIMIT = 300

/** Two-phase commit on a log, with parts to replace. */
function twoPhase(
  {
    append = (log, transaction, value) => log.append(transaction, value),
    commit = (log, transaction) => log.commit(transaction),
    prepareCommit = (log, transaction) => {
      log.prepare(transaction)
      return [transaction]
    },
  }: {
    append?: (log: TransactionalLog, transaction: string, value: number) => void
    commit?: (log: TransactionalLog, transaction: string) => void
    prepareCommit?: (log: TransactionalLog, transaction: string) => readonly string[]
  } = {},
  guarantee: 'exactly-once' | 'at-least-once' = 'exactly-once',
): Scenario {
  return own(
    (ports) => {
      const log = ports.log('out')
      return {
        createWriter({ subtask, attempt }) {
          let transaction: string | undefined
          return {
            write(value: number) {
              transaction ??= log.begin(`out-${subtask}`, attempt)
              append(log, transaction, value)
            },
            prepareCommit() {
              if (transaction === undefined) return []
              const prepared = transaction
              transaction = undefined
              return prepareCommit(log, prepared)
            },
          }
        },
        createCommitter: () => ({
          commit(transactions) {
            for (const transaction of transactions) commit(log, transaction as string)
            return []
          },
        }),
      }
    },
    { guarantee },
  )
}
/** Committables that hold the rows themselves: the committer makes a visible object of each list, under a name of its own. */
const rowsInCommittables = (nameOf: (name: string, commits: number) => string): Scenario =>
  own((ports) => {
    const files = ports.objects('out')
    return {
      createWriter({ subtask, attempt }) {
        let rows: number[] = []
        let lists = 0
        return {
          write: (value: number) => void rows.push(value),
          prepareCommit() {
            const prepared = { name: `${subtask}-${attempt}-${lists}`, rows }
            rows = []
            lists += 1
            return [prepared]
          },
        }
      },
      createCommitter({ attempt }) {
        return {
          commit(lists) {
            for (const { name, rows } of lists as { name: string; rows: number[] }[])
              files.put(nameOf(name, attempt), rows)
            return []
          },
        }
      },
    }
  })
const swallow = (body: () => void): void => {
  try {
    body()
  } catch (error) {
    if (!(error instanceof PortError)) throw error
  }
}

describe('rows of a sink of the user’s own', () => {
  it.each<[string, Scenario]>([
    ['two-phase commit', twoPhase()],
    ['rows in committables, put under a name of their own', rowsInCommittables((name) => name)],
    ['files', numbersInto(fileSink('out'))],
    [
      'two-phase commit that commits too early, if it promises no more than at-least-once',
      twoPhase(
        {
          prepareCommit: (log, transaction) => {
            log.commit(transaction)
            return []
          },
        },
        'at-least-once',
      ),
    ],
  ])('are in order with %s', (_, job) => {
    expect(firstFinding(job, 100)).toBeUndefined()
  })

  it.each<[string, Scenario, string | RegExp]>([
    [
      'are shown before their checkpoint is complete',
      twoPhase({
        prepareCommit: (log, transaction) => {
          log.commit(transaction)
          return []
        },
      }),
      'output/shown-before-durable-cut',
    ],
    [
      'are written again when nobody has answered',
      twoPhase({
        append: (log, transaction, value) => {
          try {
            log.append(transaction, value)
          } catch (error) {
            if (!(error instanceof PortError) || error.failure !== 'unknown') throw error
            log.append(transaction, value)
          }
        },
      }),
      'output/row-shown-again',
    ],
    [
      'are lost with a write whose failure is swallowed',
      twoPhase({ append: (log, transaction, value) => swallow(() => log.append(transaction, value)) }),
      /^output\/committed-not-effective/,
    ],
    [
      'are lost with a commit whose failure is swallowed',
      twoPhase({ commit: (log, transaction) => swallow(() => log.commit(transaction)) }),
      /^output\/committed-not-effective/,
    ],
    [
      'are not what the records say',
      twoPhase({ append: (log, transaction, value) => log.append(transaction, value === 7 ? 'seven' : value) }),
      'output/foreign-row',
    ],
    [
      'are shown again by a committer that is not idempotent',
      rowsInCommittables((name, attempt) => `${name}-by-${attempt}`),
      'output/row-shown-again',
    ],
    [
      'are committed by those who have aborted them',
      twoPhase({
        prepareCommit: (log, transaction) => {
          log.abort(transaction)
          return [transaction]
        },
      }),
      'output/commit-of-aborted',
    ],
  ])('are found when they %s', (_, job, fingerprint) => {
    expect(firstFinding(job, LIMIT)).toMatch(fingerprint)
  })

  it('are missing when a finished file is deleted', () => {
    const job = own((ports) => {
      const files = ports.objects('out')
      return {
        createWriter: ({ subtask, attempt, restoredCheckpointId = 0 }) => ({
          write: (value: number) => files.put(`.${subtask}-${attempt}-${value}`, [value]),
          prepareCommit: () => [{ of: `.${subtask}-${attempt}-`, since: restoredCheckpointId }],
        }),
        createCommitter: () => ({
          commit(lists) {
            for (const { of } of lists as { of: string }[])
              for (const path of files.list(of)) {
                files.rename(path, path.slice(1))
                if (path.endsWith('-3')) files.delete(path.slice(1))
              }
            return []
          },
        }),
      }
    })
    expect(firstFinding(job, LIMIT)).toMatch(/^output\/(committed-not-effective|shown-before-durable-cut)/)
  })

  it('may come again if the sink promises no more, and are counted', () => {
    let again = 0
    const early = twoPhase(
      {
        prepareCommit: (log, transaction) => {
          log.commit(transaction)
          return []
        },
      },
      'at-least-once',
    )
    for (const { result } of runs(early, 80)) again += result.tally.permitted.get('rewind-duplicate') ?? 0
    expect(again).toBeGreaterThan(20)
  })
})

/** Numbers each value of a key by its arrival, so that a history that was given up may have numbered otherwise. */
class Ranked implements ProcessFunction<number, readonly [rank: number, value: number], number> {
  #rank!: ValueState<number>
  open(context: RuntimeContext): void {
    this.#rank = context.getState(valueState('rank', 0))
  }
  processElement(value: number, _: ProcessContext<number>, out: Collector<readonly [number, number]>): void {
    const rank = this.#rank.value()! + 1
    this.#rank.update(rank)
    out.collect([rank, value])
  }
}
type Rank = readonly [rank: number, value: number]
const ranksInto = (sink: OwnSinkSpec<Rank>): Scenario =>
  scenario(
    'ranks-into',
    (env) => {
      env.enableCheckpointing(1000).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 120, splits: 4 }), 'numbers')
        .keyBy((value) => value % 6, 'int')
        .process(() => new Ranked())
        .uid('rank')
        .sinkTo(sink)
        .uid('sink')
    },
    { records: { min: 30, max: 60 } },
  )
const byClass = upsertSink<Rank>('out', {
  key: ([, value]) => value % 6,
  value: ([rank, value]) => `${rank}: ${value}`,
})
const upserting = (write: (store: KeyValue, record: Rank, attempt: number) => void): Scenario =>
  ranksInto({
    ...byClass,
    make: (ports: Ports): Sink<Rank> => ({
      createWriter: ({ attempt }) => ({
        write: (record) => write(ports.keyValue('out'), record, attempt),
      }),
    }),
  })
const keyOf = ([, value]: Rank): number => value % 6
const textOf = ([rank, value]: Rank): string => `${rank}: ${value}`

describe('keys of a sink of the user’s own', () => {
  /** The last value of each key waits for the checkpoint, whose number is its version. */
  const atCommit = ranksInto({
    ...byClass,
    make: (ports) => {
      const store = ports.keyValue('out')
      return {
        createWriter(): SinkWriter<Rank> {
          let last = new Map<number, string>()
          let checkpoint = 0
          return {
            write: (record) => void last.set(keyOf(record), textOf(record)),
            prepareCommit() {
              const committables = [...last].map(([key, value]) => ({ key, value }))
              last = new Map()
              return committables
            },
            snapshotState(id) {
              checkpoint = id
              return [checkpoint]
            },
          }
        },
        createCommitter: ({ attempt }): Committer<unknown> => ({
          commit(committables) {
            for (const { key, value } of committables as { key: number; value: string }[])
              if (!store.put(key, value, attempt)) throw new PortError('fenced', `${key} has a later version`)
            return []
          },
        }),
      }
    },
  })

  it.each<[string, Scenario]>([
    ['the sink that comes with Cutline', ranksInto(byClass)],
    ['one that sets them when the checkpoint is complete', atCommit],
    [
      'one that compares and sets, with the attempt as part of the value of a key of its own',
      upserting((store, record, attempt) => {
        const guard = `.${keyOf(record)}`
        const held = store.get(guard)
        if (((held?.value as number | undefined) ?? 0) > attempt)
          throw new PortError('fenced', 'a later attempt writes')
        if (!store.compareAndSet(guard, held?.revision, attempt))
          throw new PortError('fenced', 'a later attempt writes')
        store.put(keyOf(record), textOf(record), attempt)
      }),
    ],
  ])('are in order with %s', (_, job) => {
    expect(firstFinding(job, 100)).toBeUndefined()
  })

  it.each<[string, Scenario, string | RegExp]>([
    [
      'stale',
      upserting((store, record) => void store.put(keyOf(record), textOf(record))),
      'output/stale-overwrite:key',
    ],
    [
      'stale although somebody looked before',
      upserting((store, record, attempt) => {
        const guard = `.${keyOf(record)}`
        if (((store.get(guard)?.value as number | undefined) ?? 0) > attempt) throw new PortError('fenced', 'too late')
        store.put(guard, attempt, attempt)
        store.put(keyOf(record), textOf(record)) // what is slow arrives after the look of somebody else
      }),
      'output/stale-overwrite:key',
    ],
    [
      'not set at all, for the failure is swallowed',
      upserting((store, record, attempt) => swallow(() => void store.put(keyOf(record), textOf(record), attempt))),
      /^output\/(last-write-lost|key-lost|stale-overwrite):key/,
    ],
    [
      'not the last ones',
      upserting((store, record, attempt) => {
        if (record[0] % 4 > 0 || record[0] === 1) store.put(keyOf(record), textOf(record), attempt)
      }),
      'output/last-write-lost:key',
    ],
    [
      'never set',
      upserting((store, record, attempt) => {
        if (keyOf(record) !== 3) store.put(keyOf(record), textOf(record), attempt)
      }),
      'output/key-lost:key',
    ],
    [
      'other ones',
      upserting((store, record, attempt) => {
        store.put(keyOf(record), textOf(record), attempt)
        store.put('also', textOf(record), attempt)
      }),
      'output/foreign-key:key',
    ],
  ])('are found when they are %s', (_, job, fingerprint) => {
    expect(firstFinding(job, LIMIT)).toMatch(fingerprint)
  })

  it('that only a history which was given up has set are counted as orphans', () => {
    const everyRank = ranksInto(upsertSink('out', { key: ([rank, value]) => `${rank}: ${value}`, value: () => true }))
    let orphans = 0
    for (const { result } of runs(everyRank, 120)) {
      expect(result.finding).toBeNull()
      const counted = result.tally.permitted.get('orphan-key') ?? 0
      orphans += counted
      if (result.end === 'done') {
        const due = new Set<number>()
        for (const [key] of result.committed.out as readonly (readonly [string, true])[])
          due.add(Number(key.split(': ')[1]))
        // every value has at least the key of its last rank; the rest are the orphans
        expect(result.committed.out!.length - due.size).toBeLessThanOrEqual(counted)
      }
    }
    expect(orphans).toBeGreaterThan(20)
  })

  it('may be deleted', () => {
    const deleting = ranksInto(
      upsertSink('out', { key: keyOf, value: (record) => (record[0] % 2 === 0 ? undefined : textOf(record)) }),
    )
    let deleted = 0
    for (const { result } of runs(deleting, 50)) {
      expect(result.finding).toBeNull()
      if (result.end === 'done') deleted += 6 - result.committed.out!.length
    }
    expect(deleted).toBeGreaterThan(10)
  })
})

describe('a sink that stops the job because a transaction is gone', () => {
  it('is not blamed for it: the plan has broken an assumption', () => {
    for (const gone of [false, true]) {
      const court = inSession()
      if (gone) court.judge.assumption('transaction-timeout-over-outage')
      for (let i = 0; i < 8; i += 1) court.judge.restarting(null, 1)
      court.judge.jobFailed()
      expect(court.verdict).toBe(gone ? null : 'progress/gave-up-without-faults')
    }
  })
})

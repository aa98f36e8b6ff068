import { describe, expect, it } from 'vitest'
import {
  fromArray,
  ownSink,
  PortError,
  type Scenario,
  type Sink,
  type SinkWriter,
  scenario,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import type { Fault } from '../../src/model/index.ts'
import { play, UNIT } from '../check/scripted.ts'
import { firstFinding, numbersInto, own, runs } from './own-sinks.ts'

/** A two-phase sink as small as can be; what it does is written down, whichever attempt does it. */
const spied = (calls: string[], spoil: Partial<SinkWriter<number>> = {}): Scenario =>
  own((ports) => {
    const log = ports.log('out')
    return {
      createWriter({ subtask, attempt, restored, restoredCheckpointId }) {
        const owner = `out-${subtask}`
        let transaction = log.begin(owner, attempt)
        let count = (restored[0] as number | undefined) ?? 0
        if (subtask === 0) calls.push(`create from ${restoredCheckpointId}: ${JSON.stringify(restored)}`)
        const say = (what: string): void => void (subtask === 0 && calls.push(what))
        return {
          write(value: number) {
            count += 1
            log.append(transaction, value)
          },
          writeWatermark: (ms) => say(`watermark ${ms}`),
          flush: (endOfInput) => say(`flush ${endOfInput}`),
          prepareCommit() {
            say('prepareCommit')
            const prepared = transaction
            log.prepare(prepared)
            transaction = log.begin(owner, attempt)
            return [prepared]
          },
          snapshotState(checkpoint) {
            say(`snapshotState ${checkpoint}`)
            return [count]
          },
          ...spoil,
        }
      },
      createCommitter: ({ subtask }) => ({
        commit(transactions) {
          if (subtask === 0) calls.push(`commit ${transactions.join()}`)
          for (const transaction of transactions) log.commit(transaction as string)
          return []
        },
      }),
    }
  })
const crashAt = (fault: Partial<Fault>): Fault => ({
  what: 'crash-task',
  target: { operator: 'sink', subtask: 0 },
  when: { phase: 'job-running', nth: 1 },
  ...fault,
})

describe('a sink of the user’s own', () => {
  it('is flushed, asked for committables and for its state at every barrier, and commits when the checkpoint is complete', () => {
    const calls: string[] = []
    const { result } = play({ scenario: spied(calls), records: 60, checkpointIntervalUs: 200 * UNIT })
    expect(result.end).toBe('done')
    const checkpoints = calls.filter((call) => call.startsWith('snapshotState')).length
    expect(checkpoints).toBeGreaterThan(2)
    expect(calls.slice(0, 6)).toEqual([
      'create from undefined: []',
      'flush false',
      'prepareCommit',
      'snapshotState 1',
      'commit out-0:1:1',
      'flush false',
    ])
    // the end of the input takes the place of a barrier's flush; the next checkpoint holds what it left
    const end = calls.indexOf('flush true')
    expect(calls.slice(end - 1, end + 2)).toEqual(['watermark Infinity', 'flush true', 'prepareCommit'])
    const after = calls.slice(end + 2)
    expect(after.filter((call) => !/^(commit|snapshotState) /.test(call))).toEqual([])
    const prepared = calls.filter((call) => call === 'prepareCommit').length
    expect(calls.filter((call) => call.startsWith('commit'))).toEqual(
      Array.from({ length: prepared }, (_, i) => `commit out-0:1:${i + 1}`),
    )
    expect([...(result.committed.out as number[])].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    )
  })

  it('commits again after a restore, before it makes a new writer from its state', () => {
    const calls: string[] = []
    const { result } = play({
      scenario: spied(calls),
      records: 60,
      checkpointIntervalUs: 200 * UNIT,
      faults: [
        crashAt({ when: { phase: 'commit-applied', nth: 1 } }),
        crashAt({ when: { phase: 'metadata-end', nth: 3 } }),
      ],
    })
    expect(result.finding).toBeNull()
    expect(result.tally.restores).toBe(2)
    const created = calls.findLastIndex((call) => call.startsWith('create from'))
    expect(calls[created]).toMatch(/^create from [1-9]: \[[1-9]\d*\]$/)
    // what the restored checkpoint holds is committed, here for the first time
    expect(calls[created - 1]).toMatch(/^commit out-0:2:/)
    expect(calls.filter((call) => call === calls[created - 1])).toHaveLength(1)
  })

  it('has its calls repeated, refused, answered late or not at all, and stays exactly-once', () => {
    const commits = new Map<string, number>()
    let mishaps = 0
    for (const { plan, result } of runs(spied([]), 120)) {
      expect(result.finding).toBeNull()
      plan.faults.forEach(({ target }, i) => {
        if (typeof target === 'object' && 'effect' in target && target.effect.startsWith('sink') && result.fired[i])
          mishaps += 1
      })
    }
    expect(mishaps).toBeGreaterThan(20)
    const calls: string[] = []
    for (const { result } of runs(spied(calls), 60)) {
      for (const call of calls) if (call.startsWith('commit')) commits.set(call, (commits.get(call) ?? 0) + 1)
      expect(result.finding).toBeNull()
      calls.length = 0
    }
    expect(Math.max(...commits.values())).toBeGreaterThan(1)
  })

  it('knows the timestamp of each record, the current watermark and all watermarks', () => {
    const recorded = recordedRows()
    let restores = 0
    for (const { result } of runs(recorded, 70)) {
      expect(result.finding).toBeNull()
      if (result.end !== 'done' || result.tally.assumptions.size > 0) continue
      restores += result.tally.restores
      let watermark = Number.NEGATIVE_INFINITY
      const values: number[] = []
      for (const row of result.committed.out as (readonly [string, ...number[]])[]) {
        const [kind, a, timestamp, current] = row
        if (kind === 'watermark') {
          expect(a).toBeGreaterThan(watermark)
          watermark = a!
          continue
        }
        values.push(a!)
        expect(timestamp).toBe(a! * 100)
        expect(current).toBe(watermark)
      }
      expect(values).toEqual(Array.from({ length: values.length }, (_, i) => i))
      expect(watermark).toBe(Number.POSITIVE_INFINITY)
    }
    expect(restores).toBeGreaterThan(20)
  })

  it('fails its task when an external system fails it, which is no error of the user', () => {
    const fail = (what: 'fail' | 'ambiguous' | 'crash', effect: 'sink-write' | 'sink-commit', nth: number): Fault => ({
      what,
      target: { effect },
      when: { phase: effect === 'sink-write' ? 'write-sent' : 'commit-begin', nth },
    })
    const { result } = play({
      scenario: spied([]),
      records: 60,
      faults: [fail('fail', 'sink-write', 9), fail('crash', 'sink-write', 30), fail('ambiguous', 'sink-commit', 2)],
    })
    expect(result.finding).toBeNull()
    expect(result.tally.restores).toBe(3)
  })

  it('dies at the call that its task crashes in, even if its code swallows the exception', () => {
    const swallowing = own(
      (ports) => {
        const keys = ports.keyValue('out')
        return {
          createWriter: ({ attempt }) => ({
            write(value: number) {
              try {
                keys.put(`a${value}`, attempt, attempt)
                keys.put(`b${value}`, attempt, attempt)
              } catch {}
            },
          }),
        }
      },
      { rows: 'anything' },
    )
    const crash: Fault = { what: 'crash', target: { effect: 'sink-write' }, when: { phase: 'write-sent', nth: 2 } }
    const { result, heard } = play({ scenario: swallowing, records: 60, faults: [crash] })
    expect(result.finding).toBeNull()
    const failed = heard.findIndex(({ what }) => what === 'attemptFailed')
    expect(failed).toBeGreaterThan(0)
    expect(result.tally.restores).toBe(1)
  })
})

/** Records everything that a sink can know, exactly once: the last watermark is part of its state. */
function recordedRows(): Scenario {
  const sink = ownSink<number>(
    'out',
    (ports) => {
      const log = ports.log('out')
      return {
        createWriter({ attempt, restored }) {
          let watermark = (restored[0] as number | undefined) ?? Number.NEGATIVE_INFINITY
          let transaction: string | undefined
          const append = (row: unknown): void => {
            transaction ??= log.begin('out', attempt)
            log.append(transaction, row)
          }
          return {
            write(value, context) {
              append(['row', value, context.timestamp(), Math.max(watermark, context.currentWatermark())])
            },
            writeWatermark(ms) {
              if (ms <= watermark) return
              watermark = ms
              append(['watermark', ms])
            },
            prepareCommit() {
              if (transaction === undefined) return []
              const prepared = transaction
              log.prepare(prepared)
              transaction = undefined
              return [prepared]
            },
            snapshotState: () => [watermark],
          }
        },
        createCommitter: () => ({
          commit(transactions) {
            for (const transaction of transactions) log.commit(transaction as string)
            return []
          },
        }),
      }
    },
    { rows: 'anything' },
  )
  return scenario(
    'recorded',
    (env) => {
      env.enableCheckpointing(1000).setParallelism(1)
      env
        .fromSource(
          fromArray(Array.from({ length: 80 }, (_, i) => i)),
          'numbers',
          WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((value: number) => value * 100),
        )
        .sinkTo(sink)
        .uid('sink')
    },
    { records: { min: 30, max: 60 } },
  )
}

describe('an error of the user', () => {
  const writer = (spoiled: Partial<SinkWriter<number>>): Sink<number> => ({
    createWriter: () => ({ write: () => {}, ...spoiled }),
  })
  it.each<[string, () => Sink<number>, string]>([
    ['a factory that makes no sink', () => ({}) as Sink<number>, 'it must return a sink with createWriter'],
    [
      'a sink that makes no writer',
      () => ({ createWriter: () => ({}) as SinkWriter<number> }),
      'it must return a writer with write',
    ],
    [
      'write throws',
      () =>
        writer({
          write: () => {
            throw new Error('no such thing')
          },
        }),
      'write of sink threw: no such thing',
    ],
    ['write returns a promise', () => writer({ write: (async () => {}) as () => void }), 'it returned a promise'],
    ['nobody commits what is prepared', () => writer({ prepareCommit: () => [1] }), 'the sink has no createCommitter'],
    [
      'committables are no list',
      () => writer({ prepareCommit: () => 'all' as unknown as [] }),
      'it must return a list',
    ],
    ['state is no list', () => writer({ snapshotState: () => 7 as unknown as [] }), 'it must return a list'],
    [
      'state cannot be carried',
      () => writer({ snapshotState: () => [() => 1] }),
      'which records and state cannot carry',
    ],
  ])('is found: %s', (_, make, message) => {
    const { result } = play({ scenario: own(() => make(), { rows: 'anything' }), records: 40 })
    expect(result.finding).toMatchObject({ class: 'user', part: 'sink' })
    expect(result.finding!.message).toContain(message)
  })

  it('is found in the function that says what the sink shows', () => {
    const rows = (): never => {
      throw new Error('cannot tell')
    }
    const { result } = play({ scenario: own(() => writer({}), { rows }), records: 40 })
    expect(result.finding).toMatchObject({ class: 'user', part: 'sink' })
    expect(result.finding!.message).toContain('what sink shows of a record failed: cannot tell')
  })

  it('is none if an external system is the cause', () => {
    const wrapped = writer({
      write: () => {
        throw new Error('could not write', { cause: new Error('client', { cause: new PortError('refused', 'no') }) })
      },
    })
    const { result } = play({ scenario: own(() => wrapped, { rows: 'anything' }), records: 40, restartAttempts: 2 })
    expect(result.end).toBe('failed')
    expect(result.finding).toBeNull()
  })
})

describe('a commit that is not done yet', () => {
  const stubborn = (tries: number): Scenario => {
    let asked = 0
    return own(
      () => ({
        createWriter: () => ({ write: () => {}, prepareCommit: () => ['x', 'y'] }),
        createCommitter: () => ({
          commit(committables) {
            asked += 1
            // y is done at once
            return asked % (tries + 1) === 0 ? [] : committables.filter((c) => c === 'x')
          },
        }),
      }),
      { rows: 'anything' },
    )
  }
  it('is tried again', () => {
    expect(play({ scenario: stubborn(3), records: 40, parallelism: { numbers: 1, sink: 1 } }).result).toMatchObject({
      end: 'done',
      finding: null,
    })
  })
  it('fails the task after ten tries', () => {
    const { result } = play({
      scenario: stubborn(1_000_000),
      records: 40,
      parallelism: { numbers: 1, sink: 1 },
      restartAttempts: 2,
    })
    expect(result.end).toBe('failed')
  })
})

describe('a sink that needs no ports', () => {
  it('is taken as it is', () => {
    const seen: number[] = []
    const sink: Sink<number> = { createWriter: () => ({ write: (value) => void seen.push(value) }) }
    const { result } = play({ scenario: numbersInto(sink), records: 40 })
    // it shows nothing: what it was called with is missing
    expect(result.finding?.fingerprint).toContain('output/committed-not-effective')
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(firstFinding(numbersInto(sink), 1)).toBeDefined()
  })
})

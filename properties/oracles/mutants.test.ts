/** Bugs planted in the real charts and parts, one for each oracle at least: it is the one that speaks first. */
import { describe, expect, it } from 'vitest'
import everything from '../../scenarios/everything.ts'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { type BugDefinition, Check } from '../../src/check/index.ts'
import type { ClusterParts, JobManager } from '../../src/cluster/index.ts'
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type ProcessContext,
  type ProcessFunction,
  type Scenario,
  scenario,
  transactionalLog,
} from '../../src/dataflow/index.ts'
import type { DurableView, Mutation } from '../../src/model/index.ts'
import {
  type AlignedTask,
  aligned,
  type BarrierCoordinator,
  type PendingCheckpoint,
} from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

const RUNS = 200
const indices = (runs: number): number[] => Array.from({ length: runs }, (_, i) => i)

/** The first finding of a check, and in which run it was. */
function firstFinding(of: Scenario, mutation: Mutation, variant?: Scenario) {
  const bug: BugDefinition = {
    id: 'planted',
    title: '',
    mechanism: '',
    scenario: of.name,
    protocol: 'aligned',
    mutation,
    ...(variant === undefined ? {} : { variant }),
    oracles: [],
    verdict: 'safety',
  }
  const { failure } = new Check({ scenario: of, protocol: aligned, bug, seed: 'mutants' }).batch(indices(RUNS))
  return failure
}
const parts = (own: Partial<ClusterParts>): Mutation => ({ parts: own })
const task = (own: Overrides<AlignedTask>): Mutation => ({ charts: { 'aligned-task': own } })
const pending = (own: Overrides<PendingCheckpoint>): Mutation => ({ charts: { 'pending-checkpoint': own } })
const coordinator = (own: Overrides<BarrierCoordinator>): Mutation => ({ charts: { 'checkpoint-coordinator': own } })
const jobManager = (own: Overrides<JobManager>): Mutation => ({ charts: { 'job-manager': own } })

const planted: readonly (readonly [oracle: string, what: string, scenario: Scenario, mutation: Mutation])[] = [
  ['delivery', 'a task loses its third emission', keyedState, parts({ sendsEmission: (n) => n !== 3 })],
  ['cut', 'inputs go on behind the barrier', keyedState, task({ actions: { align: (t) => void t.arrived++ } })],
  ['cut', 'an obsolete barrier counts', keyedState, task({ guards: { last: () => true } })],
  ['splits', 'readers go on one position too far', keyedState, parts({ restoredPosition: (position) => position + 1 })],
  ['splits', 'no split ever comes back', keyedState, parts({ goesBack: () => false })],
  ['state', 'the asynchronous part works on live state', keyedState, parts({ copyForSnapshot: (live) => live })],
  ['state', 'restored tasks write to the file', keyedState, parts({ copyForRestore: (stored) => stored })],
  ['state', 'the last timer is not restored', everything, parts({ restoredTimers: (timers) => timers.slice(0, -1) })],
  ['storage', 'tasks acknowledge early', keyedState, parts({ acknowledgesEarly: () => true })],
  [
    'storage',
    'late acknowledgements discard what is in use',
    keyedState,
    coordinator({ guards: { referenced: () => false } }),
  ],
  [
    'recency',
    'a recovery takes the oldest',
    keyedState,
    { parts: { recover: ({ completed }: DurableView) => completed[0] ?? null } },
  ],
  [
    'recency',
    'a restart does not wait for a write',
    keyedState,
    coordinator({ guards: { writeInFlight: () => false } }),
  ],
  [
    'coordination',
    'reports of old attempts count',
    keyedState,
    jobManager({ guards: { fromOldExecution: () => false } }),
  ],
  [
    'coordination',
    'completion is announced with the last acknowledgement',
    keyedState,
    pending({
      actions: {
        writeMetadata(checkpoint, ack) {
          checkpoint.announce(ack)
          checkpoint.writeMetadata(ack)
        },
      },
    }),
  ],
  ['output', 'sinks commit what they prepare', keyedState, parts({ commitsAtSnapshot: () => true })],
  ['output', 'a refused write is ignored', keyedState, parts({ writeErrorFailsTask: () => false })],
  [
    'output',
    'the last transaction stays',
    keyedState,
    parts({ commitsAt: ({ checkpoint, final }, completed) => !final && checkpoint <= completed }),
  ],
  ['time', 'timers fire a second early', everything, parts({ timersDueAt: (watermark) => watermark + 1000 })],
  ['time', 'timers wait for a second', everything, parts({ timersDueAt: (watermark) => watermark - 1000 })],
  ['progress', 'channels stay blocked after the snapshot', keyedState, task({ actions: { releaseAll: () => {} } })],
  ['progress', 'the checkpoint of an ended job never comes', keyedState, coordinator({ actions: { rearm: () => {} } })],
]

describe('a planted bug', () => {
  it.each(planted)('%s reports that %s', (oracle, _, of, mutation) => {
    const failure = firstFinding(of, mutation)
    expect(failure?.finding.fingerprint.split('/')[0]).toBe(oracle)
  })

  it('state reports a field that no checkpoint saves', () => {
    class Numbering implements ProcessFunction<number, unknown, number> {
      #n = 0
      processElement(_: number, context: ProcessContext<number>, out: Collector<unknown>): void {
        this.#n += 1
        out.collect([context.getCurrentKey(), this.#n])
      }
    }
    const numbering = scenario('keyed-state', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      env
        .fromSource(generatedSequence({ count: 100, splits: 4 }), 'numbers')
        .keyBy((n) => n % 10, 'int')
        .process(() => new Numbering())
        .uid('count')
        .sinkTo(transactionalLog('counts'))
        .uid('sink')
    })
    expect(firstFinding(keyedState, {}, numbering)?.finding.fingerprint).toBe('state/twin-deviates:twin')
  })

  it('determinism reports a number that lives as long as the process', () => {
    let calls = 0
    const remembering = scenario('keyed-state', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
      env
        .fromSource(generatedSequence({ count: 100, splits: 4 }), 'numbers')
        .map((n) => {
          calls += 1
          return [n, calls]
        })
        .sinkTo(transactionalLog('counts'))
        .uid('sink')
    })
    const failure = firstFinding(keyedState, {}, remembering)
    expect(failure?.finding).toMatchObject({ class: 'nondeterminism', fingerprint: 'determinism/digest-differs' })
  })

  it('is refused if it replaces what nobody has', () => {
    expect(() => firstFinding(keyedState, { parts: { copyForSnapsot: () => null } })).toThrow(
      /there is no part 'copyForSnapsot'; parts are copyForSnapshot, /,
    )
  })
})

describe('the correct system', () => {
  it.each(scenarios.map((one) => [one.name, one] as const))('%s: no finding in 200 runs', (_, of) => {
    // with twins in every eighth run; the ones that read all of a large input are left to the soak
    const total = new Check({ scenario: of, protocol: aligned, seed: 'correct' }).batch(indices(200))
    expect(total.failure).toBe(null)
    expect(total.runs).toBe(200)
    expect(total.restores).toBeGreaterThan(80)
    expect(total.checkpointsCompleted).toBeGreaterThan(400)
    expect(total.commits + (total.permitted['rewind-duplicate'] ?? 0)).toBeGreaterThan(400)
  })

  it('repeats records in an append log after a restore, which is permitted, counted and not a finding', () => {
    const total = new Check({ scenario: everything, protocol: aligned, seed: 'permitted' }).batch(indices(60))
    expect(total.failure).toBe(null)
    expect(total.permitted['rewind-duplicate']).toBeGreaterThan(0)
  })
})

/** Downtime by the rules of restart strategies and heartbeats. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { twin } from '../../src/flink/index.ts'
import { type Answers, dumpOf, packedRun } from './measured-runs.ts'

const kill = packedRun('kill-T30-r60-1')
const failureAtMs = Number(kill.row.t_fail)

/** The dump with other settings of the cluster, and the restart strategy of the job's configuration replaced. */
function withSettings(
  settings: Readonly<Record<string, string>>,
  strategy = 'Cluster level default restart strategy',
): Answers {
  const answers = kill.before!
  const config = JSON.parse(answers['jobmanager_config.json']!) as { key: string; value: string }[]
  const kept = config.filter(({ key }) => !Object.hasOwn(settings, key) && !key.startsWith('restart-strategy'))
  const job = JSON.parse(answers['job_config.json']!)
  job['execution-config']['restart-strategy'] = strategy
  return {
    ...answers,
    'job_config.json': JSON.stringify(job),
    'jobmanager_config.json': JSON.stringify([
      ...kept,
      ...Object.entries(settings).map(([key, value]) => ({ key, value })),
    ]),
  }
}

const figures = (answers: Answers) => twin(dumpOf(answers, 'dump')).inferred
const ofKill = (answers: Answers, atMs: number) =>
  twin(dumpOf(answers, 'dump'), { failureAtMs: atMs, kind: 'taskmanager' }).prediction.atFailure!

describe('an exception', () => {
  it('costs the restart delay and a redeployment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (delayS) => {
        const settings = { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.delay': `${delayS} s` }
        const { value } = figures(withSettings(settings)).downtimeMs
        expect(value! - delayS * 1000).toBe(137)
      }),
    )
  })

  it.each([
    ['Restart with fixed delay (PT2S). #3 restart attempts.', 2137],
    ['Restart with fixed delay (10000 ms). #3 restart attempts.', 10_137],
    ['Failure rate restart with maximum of 3 failures within interval PT5M and fixed delay PT7S.', 7137],
    ['Restart with exponential delay: starting at PT0.5S, increasing by 2', 637],
  ])('reads the strategy of the job: %s', (strategy, downtimeMs) => {
    expect(figures(withSettings({}, strategy)).downtimeMs.value).toBe(downtimeMs)
  })

  it('reads old spellings, and falls back to the default of Flink', () => {
    const old = { 'restart-strategy': 'failure-rate', 'restart-strategy.failure-rate.delay': '4 s' }
    expect(figures(withSettings(old)).downtimeMs.value).toBe(4137)
    expect(figures(withSettings({})).downtimeMs).toMatchObject({ value: 1137 })
    expect(figures(withSettings({})).downtimeMs.from).toContain("Flink's default")
  })

  it('ends a job that does not restart', () => {
    const { downtimeMs } = figures(withSettings({ 'restart-strategy.type': 'none' }))
    expect(downtimeMs).toMatchObject({ value: null, sure: 'unknown' })
    expect(downtimeMs.from).toContain('--downtime')
  })
})

describe('a killed TaskManager', () => {
  it('mostly takes two restarts: the first is deployed onto the dead one', () => {
    expect(figures(kill.before!).taskManagerDowntimeMs.value).toBeGreaterThan(2250)
    expect(figures(kill.before!).taskManagerDowntimeMs.value).toBeLessThan(2550)
  })

  it('takes one where the resource manager has given it up by the first restart', () => {
    const managers = JSON.parse(kill.before!['taskmanagers.json']!) as {
      taskmanagers: { timeSinceLastHeartbeat: number }[]
    }
    const last = Math.max(...managers.taskmanagers.map((manager) => manager.timeSinceLastHeartbeat))
    // Heartbeats every 1000.7 ms: killed just before one, the second missed one comes a second later.
    const justBefore = ofKill(kill.before!, Math.round(last + 3 * 1000.7) - 10)
    const justAfter = ofKill(kill.before!, Math.round(last + 3 * 1000.7) + 200)
    expect(justBefore.downtimeMs).toBeLessThan(1600)
    expect(justAfter.downtimeMs).toBeGreaterThan(2250)
  })

  it('takes as long as it takes to be given up where heartbeats are slow', () => {
    const slow = ofKill(withSettings({ 'heartbeat.interval': '10 s', 'heartbeat.timeout': '50 s' }), failureAtMs)
    expect(slow.downtimeMs).toBeGreaterThan(10_000)
    expect(slow.downtimeMs).toBeLessThan(21_500)
    const counted = {
      'heartbeat.interval': '10 s',
      'heartbeat.timeout': '50 s',
      'heartbeat.rpc-failure-threshold': '-1',
    }
    expect(ofKill(withSettings(counted), failureAtMs).downtimeMs).toBeGreaterThan(40_000)
  })

  it('never takes less than seeing it, the restart delay and a deployment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 30 }), (later, delayS) => {
        const settings = { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.delay': `${delayS} s` }
        const { downtimeMs, low80, high80 } = ofKill(withSettings(settings), failureAtMs + later)
        expect(downtimeMs).toBeGreaterThan(97 + delayS * 1000 + 190)
        expect(low80!).toBeLessThanOrEqual(high80!)
      }),
      { numRuns: 40 },
    )
  })

  it('says that it waits for a new one where slots are missing', () => {
    const { taskManagerDowntimeMs } = figures(packedRun('ex-T10-r60-2').before!)
    expect(taskManagerDowntimeMs).toMatchObject({ sure: 'low' })
    expect(taskManagerDowntimeMs.from).toContain('waits for a new TaskManager')
  })
})

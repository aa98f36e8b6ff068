import { describe, expect, it } from 'vitest'
import { Runner, replay, tokenOf } from '../../src/check/index.ts'
import { decodeToken, encodeToken } from '../../src/check/token.ts'
import { aligned, drawn, failing, keyedState, tooFar } from './subjects.ts'

const broken = new Runner(keyedState, aligned, tooFar)
const { plan, finding, digest } = failing(broken)
const token = tokenOf(keyedState, plan, finding.fingerprint, digest)

describe('a replay answers', () => {
  it('same: the same failure with the same digest', () => {
    const replayed = replay(token, () => broken)
    expect(replayed.answer).toBe('same')
    expect(replayed.finding).toEqual(finding)
    expect(replayed.digest).toBe(digest)
    expect(replayed.jobChanged).toBe(false)
    expect(replayed.runner.trace.count).toBe(replayed.result.steps)
  })

  it('same with a runner that has run nothing before', () => {
    expect(replay(token, () => new Runner(keyedState, aligned, tooFar)).answer).toBe('same')
  })

  it('same failure, other digest: the run went another way', () => {
    const changed = encodeToken({ ...decodeToken(token), digest: digest.startsWith('0') ? '11111111' : '00000000' })
    expect(replay(changed, () => broken).answer).toBe('same-failure-other-digest')
  })

  it('other failure: the run fails, but not as the token expects', () => {
    const other = encodeToken({ ...decodeToken(token), fingerprint: 'cut/orphan:sink' })
    expect(replay(other, () => broken)).toMatchObject({
      answer: 'other-failure',
      expectedFingerprint: 'cut/orphan:sink',
      fingerprint: finding.fingerprint,
    })
  })

  it('passes: the bug is gone', () => {
    const replayed = replay(token, () => new Runner(keyedState, aligned))
    expect(replayed).toMatchObject({ answer: 'passes', finding: null, fingerprint: null })
  })

  it('which faults have struck', () => {
    const { fired, plan: replayedPlan } = replay(token, () => broken)
    expect(fired).toHaveLength(replayedPlan.faults.length)
    expect(fired).toContain(true)
    const never = {
      what: 'crash-jobmanager',
      target: 'job-manager',
      when: { phase: 'aligned', nth: 1_000_000 },
    } as const
    const more = tokenOf(keyedState, { ...plan, faults: [...plan.faults, never] }, finding.fingerprint, digest)
    expect(replay(more, () => broken).fired).toEqual([...fired, false])
  })

  it('that the job has changed since', () => {
    const old = encodeToken({ ...decodeToken(token), graph: '00000000' })
    expect(replay(old, () => broken)).toMatchObject({ answer: 'same', jobChanged: true })
  })
})

describe('a replay refuses', () => {
  it('a plan that names a task that does not exist', () => {
    const foreign = { what: 'crash-task', target: { operator: 'window', subtask: 0 }, when: { at: 0 } } as const
    const lost = tokenOf(keyedState, { ...drawn(0), faults: [foreign] }, finding.fingerprint, digest)
    expect(() => replay(lost, () => broken)).toThrow(
      "the plan does not fit the job: faults[0].target names 'window', but the vertices are numbers, count, sink",
    )
  })

  it('what resolve refuses', () => {
    const names: unknown[] = []
    expect(() =>
      replay(token, (asked) => {
        names.push(asked.scenario, asked.protocol, asked.bug)
        throw new Error('no such scenario')
      }),
    ).toThrow('no such scenario')
    expect(names).toEqual(['keyed-state', 'aligned', undefined])
  })
})

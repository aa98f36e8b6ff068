import { describe, expect, it } from 'vitest'
import {
  describeFault,
  E,
  EFFECT_NAMES,
  EFFECTS,
  effectCode,
  type Fault,
  ordinal,
  P,
  PHASE_NAMES,
  PHASES,
  phaseCode,
  QUORUM_EFFECTS,
} from '../../src/model/index.ts'

describe('a fault in words', () => {
  it.each<[Fault, string]>([
    [
      { what: 'crash-task', target: { operator: 'count', subtask: 1 }, when: { at: 12_345 } },
      'count[1] crashes at 12.3 ms',
    ],
    [
      { what: 'crash-taskmanager', target: { taskManager: 0 }, when: { phase: 'ack-sent', nth: 2 } },
      'task manager 0 crashes at the 2nd ack-sent',
    ],
    [
      { what: 'crash-jobmanager', target: 'job-manager', when: { phase: 'restored', nth: 1, restore: 3 } },
      'the job manager crashes at the 1st restored after restore 3',
    ],
    [
      { what: 'pause-taskmanager', target: { taskManager: 1 }, when: { at: 1000 }, forUs: 250_000 },
      'task manager 1 pauses for 250.0 ms at 1.0 ms',
    ],
    [
      { what: 'expire-transactions', target: 'external', when: { phase: 'pre-commit', nth: 11 } },
      'the external log times its open transactions out at the 11th pre-commit',
    ],
    [
      { what: 'partition-node', target: { quorumNode: 'leader', link: 'in' }, when: { at: 2000 }, forUs: 500 },
      'the leader of the quorum is cut off from those that send to it for 0.5 ms at 2.0 ms',
    ],
    [
      { what: 'lose-disk', target: { quorumNode: 2 }, when: { phase: 'quorum-led', nth: 1 } },
      'node 2 of the quorum crashes and loses its disk at the 1st quorum-led',
    ],
    [{ what: 'drop', target: { effect: 'ack' }, when: { phase: 'ack-sent', nth: 3 } }, 'the 3rd ack is lost'],
    [
      { what: 'duplicate', target: { effect: 'notify' }, when: { phase: 'notify-sent', nth: 21 } },
      'the 21st notify comes twice',
    ],
    [
      { what: 'delay', target: { effect: 'trigger' }, when: { phase: 'trigger-sent', nth: 1 }, forUs: 1500 },
      'the 1st trigger comes late for 1.5 ms',
    ],
    [
      { what: 'slow', target: { effect: 'put' }, when: { at: 2000 }, forUs: 500 },
      'the first put from 2.0 ms on is slow for 0.5 ms',
    ],
    [
      { what: 'fail', target: { effect: 'fetch' }, when: { phase: 'fetch-begin', nth: 2, restore: 1 } },
      'the 2nd fetch after restore 1 fails',
    ],
    [{ what: 'fail', target: { effect: 'write' }, when: { phase: 'write-sent', nth: 112 } }, 'the 112th write fails'],
    [
      { what: 'ambiguous', target: { effect: 'metadata' }, when: { phase: 'metadata-begin', nth: 2 } },
      'the 2nd metadata ends with an unknown outcome',
    ],
    [
      { what: 'crash', target: { effect: 'sink-write' }, when: { phase: 'write-sent', nth: 3 } },
      'the 3rd sink-write does not happen: its task crashes',
    ],
  ])('%j', (fault, words) => {
    expect(describeFault(fault)).toBe(words)
  })

  it('counts as one does in English', () => {
    const spoken = [1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 100, 101, 111, 112, 113, 121].map(ordinal)
    expect(spoken.join(' ')).toBe(
      '1st 2nd 3rd 4th 10th 11th 12th 13th 14th 20th 21st 22nd 23rd 24th 100th 101st 111th 112th 113th 121st',
    )
  })
})

describe('the tables', () => {
  it('number phases and effects by their place, the same in both directions', () => {
    expect(PHASE_NAMES.map(phaseCode)).toEqual(PHASE_NAMES.map((_, i) => i))
    expect(PHASE_NAMES.map((name) => P[name])).toEqual(PHASE_NAMES.map((_, i) => i))
    expect(EFFECT_NAMES.map(effectCode)).toEqual(EFFECT_NAMES.map((_, i) => i))
    expect(EFFECT_NAMES.map((name) => E[name])).toEqual(EFFECT_NAMES.map((_, i) => i))
  })

  it('have a sentence for each phase, and a phase of its own for each effect to start at', () => {
    for (const [name, words] of Object.entries(PHASES)) expect(words.length, name).toBeGreaterThan(10)
    expect(new Set(Object.values(PHASES)).size).toBe(PHASE_NAMES.length)
    // what the cluster's own sinks do and what those of users do begins at the same phases
    const own = EFFECT_NAMES.filter((name) => !name.startsWith('sink-'))
    expect(new Set(own.map((name) => EFFECTS[name].phase)).size).toBe(own.length)
    expect(EFFECTS['sink-write'].phase).toBe(EFFECTS.write.phase)
    expect(EFFECTS['sink-commit'].phase).toBe(EFFECTS.commit.phase)
  })

  it('never let what is reported or handed out get lost for good: such messages come late or twice, not never', () => {
    const losable = EFFECT_NAMES.filter((name) => (EFFECTS[name].kinds as readonly string[]).includes('drop'))
    // between the nodes of a quorum everything can be lost: they send it again
    const messages = QUORUM_EFFECTS.filter((name) => name !== 'acceptor-write')
    expect(losable).toEqual(['trigger', 'ack', 'decline', 'notify', 'abort', ...messages])
  })
})

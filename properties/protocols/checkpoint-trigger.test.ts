import { describe, expect, it } from 'vitest'
import { extent, journaling, lease, release, wipe } from '../../src/kernel/index.ts'
import { CHECKPOINT, FAILURE_REASON_NAMES, NOBODY, REASON } from '../../src/model/index.ts'
import type { CheckpointPlan } from '../../src/protocols/checkpoint-plan.ts'
import { checkpointRequest } from '../../src/protocols/checkpoint-request.ts'
import { CheckpointTrigger, NO_REASON, type TriggerHost } from '../../src/protocols/checkpoint-trigger.ts'
import { checkpointTriggerChart } from '../../src/protocols/index.ts'

const { ID, SNAPSHOTTED, INITIALIZED, FAILED } = checkpointTriggerChart.code
const REQUEST = checkpointRequest(CHECKPOINT, true, NOBODY)
const PLAN: CheckpointPlan = { toTrigger: [0], toWaitFor: [0, 1] }
const nothing = { a: 0, b: 0, ref: 0 }

interface Around {
  /** Why requests are refused. */
  refusal: number
  plan: CheckpointPlan | number
  enumerators: number
  pending: boolean
}
/** A trigger whose host writes down what it is asked for. */
function trigger(
  body: (own: CheckpointTrigger, log: string[], around: Around) => void,
  set: Partial<Around> = {},
): void {
  const around: Around = { refusal: NO_REASON, plan: PLAN, enumerators: 2, pending: true, ...set }
  const log: string[] = []
  const put = (what: string): void => void log.push(what)
  const host: TriggerHost = {
    refusal: () => around.refusal,
    plan: () => around.plan,
    currentExecution: () => 3,
    get enumeratorCount() {
      return around.enumerators
    },
    drawId: () => put('draw id'),
    openSlot: ({ checkpoint, execution }) => put(`open ${checkpoint} of ${execution}`),
    isPending: () => around.pending,
    initialize: () => put('initialize'),
    snapshotEnumerators: (checkpoint) => put(`ask enumerators for ${checkpoint}`),
    enumeratorState: (ref) => [ref],
    reopen: (source, checkpoint) => put(`reopen ${source} for ${checkpoint}`),
    triggerTasks: (checkpoint) => put(`trigger ${checkpoint}`),
    failTriggerLater: () => put('fail later'),
    triggerHasFailed: ({ checkpoint, failure }) => put(`failed ${checkpoint}: ${FAILURE_REASON_NAMES[failure]}`),
  }
  const from = extent()
  const own = new CheckpointTrigger(host, {})
  const memory = lease(from)
  wipe(memory)
  journaling(false)
  try {
    own.clear(nothing)
    expect(own.idle).toBe(true)
    body(own, log, around)
  } finally {
    release(memory)
  }
}
const id = (own: CheckpointTrigger, checkpoint: number): void => own.send(ID, { ...nothing, a: checkpoint })
const snapshotted = (own: CheckpointTrigger, source: number, checkpoint: number): void =>
  own.send(SNAPSHOTTED, { a: source, b: checkpoint, ref: 70 + source })

describe('the request that is being triggered', () => {
  it('gets an id, then the snapshots of all enumerators, then goes to the tasks', () => {
    trigger((own, log) => {
      own.begin(REQUEST, nothing)
      id(own, 8)
      snapshotted(own, 1, 8)
      expect(own.idle).toBe(false)
      snapshotted(own, 0, 8)
      expect(log).toEqual(['draw id', 'open 8 of 3', 'ask enumerators for 8', 'trigger 8'])
      expect(own.idle).toBe(true)
      expect([...own.enumerators]).toEqual([
        [1, [71]],
        [0, [70]],
      ])
    })
  })

  it('goes to the tasks without enumerators as well', () => {
    trigger(
      (own, log) => {
        own.begin(REQUEST, nothing)
        id(own, 8)
        own.send(INITIALIZED, nothing)
        expect(log).toEqual(['draw id', 'open 8 of 3', 'initialize', 'trigger 8'])
        expect(own.idle).toBe(true)
      },
      { enumerators: 0 },
    )
  })

  it('is refused at once', () => {
    trigger(
      (own, log) => {
        own.begin(REQUEST, nothing)
        expect(log).toEqual(['failed 0: PERIODIC_SCHEDULER_SHUTDOWN'])
        expect(own.idle).toBe(true)
      },
      { refusal: REASON.PERIODIC_SCHEDULER_SHUTDOWN },
    )
  })

  it('fails a moment later if no plan can be made', () => {
    trigger(
      (own, log) => {
        own.begin(REQUEST, nothing)
        expect([log, own.idle]).toEqual([['fail later'], false])
        own.send(FAILED, nothing)
        expect(log.slice(1)).toEqual(['failed 0: NOT_ALL_REQUIRED_TASKS_RUNNING'])
        expect(own.idle).toBe(true)
      },
      { plan: REASON.NOT_ALL_REQUIRED_TASKS_RUNNING },
    )
  })

  const off = REASON.PERIODIC_SCHEDULER_SHUTDOWN
  it.each<[string, number, Partial<Around>, string]>([
    ['no id can be drawn', 0, {}, 'IO_EXCEPTION'],
    ['the schedule is off when the id comes', 8, { refusal: off }, 'PERIODIC_SCHEDULER_SHUTDOWN'],
    ['nobody is left to take part', 8, { plan: { toTrigger: [], toWaitFor: [] } }, 'TRIGGER_CHECKPOINT_FAILURE'],
  ])('fails if %s, and has no checkpoint', (_, drawn, { refusal = NO_REASON, ...set }, reason) => {
    trigger((own, log, around) => {
      own.begin(REQUEST, nothing)
      around.refusal = refusal
      id(own, drawn)
      own.send(FAILED, nothing)
      expect(log).toEqual(['draw id', 'fail later', `failed 0: ${reason}`])
      expect(own.idle).toBe(true)
    }, set)
  })

  it('ends with its checkpoint if that is aborted meanwhile, and lets late enumerators go on', () => {
    trigger((own, log) => {
      own.begin(REQUEST, nothing)
      id(own, 8)
      snapshotted(own, 0, 8)
      own.abandon(REASON.CHECKPOINT_EXPIRED)
      snapshotted(own, 1, 8)
      expect(own.idle).toBe(false)
      own.send(FAILED, nothing)
      expect(log.slice(3)).toEqual(['fail later', 'reopen 1 for 8', 'failed 8: CHECKPOINT_EXPIRED'])
      expect(own.idle).toBe(true)
      own.begin(REQUEST, nothing)
      id(own, 9)
      snapshotted(own, 1, 8)
      expect(log.at(-1)).toBe('reopen 1 for 8')
      snapshotted(own, 1, 9)
      snapshotted(own, 0, 9)
      expect(log.at(-1)).toBe('trigger 9')
    })
  })

  it('finds out that its checkpoint is gone if nobody has said so (FLINK-26394)', () => {
    trigger((own, log, around) => {
      own.begin(REQUEST, nothing)
      id(own, 8)
      around.pending = false
      snapshotted(own, 0, 8)
      expect(log.slice(3)).toEqual(['reopen 0 for 8', 'failed 8: TRIGGER_CHECKPOINT_FAILURE'])
      expect(own.idle).toBe(true)
    })
    trigger(
      (own, log, around) => {
        own.begin(REQUEST, nothing)
        id(own, 8)
        around.pending = false
        own.send(INITIALIZED, nothing)
        expect(log.at(-1)).toBe('failed 8: TRIGGER_CHECKPOINT_FAILURE')
      },
      { enumerators: 0 },
    )
  })
})

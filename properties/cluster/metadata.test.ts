/** The metadata of a job as a state machine: what holds whatever commands come in whatever order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCommand, type Metadata, type MetadataCommand, NO_METADATA } from '../../src/cluster/index.ts'

const epoch = fc.integer({ min: 1, max: 6 })
const checkpoint = fc.integer({ min: 1, max: 8 })
const entryOf = (id: number, by: number) => ({
  id,
  epoch: by,
  execution: 1,
  triggeredAtUs: 0,
  files: [],
  enumerators: new Map(),
})
const command: fc.Arbitrary<MetadataCommand> = fc.oneof(
  fc.record({ kind: fc.constant('campaign' as const), epoch, waits: fc.boolean() }),
  fc.record({ kind: fc.constant('expire' as const), epoch }),
  fc.record({ kind: fc.constant('draw-id' as const), epoch }),
  fc
    .record({ epoch, id: checkpoint })
    .map(({ epoch, id }) => ({ kind: 'add' as const, epoch, entry: entryOf(id, epoch) })),
  fc.record({ kind: fc.constant('remove' as const), epoch, checkpoint }),
  fc.record({ kind: fc.constant('read' as const), epoch }),
  fc.record({ kind: fc.constant('read-back' as const), epoch, checkpoint }),
  fc.record({ kind: fc.constant('end-job' as const), epoch, result: fc.constantFrom(1 as const, 2 as const) }),
)
const commands = fc.array(command, { maxLength: 60 })

/** Every step of a history: what was there, what came, what is there now and what was said. */
function* stepsOf(history: readonly MetadataCommand[]) {
  let metadata = NO_METADATA
  for (const command of history) {
    const before: Metadata = metadata
    const { metadata: after, answer } = applyCommand(before, command)
    yield { before, command, after, answer }
    metadata = after
  }
}

/** A leader that campaigns once more is told that it leads. */
const isTold = ({ before, command }: { before: Metadata; command: MetadataCommand }): boolean =>
  command.kind === 'campaign' && command.epoch === before.epoch
/** Whoever knows that there is no other one waits for nobody. */
const forces = (command: MetadataCommand): boolean => command.kind === 'campaign' && !command.waits
const holds = (check: (history: readonly MetadataCommand[]) => void): void => fc.assert(fc.property(commands, check))

describe('metadata', () => {
  it('elects rising epochs, nobody twice, nobody whose session has ended', () => {
    holds((history) => {
      const ended = new Set<number>()
      for (const { before, command, after, answer } of stepsOf(history)) {
        if (command.kind === 'expire') ended.add(command.epoch)
        expect(after.epoch).toBe(answer.elected > 0 ? answer.elected : before.epoch)
        if (answer.elected === 0 || isTold({ before, command })) continue
        expect(answer.elected).toBeGreaterThan(before.epoch)
        expect(ended).not.toContain(answer.elected)
      }
    })
  })
  it('elects nobody while the session of a leader that others wait for is alive', () => {
    holds((history) => {
      for (const { before, command, answer } of stepsOf(history))
        if (before.held && answer.elected > 0 && !isTold({ before, command }) && !forces(command))
          expect(command).toEqual({ kind: 'expire', epoch: before.epoch })
    })
  })
  it('lets only the leader write', () => {
    holds((history) => {
      for (const { before, command, after, answer } of stepsOf(history)) {
        if (command.kind !== 'add' && command.kind !== 'remove' && command.kind !== 'end-job') {
          expect(after.entries).toEqual(before.entries)
          expect(after.result).toBe(before.result)
        } else if (command.epoch !== before.epoch) {
          expect(answer.ok).toBe(command.kind === 'add' && before.entries.some(({ id }) => id === command.entry.id))
          expect(after).toBe(before)
        }
      }
    })
  })
  it('keeps entries by rising ids, each once, and says what is there', () => {
    holds((history) => {
      for (const { before, command, after, answer } of stepsOf(history)) {
        const ids = after.entries.map(({ id }) => id)
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
        if (command.kind === 'read') expect(answer.entries).toBe(before.entries)
        if (command.kind === 'read-back')
          expect(answer.ok).toBe(before.entries.some(({ id }) => id === command.checkpoint))
        if (command.kind === 'add' && answer.ok) expect(ids).toContain(command.entry.id)
        if (command.kind === 'remove' && answer.ok) expect(ids).not.toContain(command.checkpoint)
      }
    })
  })
  it('draws every id once, rising', () => {
    holds((history) => {
      let last = 0
      for (const { command, answer } of stepsOf(history)) {
        if (command.kind !== 'draw-id') continue
        expect(answer.id).toBe(last + 1)
        last = answer.id
      }
    })
  })
  it('forgets nobody who waits', () => {
    fc.assert(
      fc.property(commands, commands, epoch, (before, after, candidate) => {
        const campaign = { kind: 'campaign' as const, epoch: candidate, waits: true }
        let waits = false
        let ledBy = 0
        for (const { command, after: now } of stepsOf([...before, campaign, ...after])) {
          if (command === campaign) waits = now.waiting.includes(candidate)
          ledBy = now.epoch
          if (!waits) continue
          if (command.kind === 'expire' && command.epoch === candidate) return
          if (ledBy >= candidate) return
          expect(now.waiting).toContain(candidate)
        }
      }),
    )
  })
})

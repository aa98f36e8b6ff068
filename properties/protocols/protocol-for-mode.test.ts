import { expect, it } from 'vitest'
import { CheckpointingMode } from '../../src/dataflow/index.ts'
import { protocolForMode, protocols } from '../../src/protocols/index.ts'

it('a job is run by the protocol that gives the guarantee of its checkpointing mode', () => {
  const names = Object.values(CheckpointingMode).map((mode) => [mode, protocolForMode(mode).name])
  expect(names).toEqual([
    ['EXACTLY_ONCE', 'aligned'],
    ['AT_LEAST_ONCE', 'at-least-once'],
  ])
})

it.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
  '%s promises for each sink no more than for state',
  (_, protocol) => {
    for (const transactional of [true, false]) {
      const { state, output } = protocol.contract([{ uid: 'sink', transactional }])
      expect(Object.keys(output)).toEqual(['sink'])
      expect(output.sink).toBe(transactional ? state : 'at-least-once')
    }
  },
)

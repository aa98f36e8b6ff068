import { expect, it } from 'vitest'
import { chart, mermaid } from '../../src/statechart/index.ts'
import { type Gate, gate } from './entities.ts'

// Both pictures have been read by the parser of Mermaid 11.
it('draws a chart with its guards, actions, timers and order of candidates', () => {
  expect(mermaid(gate)).toBe(`stateDiagram-v2
  [*] --> boot
  state "boot" as boot
  state "open" as open
  state open {
    [*] --> open__idle
    state "idle" as open__idle
    state "busy" as open__busy
    open__busy : ENTER / admit
    open__busy : ignores KEY
    state "leaving" as open__leaving
    open__leaving --> [*]
  }
  note right of open
    entry / open
    exit / close
    KEY / open
  end note
  state "locked" as locked
  locked : after pauseUs / reset
  locked : ignores ENTER, LOCK
  state "any state" as any__
  any__ --> locked : LOCK
  boot --> open : START / reset
  open --> locked : done
  open --> locked : after timeoutUs
  open__idle --> open__leaving : ENTER (1) [urgent]
  open__idle --> open__busy : ENTER (2) / admit
  open__busy --> open__leaving : always [full]
  locked --> open : KEY / reset, open
  locked --> open : after 1000 us (reenter)
`)
})

it("keeps clear of Mermaid's keywords, and draws what the root does itself", () => {
  const words = chart<Gate>()('words', {
    events: ['START', 'KEY'],
    root: { initial: 'boot', on: { KEY: { actions: 'open' } }, states: { boot: { on: { START: 'end' } }, end: {} } },
  })
  expect(mermaid(words)).toBe(`stateDiagram-v2
  [*] --> boot
  state "boot" as boot
  state "end" as end__
  state "any state" as any__
  any__ : KEY / open
  boot --> end__ : START
`)
})

it('leaves out the root where it does nothing', () => {
  const plain = chart<Gate>()('plain', {
    events: ['START'],
    root: { initial: 'boot', states: { boot: { on: { START: 'on' } }, on: {} } },
  })
  expect(mermaid(plain)).not.toContain('any state')
})

// What the compiler knows of an entity: checked by `npm run typecheck`, where an expected error that is none is an error.
import { expect, expectTypeOf, it } from 'vitest'
import {
  type ActionName,
  type AlwaysGuardName,
  type ChartEvent,
  chart,
  type DelayName,
  type FieldName,
  type GuardName,
} from '../../src/statechart/index.ts'
import { type Gate, gate } from './entities.ts'

it('sorts the members of an entity by role', () => {
  expectTypeOf<GuardName<Gate>>().toEqualTypeOf<'urgent' | 'full'>()
  expectTypeOf<AlwaysGuardName<Gate>>().toEqualTypeOf<'full'>()
  expectTypeOf<ActionName<Gate>>().toEqualTypeOf<'admit' | 'open' | 'close' | 'reset'>()
  expectTypeOf<DelayName<Gate>>().toEqualTypeOf<'st' | 'phase' | 'seen' | 'timeoutUs' | 'pauseUs'>()
  expectTypeOf<FieldName<Gate>>().toEqualTypeOf<'st' | 'phase' | 'seen' | 'timeoutUs'>()
})

it('knows the codes of the events', () => {
  expectTypeOf(gate.code).toEqualTypeOf<{ readonly [K in 'START' | 'ENTER' | 'LOCK' | 'KEY']: number }>()
  expect(gate.code).toEqual({ START: 0, ENTER: 1, LOCK: 2, KEY: 3 })
})

interface Plain {
  st: number
  ready(event: ChartEvent): boolean
  run(): void
  later(): Promise<void>
}

it('refuses at compile time what is no guard, action, event or timer of the entity', () => {
  const make = chart<Plain>()
  const boot = { on: { START: 'on' } } as const
  // @ts-expect-error: `run` does not answer
  make('a', { events: ['START'], root: { initial: 'boot', states: { boot, on: { on: { START: { guard: 'run' } } } } } })
  // @ts-expect-error: `ready` is a question
  make('b', { events: ['START'], root: { initial: 'boot', states: { boot, on: { entry: 'ready' } } } })
  // @ts-expect-error: `later` is asynchronous
  make('c', { events: ['START'], root: { initial: 'boot', states: { boot, on: { entry: 'later' } } } })
  make('d', {
    events: ['START'],
    // @ts-expect-error: `ready` reads the event, which an `always` transition has none of
    root: { initial: 'boot', states: { boot, on: { always: { guard: 'ready', target: 'boot' } } } },
  })
  expect(() =>
    // @ts-expect-error: STOP is not declared
    make('e', { events: ['START'], root: { initial: 'boot', states: { boot, on: { on: { STOP: {} } } } } }),
  ).toThrow('the event is not declared')
  // @ts-expect-error: Plain has no timers
  make('f', { events: ['START'], root: { initial: 'boot', states: { boot, on: { after: { 5: 'boot' } } } } })
})

/**
 * While user code may run, the clock, randomness, timers and the network are stubs that say what to use instead: a run must
 * be a pure function of its plan.
 */
const fixes: Readonly<Record<string, string>> = {
  Date: 'read the time from context.timerService().currentProcessingTime() or the element',
  setTimeout: 'register a timer with context.timerService()',
  setInterval: 'register a timer with context.timerService()',
  setImmediate: 'register a timer with context.timerService()',
  queueMicrotask: 'call the function directly: user code is synchronous',
  fetch: 'use the data of the source or a sink: user code has no network',
  crypto: 'derive what you need from the element, so that a replay gives the same',
  performance: 'read the time from context.timerService().currentProcessingTime()',
}
/** User code has asked for something that a replay cannot give again. */
export class ImpureCall extends Error {
  constructor(name: string, fix: string) {
    super(`it uses ${name}, which a replay cannot repeat; ${fix}`)
    this.name = 'ImpureCall'
  }
}

const stubs = new Map<string, unknown>()
for (const [name, fix] of Object.entries(fixes)) {
  const refuse = (): never => {
    throw new ImpureCall(name, fix)
  }
  stubs.set(name, new Proxy(function impure() {}, { apply: refuse, construct: refuse, get: refuse }))
}
const refuseRandom = (): never => {
  throw new ImpureCall('Math.random', 'derive what you need from the element, so that a replay gives the same')
}

const globals = globalThis as unknown as Record<string, unknown>
const names = Object.keys(fixes).filter(
  (name) => Object.getOwnPropertyDescriptor(globalThis, name)?.configurable === true,
)
const originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!)
const replacements: PropertyDescriptor[] = names.map((name) => ({
  value: stubs.get(name),
  configurable: true,
  writable: true,
}))
const random = Math.random

/**
 * Gives a function that puts the clock, randomness, timers and the network back as they are now: for whoever has put fake ones
 * in their place, or ends a run in its middle.
 */
export function rememberGlobals(): () => void {
  const now = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!)
  const randomNow = Math.random
  return () => {
    for (let i = 0; i < names.length; i += 1) Object.defineProperty(globals, names[i]!, now[i]!)
    Math.random = randomNow
  }
}

/** Runs `body` with the stubs in place; they are gone afterwards, whatever happens. */
export function withPureGlobals(body: () => void): void {
  for (let i = 0; i < names.length; i += 1) Object.defineProperty(globals, names[i]!, replacements[i]!)
  Math.random = refuseRandom
  try {
    body()
  } finally {
    for (let i = 0; i < names.length; i += 1) Object.defineProperty(globals, names[i]!, originals[i]!)
    Math.random = random
  }
}

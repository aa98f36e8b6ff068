/** What makes a job run differently on another machine, at another time or after a restart; and what to write instead. */

export const PORTABILITY_RULES = {
  clock: 'take the time from context.timerService().currentProcessingTime() or the element, in a sink from ports.clock',
  random: 'derive it from the element, such as from a hash of its key, or read it with the input',
  timer: 'register a timer with context.timerService(), and go on in onTimer',
  async: 'be done when the function returns: read files at the top of the file, and write through the ports of a sink',
  network: 'let a source bring it in, and a sink carry it out through its ports',
  environment: 'write the value into the file, or let the scenario read it as its input',
  locale: 'compare with < and >, write numbers with String(), and times in UTC',
  math: 'use + - * / Math.sqrt Math.fround Math.imul, whole numbers or a table',
  order: 'sort before the loop, or keep it in map state, whose entries have an order',
  shared: 'keep it in state that the context gives, or in a field of the function, which each attempt has for itself',
} as const
export type PortabilityRule = keyof typeof PORTABILITY_RULES

/** What is wrong with something. */
export interface Fault {
  readonly rule: PortabilityRule
  /** Goes on after the name: 'reads the clock of the machine'. */
  readonly why: string
}

/** Of Math, only these are exact, or correctly rounded by IEEE 754. */
const STABLE_MATH = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' '),
)
const CLOCK: Fault = { rule: 'clock', why: 'reads the clock of the machine' }
const RANDOM: Fault = { rule: 'random', why: 'is another one in every run' }
const TIMER: Fault = { rule: 'timer', why: 'waits for the clock of the machine, not for the time of the job' }
const NETWORK: Fault = { rule: 'network', why: 'asks something that a replay cannot ask again' }
const ENVIRONMENT: Fault = { rule: 'environment', why: 'depends on the machine and the process' }
const LOCALE: Fault = { rule: 'locale', why: 'depends on the language of the machine' }
const PROMISE: Fault = { rule: 'async', why: 'is settled later, when the simulated event is long over' }
const COLLECTOR: Fault = { rule: 'environment', why: 'depends on when memory is collected' }

/** By the first part of the name, and by the first two. */
const NAMES: Readonly<Record<string, Fault>> = {
  'Date.now': CLOCK,
  performance: CLOCK,
  'node:perf_hooks': CLOCK,
  'process.hrtime': CLOCK,
  'process.uptime': CLOCK,
  'Math.random': RANDOM,
  crypto: RANDOM,
  'node:crypto.webcrypto': RANDOM,
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  'node:timers': TIMER,
  'node:timers/promises': TIMER,
  queueMicrotask: PROMISE,
  'process.nextTick': PROMISE,
  Promise: PROMISE,
  fetch: NETWORK,
  XMLHttpRequest: NETWORK,
  WebSocket: NETWORK,
  EventSource: NETWORK,
  'node:http': NETWORK,
  'node:https': NETWORK,
  'node:http2': NETWORK,
  'node:net': NETWORK,
  'node:dgram': NETWORK,
  'node:dns': NETWORK,
  process: ENVIRONMENT,
  navigator: ENVIRONMENT,
  'node:os': ENVIRONMENT,
  'node:process': ENVIRONMENT,
  'node:child_process': ENVIRONMENT,
  Intl: LOCALE,
  WeakRef: COLLECTOR,
  FinalizationRegistry: COLLECTOR,
}
/** Of node:crypto: hashes are the same everywhere, these are not. */
const RANDOM_CRYPTO = /^(random|generate|getRandomValues|createDiffieHellman|createECDH)/

/**
 * What is wrong with a name, as parts from the outside in: ['Math', 'random'], ['node:crypto', 'randomUUID']; null if nothing.
 */
export function faultOf([first = '', second = '']: readonly string[]): Fault | null {
  const known = NAMES[`${first}.${second}`] ?? NAMES[first]
  if (known !== undefined) return known
  if (first === 'node:crypto' && RANDOM_CRYPTO.test(second)) return RANDOM
  if (first === 'Math' && second !== '' && !STABLE_MATH.has(second)) return MATH
  return null
}
export const MATH: Fault = { rule: 'math', why: 'is rounded differently by different machines and versions' }

/** Methods that give away what they do by their name, whatever they are called on. */
const METHODS: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(
    'localeCompare toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase'
      .split(' ')
      .map((name) => [name, LOCALE]),
  ),
  ...Object.fromEntries(
    'FullYear Month Date Day Hours Minutes Seconds Milliseconds'
      .split(' ')
      .flatMap((part) => [`get${part}`, `set${part}`])
      .map((name): [string, Fault] => [name, { rule: 'locale', why: 'depends on the time zone of the machine' }]),
  ),
  getTimezoneOffset: { rule: 'locale', why: 'depends on the time zone of the machine' },
}
/** What is wrong with calling a method of this name; null if nothing. */
export const faultOfMethod = (name: string): Fault | null => (Object.hasOwn(METHODS, name) ? METHODS[name]! : null)

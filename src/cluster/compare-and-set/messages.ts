/** Between the object and its clients. */
const codes = <const N extends string>(names: readonly N[], first = 0): { readonly [K in N]: number } =>
  Object.fromEntries(names.map((name, i) => [name, first + i])) as { readonly [K in N]: number }

export const OBJECT_MESSAGES = [
  'START',
  'GET', //     a: incarnation that asks, b: its operation
  'PUT', //     a: version that it was read at, b: operation, ref: command
  'APPLY', //   a: the same, b: operation, ref: command and fate
  'EXPIRED', // b: incarnation whose session has ended
] as const
export const X = codes(OBJECT_MESSAGES)

/** What a client gets besides the requests of its job manager, which have the codes below. */
export const CLIENT_FIRST = 32
export const CLIENT_MESSAGES = [
  'GOT', //     a: version, b: operation
  'WRITTEN', // a: result of a PUT, b: operation
  'TIMEOUT', // a: which of the operation's requests, b: operation
] as const
export const Y = codes(CLIENT_MESSAGES, CLIENT_FIRST)

/** Results of a PUT. */
export const WRITTEN_OK = 0
/** Somebody else has written since it was read. */
export const CONFLICT = 1
/** It certainly has not been applied. */
export const NOT_WRITTEN = 2

/**
 * A token: a failing run in one line that survives chat and shell.
 *
 * ```
 *   cutline:v1:<scenario>:<base64url of [plan…, graph hash, fingerprint, digest prefix] as JSON, then its CRC-32>
 * ```
 *
 * If the scenario reads a text, its hash comes last in the list.
 *
 * It carries at most 64 overrides: a plan with more does not fit into a line and is refused.
 */
import type { Scenario } from '../dataflow/index.ts'
import type { Plan } from '../model/index.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { crc32 } from './crc32.ts'
import { graphHash } from './graph-hash.ts'
import { InputError, inWords } from './input-error.ts'
import { packPlan, unpackPlan } from './packed-plan.ts'
import { readPlan, requireEngine } from './plan-codec.ts'

export const TOKEN_PREFIX = 'cutline:v1:'
/** Overrides that a token carries at most. */
export const TOKEN_OVERRIDES = 64
/** Digits of the digest that a token carries. */
const DIGEST_DIGITS = 8
const CHECKSUM_BYTES = 4
/** Without the hash of an input. */
const PACKED_LENGTH = 13

/** What a token says. */
export interface TokenContent {
  readonly plan: Plan
  /** Hash of the job graph that the plan was made for. */
  readonly graph: string
  /** Fingerprint of the finding that the run had. */
  readonly fingerprint: string
  /** The first 8 hexadecimal digits of the run's digest. */
  readonly digest: string
}

/** The token of a run that has failed. @throws InputError if the plan has more than 64 overrides */
export function tokenOf(scenario: Scenario, plan: Plan, fingerprint: string, digest: string): string {
  return encodeToken({ plan, graph: graphHash(scenario.graph()), fingerprint, digest })
}

/** @throws InputError if the plan has more than 64 overrides */
export function encodeToken({ plan, graph, fingerprint, digest }: TokenContent): string {
  const { length } = plan.overrides
  if (length > TOKEN_OVERRIDES)
    throw new InputError(
      `a token carries at most ${TOKEN_OVERRIDES} overrides, but this plan has ${length}: shrink it first`,
    )
  const packed = [...packPlan(plan), graph, fingerprint, digest.slice(0, DIGEST_DIGITS)]
  if (plan.input !== undefined) packed.push(plan.input)
  const json = new TextEncoder().encode(JSON.stringify(packed))
  const bytes = new Uint8Array(json.length + CHECKSUM_BYTES)
  bytes.set(json)
  new DataView(bytes.buffer).setUint32(json.length, checksum(plan.scenario, json))
  return `${TOKEN_PREFIX}${plan.scenario}:${toBase64url(bytes)}`
}

/**
 * Reads a token; white space around it does not matter.
 * @throws InputError saying in one sentence what is wrong: no token, another version, damaged, another engine's
 */
export function decodeToken(token: string): TokenContent {
  const { scenario, packed } = openToken(token)
  requireEngine(packed[0])
  const [graph, fingerprint, digest, input] = packed.slice(PACKED_LENGTH - 3) as string[]
  const plan = readPlan(unpackPlan(scenario, packed, input))
  return { plan, graph: graph!, fingerprint: fingerprint!, digest: digest! }
}

/**
 * Opens a token without looking at its plan: also one of another engine.
 * @throws InputError if it is no token, of another version, or damaged
 */
export function openToken(token: string): { scenario: string; packed: readonly unknown[] } {
  const trimmed = token.trim()
  if (!trimmed.startsWith('cutline:'))
    throw new InputError(`a token begins with '${TOKEN_PREFIX}', but this begins with ${inWords(trimmed.slice(0, 12))}`)
  const [, version, scenario, body, ...more] = trimmed.split(':')
  if (version !== 'v1')
    throw new InputError(
      `the token is of version ${inWords(version)}, and this Cutline reads v1: replay it with the version that wrote it`,
    )
  const bytes = scenario && body && more.length === 0 ? fromBase64url(body) : null
  if (bytes === null || bytes.length <= CHECKSUM_BYTES) throw damaged()
  const json = bytes.subarray(0, bytes.length - CHECKSUM_BYTES)
  if (new DataView(bytes.buffer).getUint32(json.length) !== checksum(scenario!, json)) throw damaged()
  return { scenario: scenario!, packed: packedOf(json) }
}

function packedOf(json: Uint8Array): readonly unknown[] {
  try {
    const packed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
    if (Array.isArray(packed) && (packed.length === PACKED_LENGTH || packed.length === PACKED_LENGTH + 1)) {
      const [graph, fingerprint, digest, input = graph] = packed.slice(PACKED_LENGTH - 3)
      if (isHex(graph) && typeof fingerprint === 'string' && isHex(digest) && isHex(input)) return packed
    }
  } catch {
    // not JSON: refused below, as any other content that nobody has packed
  }
  throw new InputError('the token is whole, but Cutline has not written it: take one that a check has printed')
}

const isHex = (held: unknown): boolean => typeof held === 'string' && /^[0-9a-f]{8}$/.test(held)

const damaged = (): InputError =>
  new InputError('the token is damaged (a character was changed, or a part is missing): copy it again in full')

/** Over the scenario as well, so that it cannot be exchanged. */
function checksum(scenario: string, json: Uint8Array): number {
  return crc32([...new TextEncoder().encode(`${scenario}:`), ...json])
}

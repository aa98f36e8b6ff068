import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/check/base64url.ts'
import { crc32 } from '../../src/check/crc32.ts'
import { graphHash } from '../../src/check/graph-hash.ts'
import { ENGINE } from '../../src/check/index.ts'
import { InputError } from '../../src/check/input-error.ts'
import { decodeToken, encodeToken, openToken, type TokenContent, tokenOf } from '../../src/check/token.ts'
import type { Override } from '../../src/kernel/index.ts'
import { drawn, graph, keyedState } from './subjects.ts'

const hex = fc.stringMatching(/^[0-9a-f]{8}$/)
const override: fc.Arbitrary<Override> = fc.tuple(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.integer(),
  fc.nat(1000),
)
const content: fc.Arbitrary<TokenContent> = fc
  .record({
    index: fc.nat(1_000_000),
    input: fc.option(hex, { nil: undefined }),
    bug: fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), { nil: undefined }),
    overrides: fc.array(override, { maxLength: 64, size: 'small' }),
    fingerprint: fc.oneof(fc.constant('splits/gap'), fc.string({ unit: 'grapheme' })),
    graph: hex,
    digest: hex,
  })
  .map(({ index, bug, input, overrides, ...rest }) => {
    const plan = drawn(index)
    const optional = { ...(bug === undefined ? {} : { bug }), ...(input === undefined ? {} : { input }) }
    return { ...rest, plan: { ...plan, overrides, ...optional } }
  })

/** What is wrong with a token, or null. */
function refusal(token: string): string | null {
  try {
    decodeToken(token)
    return null
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

describe('a token', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(content, (held) => {
        const token = encodeToken(held)
        expect(token).toMatch(/^cutline:v1:keyed-state:[\w-]+$/)
        expect(decodeToken(token)).toEqual(held)
        expect(decodeToken(` ${token}\n`)).toEqual(held)
      }),
    )
  })

  it('with one character changed is refused in one sentence, or says the same', () => {
    const letter = fc.oneof(
      fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:=+/ '),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(content, fc.nat(), letter, (held, at, other) => {
        const token = encodeToken(held)
        const i = at % token.length
        const changed = token.slice(0, i) + other + token.slice(i + 1)
        const refused = refusal(changed)
        if (refused === null) expect(decodeToken(changed)).toEqual(held)
        else expect(refused).toMatch(/^(a|the) token [^\n]+$/)
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused whatever character of one of them is changed to its neighbour', () => {
    const token = encodeToken({
      plan: drawn(7),
      graph: graphHash(graph),
      fingerprint: 'splits/gap',
      digest: '01234567',
    })
    for (let i = 0; i < token.length; i += 1) {
      const other = String.fromCharCode(token.charCodeAt(i) ^ 1)
      expect(refusal(token.slice(0, i) + other + token.slice(i + 1)), `character ${i}`).not.toBeNull()
    }
  })

  it('is refused if it was cut short', () => {
    fc.assert(
      fc.property(content, fc.nat(), (held, cut) => {
        const token = encodeToken(held)
        expect(refusal(token.slice(0, cut % token.length))).not.toBeNull()
      }),
    )
  })

  it('names the job that it was made for', () => {
    const token = tokenOf(keyedState, drawn(0), 'cut/orphan:sink', '0123456789abcdef')
    expect(decodeToken(token)).toEqual({
      plan: drawn(0),
      graph: graphHash(graph),
      fingerprint: 'cut/orphan:sink',
      digest: '01234567',
    })
  })
})

describe('a token is refused in one sentence', () => {
  const plan = drawn(0)
  const held: TokenContent = { plan, graph: '00000000', fingerprint: 'a/b', digest: '00000000' }
  const token = encodeToken(held)
  /** A token that is whole, with something else in it. */
  const packed = (text: string): string => {
    const json = new TextEncoder().encode(text)
    const bytes = new Uint8Array(json.length + 4)
    bytes.set(json)
    new DataView(bytes.buffer).setUint32(json.length, crc32([...new TextEncoder().encode('keyed-state:'), ...json]))
    return `cutline:v1:keyed-state:${toBase64url(bytes)}`
  }
  const damaged = 'the token is damaged (a character was changed, or a part is missing): copy it again in full'
  const unwritten = 'the token is whole, but Cutline has not written it: take one that a check has printed'

  it.each([
    ['empty', '', "a token begins with 'cutline:v1:', but this begins with ''"],
    ['foreign', 'AXY0-9', "a token begins with 'cutline:v1:', but this begins with 'AXY0-9'"],
    [
      'of a later version',
      token.replace('v1', 'v2'),
      "the token is of version 'v2', and this Cutline reads v1: replay it with the version that wrote it",
    ],
    ['without a version', 'cutline', "a token begins with 'cutline:v1:', but this begins with 'cutline'"],
    ['without a plan', 'cutline:v1:keyed-state:', damaged],
    ['of another scenario', token.replace('keyed-state', 'bank-transfer'), damaged],
    ['with too many parts', `${token}:`, damaged],
    ['padded', `${token}=`, damaged],
    ['whole, but no JSON', packed('['), unwritten],
    ['whole, but no list', packed('{}'), unwritten],
    ['whole, but with another list', packed('[1,2]'), unwritten],
    [
      'of another engine',
      encodeToken({ ...held, plan: { ...plan, engine: ENGINE + 1 } }),
      `the plan was written by engine ${ENGINE + 1}, and this Cutline has engine ${ENGINE}, on which it would run differently: run it with the version that wrote it`,
    ],
    [
      'with an impossible plan',
      encodeToken({ ...held, plan: { ...plan, records: -1 } }),
      'the plan cannot be used: records must be an integer from 1 to 2147483647, but is -1',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message)
  })

  it('not made for more than 64 overrides', () => {
    const overrides = Array.from({ length: 65 }, (_, i): Override => ['tie', i, 0])
    expect(() => encodeToken({ ...held, plan: { ...plan, overrides } })).toThrow(
      'a token carries at most 64 overrides, but this plan has 65: shrink it first',
    )
  })

  it('but opened all the same if only its engine is another', () => {
    const foreign = encodeToken({ ...held, plan: { ...plan, engine: ENGINE + 1 } })
    expect(openToken(foreign).scenario).toBe('keyed-state')
  })
})

describe('its parts', () => {
  it('base64url is that of Node, and one text stands for each sequence of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64url(text)).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = fromBase64url(text)
        if (bytes !== null) expect(toBase64url(bytes)).toBe(text)
      }),
    )
  })

  it('the checksum is CRC-32: its check value', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})

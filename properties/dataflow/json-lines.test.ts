import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BrokenRow, parseJsonLines, parseTextLines } from '../../src/dataflow/index.ts'

describe('JSON Lines', () => {
  it('reads back what was written, with either line end, and with or without the last one', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom('\n', '\r\n'), fc.boolean(), (values, end, last) => {
        const lines = values.map((value) => JSON.stringify(value))
        const text = lines.join(end) + (last && lines.length > 0 ? end : '')
        expect(parseJsonLines(text, 'x.jsonl')).toEqual(lines.map((line) => JSON.parse(line)))
      }),
    )
  })

  it.each([
    [
      '{"a":1}\n{"a":\n',
      'x.jsonl, line 2: one JSON value was expected, but the line is \'{"a":\'; correct the row or take it out',
    ],
    ['1 2', "x.jsonl, line 1: one JSON value was expected, but the line is '1 2'; correct the row or take it out"],
    ['1\n\n2\n', 'x.jsonl, line 2: the line is empty where a JSON value was expected; correct the row or take it out'],
  ])('refuses the broken line in %j', (text, message) => {
    expect(() => parseJsonLines(text, 'x.jsonl')).toThrow(BrokenRow)
    expect(() => parseJsonLines(text, 'x.jsonl')).toThrow(message)
  })

  it('cuts a long broken line in the message', () => {
    expect(() => parseJsonLines('x'.repeat(1000), 'x.jsonl')).toThrow(`'${'x'.repeat(40)}…'`)
  })
})

describe('text lines', () => {
  it('are what stands between line ends', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é') })
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        expect(parseTextLines(lines.map((text) => text + end).join(''))).toEqual(lines)
      }),
    )
    expect(parseTextLines('\ufeffa\n\nb')).toEqual(['a', '', 'b'])
  })
})

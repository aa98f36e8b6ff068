import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coloursFor, table, textWidth } from '../../src/cli/terminal.ts'

describe('coloursFor', () => {
  it.each([
    ['a pipe', false, {}, false],
    ['a terminal', true, {}, true],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a pipe with FORCE_COLOR=0', false, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR and FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, isTTY, env, coloured) => {
    expect(coloursFor({ isTTY }, env).red('x')).toBe(coloured ? '\u001b[31mx\u001b[39m' : 'x')
  })
})

describe('table', () => {
  const colours = coloursFor({ isTTY: true }, {})
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '7'), maxLength: 6 })

  it('starts every column at the same place, colours or not', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.boolean()), { minLength: 1 }), (cells) => {
        const rows = cells.map(([a, b, bold]) => [bold ? colours.bold(a) : a, b, '|'])
        const places = table(rows)
          .split('\n')
          .map((line) => textWidth(line))
        expect(new Set(places).size).toBe(1)
      }),
    )
  })

  it('aligns numbers right, and leaves no blanks at the end', () => {
    expect(
      table(
        [
          ['bug', 'runs'],
          ['FLINK-1', '7'],
          ['x', '554', 'late'],
        ],
        'lr',
      ),
    ).toBe('bug      runs\nFLINK-1     7\nx         554  late')
  })
})

import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { BrokenRow, JobError, parseCsv } from '../../src/dataflow/index.ts'

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

describe('CSV', () => {
  it('reads back what RFC 4180 writes, whatever stands in the fields', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r', '0', '😀') })
    const table = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .chain(([width, end, last]) =>
        fc.tuple(
          fc.array(fc.array(field, { minLength: width, maxLength: width })),
          fc.constant(end),
          fc.constant(last),
        ),
      )
    fc.assert(
      fc.property(table, ([rows, end, last]) => {
        const names = (rows[0] ?? ['']).map((_, i) => `c${i}`)
        // a last row of one empty field cannot be told from the end of the text
        const text =
          [names, ...rows].map((row) => row.map(quoted).join(',')).join(end) +
          (last || rows.at(-1)?.[0] === '' ? end : '')
        expect(parseCsv(text, 'x.csv')).toEqual(
          rows.map((row) => Object.fromEntries(row.map((value, i) => [`c${i}`, value]))),
        )
      }),
    )
  })

  it('reads the columns that are asked for, with their types', () => {
    const text = '\ufefforigin,delay,km,late,note\r\nSFO,-5,1.5e2,true,"a, ""b""\nc"\r\nLAX,+7,.5,false,\r\n'
    const rows = parseCsv(text, 'x.csv', {
      late: 'boolean',
      origin: 'string',
      delay: 'int',
      km: 'number',
      note: 'string',
    })
    expectTypeOf(rows[0]!.delay).toEqualTypeOf<number>()
    expectTypeOf(rows[0]!.origin).toEqualTypeOf<string>()
    expectTypeOf(rows[0]!.late).toEqualTypeOf<boolean>()
    expect(rows).toEqual([
      { origin: 'SFO', delay: -5, km: 150, late: true, note: 'a, "b"\nc' },
      { origin: 'LAX', delay: 7, km: 0.5, late: false, note: '' },
    ])
    expect(parseCsv('a,b\n1,2', 'x.csv', { b: 'int' })).toEqual([{ b: 2 }])
    expect(parseCsv('a,b\n', 'x.csv')).toEqual([])
  })

  it.each([
    [
      'a,b\n1,2\n3\n',
      'x.csv, line 3: the header has 2 fields, but the row has 1 field; correct the row or take it out',
    ],
    [
      'a,b\n1,2,3\n',
      'x.csv, line 2: the header has 2 fields, but the row has 3 fields; correct the row or take it out',
    ],
    [
      'a,b\n1,2\n\n3,4\n',
      'x.csv, line 3: the header has 2 fields, but the row has 1 field; correct the row or take it out',
    ],
    ['a,b\n"x\ny",2\n1,"2', 'x.csv, line 4: a quoted field is opened and never closed; correct the row or take it out'],
    [
      'a,b\n"1"x,2',
      "x.csv, line 2: a comma or a line end was expected after '\"1\"', but 'x' came; correct the row or take it out",
    ],
    [
      'a,b\n1"2",2',
      "x.csv, line 2: a comma or a line end was expected after '1', but '\"' came; correct the row or take it out",
    ],
    ['a,a\n', "x.csv, line 1: the header names the column 'a' twice; correct the row or take it out"],
  ])('refuses the broken row in %j', (text, message) => {
    expect(() => parseCsv(text, 'x.csv')).toThrow(BrokenRow)
    expect(() => parseCsv(text, 'x.csv')).toThrow(message)
  })

  it.each([
    ['int', '1.5', 'an integer'],
    ['int', '', 'an integer'],
    ['int', '9007199254740993', 'an integer'],
    ['number', '', 'a number'],
    ['number', '1,5', 'a number'],
    ['number', '0x10', 'a number'],
    ['number', '1e999', 'a number'],
    ['boolean', 'yes', 'true or false'],
  ] as const)('refuses %s %j by file, line and column', (type, field, expected) => {
    expect(() => parseCsv(`a,v\nx,"${field}"\n`, 'data/x.csv', { v: type })).toThrow(
      `data/x.csv, line 2: column 'v' must be ${expected}, but is '${field}'; correct the row or take it out`,
    )
  })

  it('refuses a header that is missing or lacks a column', () => {
    expect(() => parseCsv('', 'x.csv')).toThrow(JobError)
    expect(() => parseCsv('', 'x.csv')).toThrow('x.csv is empty where a CSV header was expected')
    expect(() => parseCsv('a,b\n', 'x.csv', { c: 'int' })).toThrow("x.csv has no column 'c': its columns are 'a', 'b'")
  })

  it('names the line that a row starts in', () => {
    const broken = (() => {
      try {
        return parseCsv('a,b\n"1\n2\n3",x\n"4\n5"\n', 'x.csv')
      } catch (error) {
        return error
      }
    })()
    expect(broken).toBeInstanceOf(BrokenRow)
    expect(broken).toMatchObject({ file: 'x.csv', line: 5 })
  })
})

import { describe, expect, it } from 'vitest'
import { readTrace, traceOf } from '../../../src/flink/index.ts'
import { recordedTrace } from './recorded-traces.ts'

const LINE = '{"t_ms": 5, "who": "jm", "proc": "jm", "event": "expired", "checkpoint": 3}'

describe('a trace', () => {
  it('is read line by line, blank ones left out', () => {
    expect(readTrace('x', `${LINE}\n\n${LINE}\n`)).toMatchObject([
      { line: 1, event: 'expired', checkpoint: 3 },
      { line: 3, event: 'expired' },
    ])
  })
  it('may begin with a byte order mark', () => {
    expect(readTrace('x', `\uFEFF${LINE}`)).toEqual(readTrace('x', LINE))
  })
  it('may have been parsed already', () => {
    const { events } = recordedTrace('cal-ex')
    const text = events.map((e) => JSON.stringify(e)).join('\n')
    expect(traceOf('x', events)).toEqual(readTrace('x', text))
  })

  it.each([
    ['', 'x holds no event: give'],
    ['\n \n', 'x holds no event: give'],
    [`${LINE}\n{"t_ms": 5, "who"`, 'Line 2 of x is no event of a trace (it breaks off or is damaged): give'],
    ['<html>', 'Line 1 of x is no event of a trace (it is not JSON): give'],
    ['7', 'Line 1 of x is no event of a trace (it has no "event"): give'],
    ['{"level": "info"}', 'Line 1 of x is no event of a trace (it has no "event"): give'],
    [LINE.replace('expired', 'exploded'), 'Line 1 of x is no event of a trace (nothing is called "exploded"): give'],
    [
      LINE.replace('"checkpoint": 3', '"a": 3'),
      'Line 1 of x is no event of a trace (expired needs a usable checkpoint',
    ],
    [LINE.replace('5', '"5"'), 'Line 1 of x is no event of a trace (expired needs a usable t_ms'],
  ])('that is damaged or foreign is refused in one sentence: %j', (text, sentence) => {
    expect(() => readTrace('x', text)).toThrow(sentence)
  })
  it('without events is refused', () => {
    expect(() => traceOf('x', [])).toThrow('x holds no event')
  })
})

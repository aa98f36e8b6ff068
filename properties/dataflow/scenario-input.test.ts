import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromArray, parseTextLines, scenario, transactionalLog } from '../../src/dataflow/index.ts'

/** A scenario over the lines of a text, and how often its job and its default text have been made. */
function lines(give: () => string = () => 'a\nb\n') {
  const made = { jobs: 0, defaults: 0 }
  const declared = scenario(
    'lines',
    (env, text) => {
      made.jobs += 1
      env.enableCheckpointing(1000)
      env.fromSource(fromArray(parseTextLines(text)), 'lines').sinkTo(transactionalLog('out'))
    },
    {
      input: {
        describe: 'a text file',
        default: () => {
          made.defaults += 1
          return give()
        },
      },
    },
  )
  return { declared, made }
}
const read = (of: ReturnType<typeof lines>['declared']): unknown[] => {
  const [split] = of.graph().vertices[0]!.source!.splits(Number.POSITIVE_INFINITY, () => 0)
  return Array.from({ length: split?.length ?? 0 }, (_, position) => split!.read(position))
}

describe('a scenario with an input', () => {
  it('reads its default text, which is made once and only if it is needed', () => {
    const { declared, made } = lines()
    expect(declared.input!.describe).toBe('a text file')
    expect(made).toEqual({ jobs: 0, defaults: 0 })
    expect(read(declared)).toEqual(['a', 'b'])
    expect(declared.input!.hash()).toMatch(/^[0-9a-f]{8}$/)
    declared.graph({ out: 1 })
    expect(made).toEqual({ jobs: 1, defaults: 1 })
  })

  it('reads another text, and is otherwise the same', () => {
    const { declared, made } = lines()
    const other = declared.input!.read('c')
    expect(read(other)).toEqual(['c'])
    expect(other).toMatchObject({ name: 'lines', title: 'lines', records: declared.records, invariants: [] })
    expect(other.graph().settings).toEqual(declared.graph().settings)
    expect(made).toEqual({ jobs: 2, defaults: 1 })
    expect(read(declared)).toEqual(['a', 'b'])
    expect(read(other.input!.read('d\ne'))).toEqual(['d', 'e'])
  })

  it('has the same hash for the same text, and another one for another', () => {
    const { declared } = lines()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const hash = (text: string): string => declared.input!.read(text).input!.hash()
        expect(hash(one) === hash(other)).toBe(one === other)
      }),
    )
    expect(declared.input!.hash()).toBe(declared.input!.read('a\nb\n').input!.hash())
  })

  it('refuses what is no text', () => {
    const { declared } = lines(() => 7 as never)
    expect(() => declared.graph()).toThrow("the input of scenario 'lines' must be a text, but is 7")
    expect(() => declared.input!.read(undefined as never).graph()).toThrow('must be a text, but is undefined')
    expect(() => scenario('x', () => {}, { input: 'README.md' as never })).toThrow(
      "the input of scenario 'x' must be { describe: 'a text file', default: () => text }, but is 'README.md'",
    )
  })
})

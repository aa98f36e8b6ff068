/** Which exports of a user's module are scenarios. */
import { describe, expect, it } from 'vitest'
import { exportedScenarios } from '../../src/cli/exported-scenarios.ts'
import { scenario } from '../../src/index.ts'

const job = (name: string) => scenario(name, () => {})
const [a, b, c] = [job('a'), job('b'), job('c')]
type Module = Parameters<typeof exportedScenarios>[0][number]
const names = (...modules: Module[]): string[] =>
  exportedScenarios(modules, ['keyed-state']).map((found) => `${found.file} ${found.scenario.name}`)

describe('exports', () => {
  it('are the default, named ones and arrays, the default first; what is no scenario does not matter', () => {
    expect(names(['x.ts', { b, default: a, all: [c], helper: () => 1, LIMIT: 3, none: null }])).toEqual([
      'x.ts a',
      'x.ts b',
      'x.ts c',
    ])
    expect(names(['x.ts', { default: [a, b] }], ['y.ts', { c }])).toEqual(['x.ts a', 'x.ts b', 'y.ts c'])
  })

  it('that are exported twice are one', () => {
    expect(names(['x.ts', { default: a, a, all: [a] }], ['y.ts', { again: a }])).toEqual(['x.ts a'])
  })

  it.each([
    [[['x.ts', {}]], "x.ts exports no scenario: write export default scenario('x', (env) => { … })."],
    [
      [['jobs/My.ts', { A: 1, f: 2 }]],
      "jobs/My.ts exports no scenario: it exports A, f; write export default scenario('my-job', ",
    ],
    [
      [['x.ts', { default: () => {} }]],
      'x.ts exports no scenario: its default export is a function; hand it to scenario: ',
    ],
    [
      [['x.ts', { a: job('keyed-state') }]],
      "x.ts has a scenario 'keyed-state', which is the name of one of Cutline's own",
    ],
    [[['x.ts', { a, z: job('a') }]], "There are two scenarios 'a', both in x.ts: give one of them another name."],
    [
      [
        ['x.ts', { a }],
        ['y.ts', { a: job('a') }],
      ],
      "There are two scenarios 'a', in x.ts and in y.ts: give one of them another",
    ],
  ] as const)('%j are refused', (modules, sentence) => {
    expect(() => names(...(modules as unknown as Module[]))).toThrow(sentence)
  })
})

import { describe, expect, it } from 'vitest'
import { appendLog, fromArray, type StreamExecutionEnvironment, scenario } from '../../src/dataflow/index.ts'

const write = (env: StreamExecutionEnvironment): void => {
  env.enableCheckpointing(1000).setParallelism(2)
  env.fromSource(fromArray([1]), 'numbers').sinkTo(appendLog('out'))
}

describe('a scenario', () => {
  it('has defaults, and builds its job once, when it is needed', () => {
    let builds = 0
    const made = scenario('word-count', (env) => {
      builds += 1
      write(env)
    })
    expect(made).toMatchObject({
      name: 'word-count',
      title: 'word-count',
      records: { min: 20, max: 100 },
      invariants: [],
    })
    expect(builds).toBe(0)
    expect(made.graph().vertices.map(({ parallelism }) => parallelism)).toEqual([2, 2])
    expect(made.graph({ out: 1 }).vertices.map(({ parallelism }) => parallelism)).toEqual([2, 1])
    expect(made.graph()).toEqual(made.graph())
    expect(builds).toBe(1)
  })

  it.each([
    [
      () => scenario('Word Count', write),
      "the name of a scenario must be letters in lower case, digits and -, but is 'Word Count'",
    ],
    [
      () => scenario('x', write, { records: { min: 0, max: 5 } }),
      "the least number of records of scenario 'x' must be an integer of at least 1, but is 0",
    ],
    [
      () => scenario('x', write, { records: { min: 6, max: 5 } }),
      "the greatest number of records of scenario 'x' must be an integer of at least 6, but is 5",
    ],
    [
      () => scenario('x', write, { records: { min: 1, max: 5, fullEvery: 0 } }),
      "fullEvery of scenario 'x' must be an integer of at least 1, but is 0",
    ],
    [
      () => scenario('x', (async () => {}) as never).graph(),
      "the function that builds scenario 'x' returned a promise",
    ],
    [() => scenario('x', () => {}).graph(), 'the job has no source'],
  ])('refuses what is out of range', (make, message) => {
    expect(make).toThrow(message)
  })
})

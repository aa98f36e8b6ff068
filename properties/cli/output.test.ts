import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { Output } from '../../src/cli/output.ts'
import { RecordingStream } from './recording-stream.ts'

function outputWith(options: { json: boolean; verbose?: boolean }) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  return { stdout, stderr, output: new Output({ verbose: false, ...options, stdout, stderr }) }
}

describe('with --json', () => {
  it('stdout is exactly one JSON value, whatever else is written', () => {
    const action = fc.oneof(
      fc.string().map((text) => (output: Output) => output.line(text)),
      fc.string().map((text) => (output: Output) => output.note(text)),
    )
    const value = fc.jsonValue().map((inner) => ({ inner }))
    fc.assert(
      fc.property(fc.array(action), value, fc.array(action), fc.boolean(), (before, result, after, fails) => {
        const { output, stdout } = outputWith({ json: true })
        for (const act of before) act(output)
        output.result(result)
        for (const act of after) act(output)
        if (fails) output.fail(new Error('late'), EXIT.INCONCLUSIVE)
        expect(JSON.parse(stdout.text)).toEqual(JSON.parse(JSON.stringify(result)))
        expect(stdout.text.trimEnd().split('\n')).toHaveLength(1)
      }),
    )
  })

  it('an error is an object on stdout and a sentence on stderr', () => {
    const { output, stdout, stderr } = outputWith({ json: true })
    output.fail(new Error('The row is broken.'), EXIT.USAGE)
    expect(JSON.parse(stdout.text)).toEqual({ error: 'The row is broken.', exitCode: 1 })
    expect(stderr.text).toBe('The row is broken.\n')
  })

  it('refuses a second value', () => {
    const { output } = outputWith({ json: true })
    output.result([])
    expect(() => output.result([])).toThrow('answered twice')
  })
})

describe('for people', () => {
  it('stdout has the lines and never the JSON value', () => {
    const { output, stdout, stderr } = outputWith({ json: false })
    output.line('one')
    output.result({ two: 2 })
    output.line()
    output.note('three')
    expect(stdout.text).toBe('one\n\n')
    expect(stderr.text).toBe('three\n')
    expect(output.hasResult).toBe(false)
  })

  it('an error is its sentence; its stack shows under --verbose only', () => {
    const quiet = outputWith({ json: false })
    quiet.output.fail(new Error('The row is broken.'), EXIT.USAGE)
    expect(quiet.stderr.text).toBe('The row is broken.\n')
    expect(quiet.stdout.text).toBe('')
    const verbose = outputWith({ json: false, verbose: true })
    verbose.output.fail(new Error('The row is broken.'), EXIT.USAGE)
    expect(verbose.stderr.text).toMatch(/The row is broken\.\n +at .*output\.test\.ts/)
  })

  it('takes anything thrown', () => {
    const { output, stderr } = outputWith({ json: false, verbose: true })
    output.fail('a string', EXIT.USER_CODE)
    expect(stderr.text).toBe('a string\n')
  })
})

import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { Runner, replay, tokenOf } from '../../src/check/index.ts'
import { InputError } from '../../src/check/input-error.ts'
import { regressionTest } from '../../src/check/regression-test.ts'
import { encodeToken } from '../../src/check/token.ts'
import type { Mutation } from '../../src/model/index.ts'
import { aligned, drawn, failing, keyedState, noBlock } from './subjects.ts'

/** Runs the text of a test with everything that it imports at hand; throws what its expectation throws. */
function runTest(text: string, mutation: Mutation): string[] {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } })
  const titles: string[] = []
  const it = (title: string, body: () => void): void => {
    titles.push(title)
    body()
  }
  const modules: Record<string, unknown> = {
    vitest: { expect, it },
    cutline: { replay },
    './resolve.ts': { resolve: () => new Runner(keyedState, aligned, mutation) },
  }
  new Function('require', 'exports', outputText)((name: string) => modules[name], {})
  return titles
}
const { plan, finding, digest } = failing(new Runner(keyedState, aligned, noBlock))
const token = tokenOf(keyedState, plan, finding.fingerprint, digest)
const planted = tokenOf(keyedState, { ...plan, bug: 'no-block' }, finding.fingerprint, digest)

describe('the test of a token', () => {
  it('is red while the failure is there, and green once it is gone', () => {
    const text = regressionTest(token)
    expect(() => runTest(text, noBlock)).toThrow(finding.message)
    expect(runTest(text, {})).toEqual([`keyed-state does not fail with ${finding.fingerprint} any more`])
  })

  it('is green while a planted bug is found, and red if it is not', () => {
    const text = regressionTest(planted)
    expect(runTest(text, noBlock)).toEqual([`keyed-state with the bug no-block fails with ${finding.fingerprint}`])
    expect(() => runTest(text, {})).toThrow()
  })

  it('is this text', () => {
    const quiet = encodeToken({
      plan: { ...drawn(0), faults: [{ what: 'crash-jobmanager', target: 'job-manager', when: { at: 1500 } }] },
      graph: '00000000',
      fingerprint: "user/threw:don't",
      digest: '00000000',
    })
    expect(
      regressionTest(` ${quiet} `, { cutlineFrom: '../src/index.ts', resolveFrom: './shop.ts' }),
    ).toBe(`import { expect, it } from 'vitest'
import { replay } from '../src/index.ts'
import { resolve } from './shop.ts'

// the job manager crashes at 1.5 ms
it('keyed-state does not fail with user/threw:don\\'t any more', () => {
  const { answer, finding } = replay(
    '${quiet}',
    resolve,
  )
  expect(answer, finding?.message).toBe('passes')
})
`)
  })

  it('cannot be made of a damaged token', () => {
    expect(() => regressionTest(token.slice(0, -2))).toThrow(InputError)
  })
})

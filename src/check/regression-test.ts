/** Turns a token into a test of a project that uses vitest. */
import { describeFault } from '../model/index.ts'
import { decodeToken } from './token.ts'

export interface RegressionTestOptions {
  /** Module whose export `resolve` gives the runner for a token's names; './resolve.ts' if left out. */
  readonly resolveFrom?: string
  /** Module whose export `replay` is Cutline's; 'cutline' if left out. */
  readonly cutlineFrom?: string
}

/**
 * The text of a test that replays the token. A failure of the real code must be gone (the test is red until it is fixed, and
 * red again if it comes back); a planted bug must go on being found.
 * @throws InputError if the token cannot be used
 */
export function regressionTest(token: string, options: RegressionTestOptions = {}): string {
  const { plan, fingerprint } = decodeToken(token)
  const { cutlineFrom = 'cutline', resolveFrom = './resolve.ts' } = options
  const planted = plan.bug !== undefined
  const title = planted
    ? `${plan.scenario} with the bug ${plan.bug} fails with ${fingerprint}`
    : `${plan.scenario} does not fail with ${fingerprint} any more`
  const expectation = planted
    ? `expect(fingerprint).toBe(${quoted(fingerprint)})`
    : "expect(answer, finding?.message).toBe('passes')"
  return `import { expect, it } from 'vitest'
import { replay } from ${quoted(cutlineFrom)}
import { resolve } from ${quoted(resolveFrom)}

${comment(plan.faults.map(describeFault))}
it(${quoted(title)}, () => {
  const { ${planted ? 'fingerprint' : 'answer, finding'} } = replay(
    ${quoted(token.trim())},
    resolve,
  )
  ${expectation}
})
`
}

const comment = (faults: readonly string[]): string =>
  faults.length === 0 ? '// No fault is needed.' : faults.map((fault) => `// ${fault.replace(/\s+/g, ' ')}`).join('\n')

/** A text as a literal in single quotes, whatever is in it. */
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

/** The one run of a token, as a check in a test. */
import { InputError, type Replay, type ReplayAnswer, replay } from '../check/index.ts'
import { describeFault } from '../model/index.ts'
import { failureLines, plain } from '../report/index.ts'
import { CutOff, guarded } from './guarded.ts'
import type { Resolver } from './survive-options.ts'

/**
 * @param patienceMs after which the run counts as one that does not return
 * @throws InputError if the token cannot be used, or its run does not return; whatever `resolve` throws
 */
export function replayGuarded(token: string, resolve: Resolver, patienceMs: number): Replay {
  try {
    return guarded(() => replay(token, resolve), patienceMs)
  } catch (error) {
    if (!(error instanceof CutOff)) throw error
    throw new InputError(
      `the run of this token has not returned for ${Math.round(error.afterMs)} ms: look for a loop in a user function whose end depends on its input`,
    )
  }
}

/** Whether a test is satisfied that wants the failure gone, or to go on being found: another failure satisfies neither. */
export const asWanted = ({ answer }: Replay, gone: boolean): boolean =>
  gone ? answer === 'passes' : answer === 'same' || answer === 'same-failure-other-digest'

const WORDS: Readonly<Record<ReplayAnswer, string>> = {
  same: 'the failure of this token is there, by the same run',
  'same-failure-other-digest':
    'the failure of this token is there, but by another run: the code on the way to it has changed',
  'other-failure': 'the run of this token fails, but differently than it did',
  passes: 'the failure of this token does not come again',
}

/** What has become of the token's failure, and all there is to know about it. */
export function replayMessage(token: string, replayed: Replay): string {
  const { answer, finding, plan, expectedFingerprint, fingerprint, jobChanged, fired } = replayed
  const unmet = plan.faults.filter((_, i) => fired[i] !== true)
  return [
    `${WORDS[answer]}: ${fingerprint ?? expectedFingerprint}`,
    ...(finding === null
      ? [`It was found in ${plan.scenario}, ${plan.protocol}, seed ${plan.seed}.`]
      : failureLines({ finding, plan, token: token.trim(), files: [] }, plain)),
    ...(answer === 'other-failure' ? [`The token is of ${expectedFingerprint}.`] : []),
    ...unmet.map((fault) => `It never came to this fault: ${describeFault(fault)}.`),
    ...(jobChanged ? ['The job is not the one that the token was made for.'] : []),
  ].join('\n')
}

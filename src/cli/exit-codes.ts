/**
 * What the process ends with. Scripts and CI tell the kinds of failure apart by these, so they never change their meaning.
 */
export const EXIT = {
  /** Everything asked for holds. */
  HOLDS: 0,
  /** The command line, a file or a token could not be used. */
  USAGE: 1,
  /** A safety violation: what survives a recovery is not a consistent cut. */
  SAFETY: 2,
  /** A liveness violation: the job no longer makes progress. */
  LIVENESS: 3,
  /** The same plan and seed gave two different runs. */
  NONDETERMINISM: 4,
  /** The user's code threw, looped, was not pure or changed a value in place. */
  USER_CODE: 5,
  /** No answer: interrupted, out of time, an assumption broken, or a fault in Cutline itself. */
  INCONCLUSIVE: 6,
  /** Nothing was put to the test: no checkpoint completed, no fault fired or nothing was committed. */
  VACUOUS: 7,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The exit codes as shown under `cutline --help`. */
export const EXIT_CODES_HELP =
  'Exit codes: 0 holds, 1 usage, 2 safety violated, 3 liveness violated, 4 nondeterminism,\n' +
  '5 user code, 6 inconclusive or interrupted, 7 vacuous.'

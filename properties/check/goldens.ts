/**
 * What fixed checks give: every one of their runs is in the digest. A change here means that the same plan runs differently
 * than before: on purpose (then these are written anew, and ENGINE rises if tokens are about), or else there is a bug.
 */
export const GOLDENS = {
  /** Seed '1', runs 0 to 199. */
  'keyed-state': '009d5ccc931966e9',
  /** Seed '1', runs 0 to 99 each. */
  'flight-delays': '75c0bd42815a4196',
  'bank-transfer': 'c28510f2f15851bc',
  everything: 'c40c29020790c00e',
} as const

/** The one run of the script without anything in it. */
export const PLAIN_RUN = { steps: 686, virtualUs: 5_555_740, digest: '8925c192cbde4569' } as const

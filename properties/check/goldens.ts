/**
 * What fixed checks give: every one of their runs is in the digest. A change here means that the same plan runs differently
 * than before: on purpose (then these are written anew, and ENGINE rises if tokens are about), or else there is a bug.
 */
export const GOLDENS = {
  /** Seed '1', runs 0 to 199. */
  'keyed-state': '442c30e86d661444',
  /** Seed '1', runs 0 to 99 each. */
  'flight-delays': 'cc5b8b9281dffa92',
  'bank-transfer': 'a4d0a2fb699c2965',
  everything: 'a31326e3dcfc5f61',
} as const

/** The one run of the script without anything in it. */
export const PLAIN_RUN = { steps: 661, virtualUs: 5_577_740, digest: '4f1c297600e8366f' } as const

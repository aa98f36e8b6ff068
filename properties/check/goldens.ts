/**
 * What fixed checks give: every one of their runs is in the digest. A change here means that the same plan runs differently
 * than before: on purpose (then these are written anew, and ENGINE rises if tokens are about), or else there is a bug.
 */
export const GOLDENS = {
  /** Seed '1', runs 0 to 199. */
  'keyed-state': '2e5314be1306dbb6',
  /** Seed '1', runs 0 to 99 each. */
  'flight-delays': 'ec72f1dc96f77e56',
  'bank-transfer': 'a4e5c5b5b6b14295',
  everything: '41efa9a576c4ebeb',
} as const

/** The one run of the script without anything in it. */
export const PLAIN_RUN = { steps: 661, virtualUs: 5_577_740, digest: '4f1c297600e8366f' } as const

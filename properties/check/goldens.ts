/**
 * What fixed checks give: every one of their runs is in the digest. A change here means that the same plan runs differently
 * than before: on purpose (then these are written anew, and ENGINE rises if tokens are about), or else there is a bug.
 */
export const GOLDENS = {
  /** Seed '1', runs 0 to 199. */
  'keyed-state': 'ece03cb5d34bf3b1',
  /** Seed '1', runs 0 to 99 each. */
  'flight-delays': '85a1a6e2c6ff9a55',
  'bank-transfer': '06411e9a18c9c8c0',
  everything: 'ca18ed1b3e35026b',
  'broadcast-rules': 'fb9713a300248ae1',
  'order-payments': 'e9c4100382b41ed6',
  'word-count': '1d63014d9a7548c1',
  sessionize: 'a7f431decf19130c',
  'own-sink': 'd874a6c6e12157fe',
  'upsert-sink': 'f737dc0c8fda934d',
  'file-sink': '3cc40c45b4dd8e4f',
  'nexmark-q1': 'e3d2f6a381dea2f3',
  'nexmark-q3': '68cdf6cddbf244f0',
  'nexmark-q5': 'cafa2a9d58d3861c',
  'nexmark-q8': 'a0ac2e58f953f354',
  'skewed-join': '966bd13ce7401b7e',
  'rescaled-state': 'cae5a9eac497aa63',
  'ha-failover': '686b370ba3673d05',
  'token-ring': '6910e9436c99071c',
  ranking: 'aebd91ad8aad70de',
} as const

/** The other protocols and stores, each where it has most to do: seed '1', runs 0 to 49 each. */
export const GOLDENS_OF_OTHERS = [
  { scenario: 'everything', protocol: 'at-least-once', digest: '990dd88ba253d142' },
  { scenario: 'everything', protocol: 'unaligned', digest: '42d544b834c9ad7b' },
  { scenario: 'everything', protocol: 'aligned-timeout', digest: '07d530f1059a48d2' },
  { scenario: 'token-ring', protocol: 'chandy-lamport', digest: '8cf8d8154f535330' },
  { scenario: 'ranking', protocol: 'barriers-cyclic', digest: 'ffc58bafc5fe7d6d' },
  { scenario: 'ha-failover', protocol: 'aligned', store: 'compare-and-set', digest: '77f1af58644f4dfd' },
  { scenario: 'ha-failover', protocol: 'aligned', store: 'paxos', digest: '7ee92fa05fb7376f' },
] as const

/** The one run of the script without anything in it. */
export const PLAIN_RUN = { steps: 662, virtualUs: 5_588_193, digest: '981ccef52bc50f86' } as const

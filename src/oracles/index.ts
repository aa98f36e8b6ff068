export { Judge, type JudgeListener, type Tally } from './judge.ts'
export { WATCH_EVERY } from './progress.ts'
export { QuorumOracle } from './quorum.ts'
export type { World } from './world.ts'

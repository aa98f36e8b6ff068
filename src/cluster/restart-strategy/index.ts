export type { RestartBackoff } from './restart-backoff.ts'
export { restartBackoffOf } from './restart-backoff-of.ts'

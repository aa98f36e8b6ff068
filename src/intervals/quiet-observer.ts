import type { CompletedCheckpoint, Observer } from '../model/index.ts'

/** Hears everything and says nothing: a listener overrides what it wants to know. */
export class QuietObserver implements Observer {
  phase(_code: number): void {}
  basisRead(): void {}
  /** Branches are numbered by their execution. */
  fork(_basis: CompletedCheckpoint | null, execution: number): number {
    return execution
  }
  restarting(): void {}
  attemptFailed(): void {}
  jobFailed(): void {}
  jobRunning(): void {}
  splitAssigned(): void {}
  splitAdded(): void {}
  splitFinished(): void {}
  enumeratorReset(): void {}
  read(..._: Parameters<Observer['read']>): void {}
  send(): void {}
  receive(): void {}
  recovered(): void {}
  watermark(): void {}
  watermarkSent(): void {}
  status(): void {}
  watermarkAdvanced(): void {}
  watermarkProcessed(): void {}
  timerFired(): void {}
  timeRead(): void {}
  inputEnded(): void {}
  /** @throws the error: the generated job's functions do not fail */
  userError(...[, error]: Parameters<Observer['userError']>): void {
    throw error
  }
  aligned(): void {}
  sync(..._: Parameters<Observer['sync']>): void {}
  upload(): void {}
  restored(): void {}
  fileDurable(): void {}
  fileDeleted(): void {}
  fileMissing(): void {}
  entryDurable(..._: Parameters<Observer['entryDurable']>): void {}
  entryRemoved(): void {}
  savepointTaken(): void {}
  triggered(_checkpoint: number): void {}
  expired(): void {}
  completed(_checkpoint: number): void {}
  notified(): void {}
  transactionOpened(): void {}
  written(): void {}
  prepared(): void {}
  committed(): void {}
  commitLost(): void {}
  appended(): void {}
  committablesMade(): void {}
  calling(): void {}
  external(): void {}
  finished(): void {}
}

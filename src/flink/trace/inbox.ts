import type { CheckpointFailureReason } from '../../model/index.ts'

/** A message of an attempt to the checkpoint coordinator. */
export interface TaskMessage {
  readonly kind: 'ack' | 'decline'
  /** Number of the task. */
  readonly task: number
  readonly attempt: number
  readonly checkpoint: number
  /** Of a decline. */
  readonly reason?: CheckpointFailureReason
}
export type MessageKey = Pick<TaskMessage, 'kind' | 'task' | 'attempt' | 'checkpoint'>

/** The messages on their way to the checkpoint coordinator. They are handled by a pool of threads, so that they have no order. */
export class Inbox {
  readonly #messages = new Set<TaskMessage>()

  post(message: TaskMessage): void {
    this.#messages.add(message)
  }
  find(key: MessageKey): TaskMessage | undefined {
    for (const message of this.#messages)
      if (
        message.kind === key.kind &&
        message.task === key.task &&
        message.attempt === key.attempt &&
        message.checkpoint === key.checkpoint
      )
        return message
    return undefined
  }
  has(message: TaskMessage): boolean {
    return this.#messages.has(message)
  }
  take(message: TaskMessage): void {
    this.#messages.delete(message)
  }
  get messages(): readonly TaskMessage[] {
    return [...this.#messages]
  }
}

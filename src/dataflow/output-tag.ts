import { inWords, JobError } from './job-error.ts'

/** Names a side output, and the type of what goes there. Flink: OutputTag. */
export class OutputTag<T> {
  readonly id: string
  /** Only for the type checker: what T is. */
  declare readonly type?: (value: T) => void

  /** @param id letters, digits and _ . -; unique within an operator */
  constructor(id: string) {
    if (typeof id !== 'string' || !/^[\w.-]+$/.test(id))
      throw new JobError(`the id of an OutputTag must be letters, digits and _ . -, but is ${inWords(id)}`)
    this.id = id
  }
}

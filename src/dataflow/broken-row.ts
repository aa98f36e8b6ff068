import { JobError } from './job-error.ts'

/** A row of an input file that cannot be read. */
export class BrokenRow extends JobError {
  readonly file: string
  /** The line that the row starts in, from 1. */
  readonly line: number

  constructor(file: string, line: number, what: string) {
    super(`${file}, line ${line}: ${what}; correct the row or take it out`)
    this.name = 'BrokenRow'
    this.file = file
    this.line = line
  }
}

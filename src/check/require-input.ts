import type { Scenario } from '../dataflow/index.ts'
import type { Plan } from '../model/index.ts'
import { InputError } from './input-error.ts'

/**
 * Checks that the scenario reads the text that the plan was made with, if any.
 * @throws InputError saying which text is wanted
 */
export function requireInput({ input }: Plan, { name, input: held }: Scenario): void {
  if (input === held?.hash()) return
  if (held === undefined) throw new InputError(`the plan was made when '${name}' read a file, but now it reads none`)
  if (input === undefined)
    throw new InputError(`the plan was made when '${name}' read no file, but now it reads ${held.describe}`)
  throw new InputError(
    `'${name}' reads ${held.describe}, and this one (hash ${held.hash()}) is not the one that the plan was made with (hash ${input}): name that file with --input, as it was then`,
  )
}

/** Imports what `bundleFiles` has made, into this thread. */
import { readFileSync } from 'node:fs'
import { JobError } from '../dataflow/index.ts'
import { type Bundle, type BundledModules, shown } from './bundle-files.ts'
import { didYouMean } from './did-you-mean.ts'
import { doorUrl } from './running-package.ts'
import { asSentence, closed } from './sentence.ts'
import { UsageError } from './usage-error.ts'
import { UserCodeFailure } from './user-code-failure.ts'
import { userLine } from './user-line.ts'

/**
 * @throws UsageError if a package does not have what a file imports from it; UserCodeFailure if a file throws while it is
 * loaded
 */
export async function loadBundle({ url, inputs }: Bundle): Promise<BundledModules> {
  process.setSourceMapsEnabled(true) // so that stacks name the user's lines
  try {
    return ((await import(url)) as { default: BundledModules }).default
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const missing = /^The requested module '(.*)' does not provide an export named '(.*)'$/.exec(message)
    if (missing !== null) throw await missingExport(missing[1]!, missing[2]!, inputs)
    const line = userLine(error, inputs) ?? shown(inputs.at(-1)!)
    if (error instanceof JobError) throw new UsageError(`${line}: ${asSentence(message)}`)
    throw new UserCodeFailure(`${line}: the file threw while it was loaded: ${closed(message)}`)
  }
}

async function missingExport(url: string, name: string, inputs: readonly string[]): Promise<UsageError> {
  const ours = url === doorUrl('cutline')
  const near = ours ? didYouMean(name, Object.keys((await import(url)) as object)) : null
  const advice = near === null ? 'mend the name that is imported.' : `did you mean '${near}'?`
  return new UsageError(`${importOf(name, inputs)}${ours ? "'cutline'" : url} has no export '${name}': ${advice}`)
}

/** The first place where the files say the name, since Node does not tell. */
function importOf(name: string, inputs: readonly string[]): string {
  const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)
  for (const path of inputs) {
    const lines = readFileSync(path, 'utf8').split('\n')
    const line = lines.findIndex((text) => word.test(text))
    if (line >= 0) return `${shown(path)}:${line + 1}:${lines[line]!.search(word) + 1}: `
  }
  return ''
}

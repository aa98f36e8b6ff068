// `npm run -s cutline -- …`: the command line from a checkout. Builds first if a source is newer than the last build, then
// runs dist/cli/main.js in this very process.
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'dist/cli/main.js')

/** Milliseconds of the last change below a path; a folder's own stamp tells of files removed. 0 if there is nothing. */
function changedMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, changedMs(join(path, name))), stat.mtimeMs)
}

const sources = ['src', 'scenarios', 'package.json', 'scripts/build.mjs', 'scripts/keep-constants.mjs']
const builtMs = changedMs(bin)
if (sources.some((source) => changedMs(join(root, source)) > builtMs)) {
  const { buildScripts } = await import('./build.mjs')
  try {
    await buildScripts()
  } catch {
    console.error('The sources do not build; the errors stand above.')
    process.exit(1)
  }
}
process.argv[1] = bin
await import('../dist/cli/main.js')

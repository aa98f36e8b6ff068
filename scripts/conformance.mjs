// `npm run -s conformance -- [DIR] [--json]`: bundles properties/conformance/main.ts (0.1 s; a hundred modules one by one
// take longer) and runs it in this very process.
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const outfile = join(root, `node_modules/.cache/cutline-conformance/main-${process.pid}.mjs`)
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['properties/conformance/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
} catch {
  console.error('The sources do not build; the errors stand above.')
  process.exit(1)
}
const { main } = await import(pathToFileURL(outfile).href)
rmSync(outfile)
process.exitCode = main(process.argv.slice(2), join(root, 'properties/fixtures'), process)

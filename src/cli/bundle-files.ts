/**
 * Bundles a user's files once, so that every thread imports the same few lines of JavaScript: TypeScript and what lies in the
 * user's own folders go in; packages are imported from where they are, and 'cutline' is the package that is running.
 *
 * ```
 *   my-job.ts ──┐
 *   helpers.ts ─┼─ esbuild ─> /tmp/cutline-…/bundle.mjs ── import 'file:///…/dist/index.js'      (the running Cutline)
 *   data.json ──┘             with its source map       └─ import 'file:///…/node_modules/…'
 * ```
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildFailure, Loader, Message, OnLoadArgs, OnResolveArgs, Plugin, PluginBuild } from 'esbuild'
import { didYouMean } from './did-you-mean.ts'
import { DOORS, doorUrl } from './running-package.ts'
import { UsageError } from './usage-error.ts'

export interface Bundle {
  /** Import it: its default export is `[file, module namespace]` for each file, in their order. */
  readonly url: string
  /** The files that went in, absolute: the given ones and what they import from outside of node_modules. */
  readonly inputs: readonly string[]
}
/** The default export of a bundle. */
export type BundledModules = readonly (readonly [file: string, module: Readonly<Record<string, unknown>>])[]

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
}

/** How esbuild reads a file of code; undefined if it is none. */
export const loaderOf = (path: string): Loader | undefined => LOADERS[extname(path)]

/** The path as a user names it: from the working directory, or in full if that is shorter. */
export function shown(path: string): string {
  const from = relative(process.cwd(), path) || path
  return from.length <= path.length ? from : path
}

/**
 * Bundles the files; the bundle is removed when the process ends.
 * @param files as the user names them
 * @throws UsageError at file, line and column: a file that is missing or cannot be read, and an import that leads nowhere
 */
export async function bundleFiles(files: readonly string[]): Promise<Bundle> {
  const paths = files.map((file) => resolve(file))
  for (const path of paths) requireCode(path)
  const { build } = await import('esbuild')
  const folder = bundleFolder()
  const outfile = join(folder, 'bundle.mjs')
  const modules = paths.map((path, i) => `import * as m${i} from ${JSON.stringify(path)}\n`).join('')
  const list = paths.map((path, i) => `[${JSON.stringify(shown(path))}, m${i}]`).join(', ')
  try {
    const { outputFiles, metafile } = await build({
      stdin: { contents: `${modules}export default [${list}]`, resolveDir: process.cwd(), sourcefile: ENTRY },
      outfile,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      // without this, esbuild prefers files that are for bundlers only and that Node cannot import
      conditions: [],
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      // what a CommonJS file of the user's requires of Node
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      define: Object.fromEntries(META.map((name) => [`import.meta.${name}`, metaName(name)])),
      plugins: [userFiles],
    })
    writeFileSync(outfile, outputFiles[0]!.contents)
    const inputs = Object.keys(metafile.inputs).filter((input) => input !== ENTRY)
    return { url: pathToFileURL(outfile).href, inputs: inputs.map((input) => resolve(input)) }
  } catch (error) {
    throw sentenceOf(error)
  }
}

const ENTRY = 'cutline:entry'

/** @throws UsageError if there is no such file, or none of code */
function requireCode(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new UsageError(`There is no file ${shown(path)}: ${missingHint(path)}`)
  if (stats.isDirectory()) throw new UsageError(`${shown(path)} is a folder: name a file in it.`)
  if (loaderOf(path) === undefined)
    throw new UsageError(
      `${shown(path)} is no code that Cutline reads: name a file that ends with ${Object.keys(LOADERS).join(', ')}.`,
    )
}

function missingHint(path: string): string {
  const folder = dirname(path)
  if (!existsSync(folder)) return `there is no folder ${shown(folder)} either; paths are from ${process.cwd()}.`
  const near = didYouMean(
    basename(path),
    readdirSync(folder).filter((name) => loaderOf(name) !== undefined),
  )
  return near === null
    ? `paths are from the working directory, ${process.cwd()}.`
    : `did you mean ${shown(join(folder, near))}?`
}

let folders: string[] | null = null
function bundleFolder(): string {
  if (folders === null) {
    folders = []
    process.on('exit', () => {
      for (const folder of folders!) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'cutline-'))
  folders.push(folder)
  return folder
}

// What import.meta says is that of the file, not of the bundle: files of data are found with it.
const META = ['url', 'filename', 'dirname'] as const
const metaName = (name: (typeof META)[number]): string => `__cutline_${name}`
function withMeta(path: string, text: string): string {
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  const named: [name: string, value: string][] = text.includes('import.meta')
    ? META.map((name) => [metaName(name), meta[name]])
    : []
  // a module may declare these itself, and then often does
  if (/\.c[jt]s$/.test(path) && text.includes('__'))
    named.push(['__filename', meta.filename], ['__dirname', meta.dirname])
  const constants = named.map(([name, value]) => `const ${name} = ${JSON.stringify(value)}; `).join('')
  // on a line that is there, so that all lines keep their numbers
  return text.startsWith('#!') ? text.replace('\n', `\n${constants}`) : `${constants}${text}`
}

const RESOLVED = { resolved: true }

const userFiles: Plugin = {
  name: 'cutline',
  setup(build) {
    build.onResolve({ filter: /^cutline(\/|$)/ }, toCutline)
    build.onResolve({ filter: /^[^./]/ }, (args) => toPackage(build, args))
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, load)
  },
}

function toCutline({ path, kind }: OnResolveArgs) {
  const url = doorUrl(path)
  if (url === null)
    return { errors: [{ text: `there is no '${path}': import from ${DOORS.map((door) => `'${door}'`).join(', ')}` }] }
  if (kind === 'require-call' || kind === 'require-resolve')
    return { errors: [{ text: `'${path}' cannot be required: write import … from '${path}'` }] }
  return { path: url, external: true }
}

/** A package stays where it is, unless it is the user's own (linked into node_modules) or written in TypeScript. */
async function toPackage(
  build: PluginBuild,
  { path, kind, importer, resolveDir, pluginData, with: by }: OnResolveArgs,
) {
  if (kind === 'entry-point' || pluginData === RESOLVED) return undefined
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: RESOLVED, with: by })
  if (found.errors.length > 0) return { errors: [{ text: notFound(path) }] }
  const inPackage = /[\\/]node_modules[\\/]/.test(found.path)
  if (found.external || !inPackage || kind !== 'import-statement' || !/\.[cm]?js$/.test(found.path)) return found
  return { path: pathToFileURL(found.path).href, external: true }
}

function load({ path }: OnLoadArgs) {
  return { contents: withMeta(path, readFileSync(path, 'utf8')), loader: loaderOf(path)! }
}

const notFound = (specifier: string): string =>
  /^[./]/.test(specifier)
    ? `the import '${specifier}' leads to no file: mend its path`
    : `the package '${specifier}' is not installed: npm install it, or mend its name`

/** What esbuild refuses, as one sentence at its place. */
function sentenceOf(error: unknown): unknown {
  const errors = (error as Partial<BuildFailure>).errors
  const first = errors?.[0]
  if (first === undefined) return error
  const more = errors!.length === 1 ? '' : ` (and ${errors!.length - 1} more)`
  return new UsageError(`${placeOf(first)}${textOf(first)}${more}.`)
}

export const placeOf = ({ location }: Message): string =>
  location === null ? '' : `${shown(resolve(location.file))}:${location.line}:${location.column + 1}: `

function textOf({ text, location }: Message): string {
  const unresolved = /^Could not resolve "(.*)"$/.exec(text)?.[1]
  if (unresolved !== undefined) return notFound(unresolved)
  const syntax = /^(Expected|Unexpected|Unterminated|Invalid|Syntax error)/.test(text)
  const language = /\.[cm]?tsx?$/.test(location?.file ?? '') ? 'TypeScript' : 'JavaScript'
  return `${syntax ? `this is not valid ${language}: ` : ''}${text.replace(/\.$/, '')}`
}

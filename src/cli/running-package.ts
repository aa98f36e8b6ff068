/**
 * The package that is running: what a user's `import … from 'cutline'` must lead to, wherever the user's own copy may lie.
 * Two copies would be two of every class, and an error of one is no instance of the other's.
 */
import { fileURLToPath } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }

/** From dist/cli, dist/chunks and src/cli alike. */
const ROOT = new URL('../../', import.meta.url)
/** Where the code lies that is running, and what it was built from. */
const CODE = ['dist/', 'src/'].map((folder) => fileURLToPath(new URL(folder, ROOT)))

const doors = manifest.exports as Readonly<Record<string, string | { readonly default: string }>>

/** What can be imported: 'cutline', 'cutline/flink', … */
export const DOORS: readonly string[] = Object.keys(doors)
  .filter((door) => typeof doors[door] !== 'string')
  .map((door) => `cutline${door.slice(1)}`)

/** The file URL of 'cutline' or one of its doors; null if there is no such door. */
export function doorUrl(specifier: string): string | null {
  const door = doors[`.${specifier.slice('cutline'.length)}`]
  if (door === undefined) return null
  return new URL(typeof door === 'string' ? door : door.default, ROOT).href
}

/** Whether a file is part of Cutline. */
export const isOurs = (path: string): boolean => CODE.some((folder) => path.startsWith(folder))

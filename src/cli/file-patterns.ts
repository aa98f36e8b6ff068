/** Files by patterns: `*` and `?` within a name, `**` for any folders, `{a,b}` for alternatives. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What a pattern never means: tests and declarations beside the scenarios, and what nobody has written. */
const NEVER_FILE = /\.(test|spec|d)\.[cm]?[jt]sx?$/
const NEVER_FOLDER = /^(node_modules|\..*)$/

const isPattern = (text: string): boolean => /[*?{]/.test(text)

/**
 * The files that a path or pattern means, absolute and sorted; a path is taken as it is, whether the file exists or not.
 * @param folder what it is relative to
 */
export function filesOf(pattern: string, folder: string): string[] {
  if (!isPattern(pattern)) return [resolve(folder, pattern)]
  const segments = pattern.split('/')
  const first = segments.findIndex(isPattern)
  const base = resolve(folder, segments.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.'))
  const matches = new RegExp(`^${sourceOf(segments.slice(first).join('/'))}$`)
  return filesBelow(base)
    .filter((path) => matches.test(path) && !NEVER_FILE.test(path))
    .map((path) => join(base, path))
    .sort()
}

/** Paths from the folder, with slashes; none if there is no such folder. */
function filesBelow(folder: string, prefix = ''): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`
    if (!entry.isDirectory()) return [path]
    return NEVER_FOLDER.test(entry.name) ? [] : filesBelow(join(folder, entry.name), `${path}/`)
  })
}

/** A pattern as the source of a regular expression. */
function sourceOf(pattern: string): string {
  return pattern.replaceAll(/\{[^{}]*\}|\*\*\/|\*\*|[*?.+^$()|[\]{}\\]/g, (token) => {
    if (token.length > 1 && token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(sourceOf).join('|')})`
    return WRITTEN[token] ?? `\\${token}`
  })
}
const WRITTEN: Readonly<Record<string, string>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}

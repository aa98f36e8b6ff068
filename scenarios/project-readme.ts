import { existsSync } from 'node:fs'
import { readTextFile } from '../src/dataflow/node.ts'

/** The README of Cutline: of the package or checkout that this code runs from, to whatever file it has been bundled. */
export function projectReadme(): string {
  let folder = new URL('.', import.meta.url)
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') folder = new URL('..', folder)
  return readTextFile(new URL('README.md', folder))
}

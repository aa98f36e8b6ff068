/**
 * The syntax tree of a user's file: TypeScript is taken out by esbuild, which the bundle needs anyway, and what is left is read by
 * acorn, small and without dependencies. The source map leads back to where things stand in the file.
 */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { type AnyNode, parse } from 'acorn'
import { loaderOf } from './bundle-files.ts'

export interface SyntaxTree {
  readonly root: AnyNode
  /** Where a node begins in the file: line and column, from 1. */
  placeOf(node: AnyNode): { readonly line: number; readonly column: number }
}

/** @param path a file that `bundleFiles` has taken, so that it is valid */
export async function syntaxTree(path: string): Promise<SyntaxTree> {
  const { transform } = await import('esbuild')
  const { code, map } = await transform(readFileSync(path, 'utf8'), {
    loader: loaderOf(path)!,
    sourcefile: path,
    sourcemap: 'external',
    sourcesContent: false,
    target: `node${process.versions.node}`,
  })
  const sourceMap = new SourceMap(JSON.parse(map))
  return {
    root: parse(code, {
      ecmaVersion: 'latest',
      sourceType: /\.c[jt]s$/.test(path) ? 'script' : 'module',
      allowReturnOutsideFunction: true,
      locations: true,
    }),
    placeOf({ loc }) {
      const { line, column } = loc!.start
      const entry = sourceMap.findEntry(line - 1, column)
      return 'originalLine' in entry
        ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
        : { line, column: column + 1 }
    },
  }
}

/** The nodes right below a node, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof value?.type === 'string')
}

/** Visits a node and all below it, each with those above it, the nearest last. */
export function walk(node: AnyNode, visit: (node: AnyNode, above: readonly AnyNode[]) => void): void {
  const above: AnyNode[] = []
  const step = (at: AnyNode): void => {
    visit(at, above)
    above.push(at)
    for (const child of childrenOf(at)) step(child)
    above.pop()
  }
  step(node)
}

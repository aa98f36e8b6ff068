/** What `cutline doctor` does. */
import { resolve } from 'node:path'
import { counted } from '../report/index.ts'
import { bundleFiles, loaderOf, shown } from './bundle-files.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { type PortabilityFinding, portabilityFindings } from './portability.ts'
import { isOurs } from './running-package.ts'
import { syntaxTree } from './syntax-tree.ts'

const isInPackage = (path: string): boolean => /[\\/]node_modules[\\/]/.test(path) || isOurs(path)

type Placed = PortabilityFinding & { readonly file: string }

/** @throws UsageError if a file is missing or cannot be read, at its place */
export async function runDoctor(output: Output, file: string): Promise<ExitCode> {
  const { inputs } = await bundleFiles([file])
  const first = resolve(file)
  const imported = inputs.filter((path) => path !== first && loaderOf(path) !== undefined && !isInPackage(path))
  const files = [first, ...imported.sort()]
  const findings: Placed[] = []
  for (const path of files)
    for (const finding of portabilityFindings(await syntaxTree(path))) findings.push({ file: shown(path), ...finding })
  output.result({ files: files.map(shown), findings })
  const { bold, cyan, dim, green, red } = output.colours
  for (const { file: at, line, column, rule, what, instead } of findings) {
    output.line(`${bold(`${at}:${line}:${column}`)}  ${cyan(rule)}  ${what}`)
    output.line(dim(`  ${instead}`))
  }
  if (findings.length > 0) output.line()
  output.line(verdict(files.length, findings.length === 0 ? green : red))
  return findings.length === 0 ? EXIT.HOLDS : EXIT.USER_CODE

  function verdict(read: number, paint: (text: string) => string): string {
    const where = `in ${counted(read, 'file')}`
    if (findings.length === 0) return paint(`Nothing found ${where} that would not run alike everywhere.`)
    return paint(`${counted(findings.length, 'place')} ${where} would not run alike everywhere.`)
  }
}

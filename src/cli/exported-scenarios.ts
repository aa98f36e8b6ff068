/** The scenarios in the modules that a user names. */
import { basename } from 'node:path'
import type { Scenario } from '../dataflow/index.ts'
import type { BundledModules } from './bundle-files.ts'
import { UsageError } from './usage-error.ts'

/** A scenario and the file that exports it, as it is shown. */
export interface ExportedScenario {
  readonly file: string
  readonly scenario: Scenario
}

/**
 * The exports that are scenarios, or arrays of them, file by file; the default export first.
 * @param taken names that no scenario may have, since they are those of Cutline's own
 * @throws UsageError if a file exports none, a name is taken, or two scenarios have the same one
 */
export function exportedScenarios(modules: BundledModules, taken: readonly string[]): ExportedScenario[] {
  const found: ExportedScenario[] = []
  for (const [file, module] of modules) {
    const scenarios = scenariosOf(module)
    if (scenarios.length === 0) throw new UsageError(`${file} exports no scenario: ${hint(file, module)}`)
    for (const scenario of scenarios) {
      const { name } = scenario
      if (taken.includes(name))
        throw new UsageError(
          `${file} has a scenario '${name}', which is the name of one of Cutline's own: give it another name.`,
        )
      const other = found.find((earlier) => earlier.scenario.name === name)
      if (other?.scenario === scenario) continue // exported again
      if (other !== undefined)
        throw new UsageError(
          `There are two scenarios '${name}', ${other.file === file ? `both in ${file}` : `in ${other.file} and in ${file}`}: give one of them another name.`,
        )
      found.push({ file, scenario })
    }
  }
  return found
}

function scenariosOf(module: Readonly<Record<string, unknown>>): Scenario[] {
  const { default: first, ...named } = module
  const all = [first, ...Object.values(named)].flatMap((value) => (Array.isArray(value) ? value : [value]))
  return [...new Set(all)].filter(isScenario)
}

function isScenario(value: unknown): value is Scenario {
  const { name, graph, records, invariants } = (value ?? {}) as Partial<Record<keyof Scenario, unknown>>
  return (
    typeof name === 'string' && typeof graph === 'function' && typeof records === 'object' && Array.isArray(invariants)
  )
}

function hint(file: string, module: Readonly<Record<string, unknown>>): string {
  const name = /^[a-z0-9][a-z0-9-]*/.exec(basename(file))?.[0] ?? 'my-job'
  const call = `export default scenario('${name}', (env) => { … })`
  if (typeof module.default === 'function') return `its default export is a function; hand it to scenario: ${call}.`
  const names = Object.keys(module)
  return `${names.length === 0 ? '' : `it exports ${names.join(', ')}; `}write ${call}.`
}

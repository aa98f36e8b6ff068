/**
 * A reporter for vitest that says how much its checks say. It stands behind another one:
 *
 * ```ts
 * export default defineConfig({ test: { reporters: ['default', 'cutline/vitest/reporter'] } })
 * ```
 */
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { survivalLine, totalLine } from './survival-line.ts'
import type { SurvivalMeta } from './survival-meta.ts'

export default class CutlineReporter implements Reporter {
  #print: (line: string) => void = console.log

  onInit({ logger }: Vitest): void {
    this.#print = (line) => logger.log(line)
  }

  /** The lines of a file come behind what the reporter before this one says of it. */
  onTestModuleEnd(module: TestModule): void {
    for (const [test, metas] of checksOf(module)) {
      for (const meta of metas) this.#print(`   ${survivalLine(meta)}  (${test})`)
    }
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const total = totalLine(modules.flatMap((module) => checksOf(module).flatMap(([, metas]) => metas)))
    if (total !== null) this.#print(`    Cutline  ${total}\n`)
  }
}

/** The checks of each test that made some. */
function checksOf(module: TestModule): (readonly [test: string, checks: readonly SurvivalMeta[]])[] {
  return [...module.children.allTests()].flatMap((test) => {
    const { cutline } = test.meta()
    return cutline === undefined ? [] : [[test.fullName, cutline] as const]
  })
}

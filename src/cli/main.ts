#!/usr/bin/env node
/**
 * The command line. Command files are loaded here and so declare options only; what runs is imported inside their actions,
 * which keeps the start of every command short.
 */
import { registerBugs } from './bugs.ts'
import { registerChart } from './chart.ts'
import { registerCheck } from './check.ts'
import { registerConform } from './conform.ts'
import { registerDemo } from './demo.ts'
import { registerDoctor } from './doctor.ts'
import { registerExplain } from './explain.ts'
import { registerFit } from './fit.ts'
import { registerFlinkConfig } from './flink-config.ts'
import { registerInit } from './init.ts'
import { inlineMore } from './inline-more.ts'
import { registerIntervals } from './intervals.ts'
import { registerList } from './list.ts'
import { type CommandGroup, CutlineProgram } from './program.ts'
import { registerReplay } from './replay.ts'
import { registerShrink } from './shrink.ts'
import { registerTwin } from './twin.ts'

const GROUPS: readonly CommandGroup[] = [
  { heading: 'Look around:', commands: [registerDemo, registerList, registerChart] },
  { heading: 'Your own job:', commands: [registerInit, registerDoctor] },
  { heading: 'Search:', commands: [registerCheck, registerBugs] },
  { heading: 'Look at a failure:', commands: [registerReplay, registerShrink, registerExplain] },
  { heading: 'Plan a real job:', commands: [registerIntervals, registerTwin, registerFit, registerFlinkConfig] },
  { heading: 'Against real Flink:', commands: [registerConform] },
]

inlineMore()
const cutline = new CutlineProgram(process.argv.slice(2), GROUPS)

// Whoever reads us may have seen enough (`cutline list | head -1`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.on('uncaughtException', (error) => process.exit(cutline.fail(error)))

process.exitCode = await cutline.run()
// Leave only when stdout is drained, but then at once: workers of a cancelled check may still be busy.
process.stdout.write('', () => process.exit())

/** Regression tests from a corpus: one test per token. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, type RunnerTestCase, test } from 'vitest'
import { type BugDefinition, type CorpusEntry, type CorpusLine, corpusLines, InputError } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import type { Protocol } from '../model/index.ts'
import { budgetOf, PATIENCE_MS } from './budget.ts'
import { errorAt } from './error-at.ts'
import { type Resolver, resolver } from './survive-options.ts'
import { timeLeftMs } from './time-left.ts'
import { asWanted, replayGuarded, replayMessage } from './token-survival.ts'

export interface CorpusOptions {
  /** Planted bugs that tokens of the corpus name. */
  readonly bugs?: readonly BugDefinition[]
  /** A protocol of your own, for tokens that name it. */
  readonly protocol?: Protocol
}

/**
 * Registers a test for each token of a corpus, as `cutline check` and failing tests write them. A failure of the real code
 * must be gone: its test is red until it is fixed, and red again if it comes back. A failure with a planted bug (`bug` in its
 * line) must go on being found.
 *
 * ```ts
 * corpusTests('reports/failures/corpus.jsonl', [shop, returns])
 * ```
 *
 * A line that cannot be used, a token of another engine or of a scenario that is not given fails its own test, which says
 * what to do. A corpus without tokens is one skipped test.
 * @param place a JSON Lines file, or a folder of files named *.jsonl; a path counts from the working directory
 * @param scenarios those that the tokens may be of, by their names
 * @throws Error if there is no such file or folder
 */
export function corpusTests(place: string | URL, scenarios: readonly Scenario[], options: CorpusOptions = {}): void {
  const resolve = resolver(scenarios, { protocol: options.protocol, bugs: options.bugs ?? [] })
  const here = new Error()
  for (const { path, text } of filesAt(place)) {
    const file = basename(path)
    const lines = corpusLines(text)
    describe(file, () => {
      if (lines.length === 0) test.skip('holds no tokens')
      for (const line of lines)
        test(titleOf(line), ({ task }) => {
          const problem = problemOf(line, resolve, task)
          if (problem !== null) throw errorAt(`${path}:${line.line} ${problem}`, here)
        })
    })
  }
}

/** Why the test of a line fails; null if it passes. */
function problemOf({ entry }: CorpusLine, resolve: Resolver, test: Readonly<RunnerTestCase>): string | null {
  if (entry instanceof InputError) return `cannot be used: ${entry.message}; mend the line or drop it`
  const { giveUpMs } = budgetOf({ timeMs: undefined, runs: 1 }, timeLeftMs(test))
  try {
    const replayed = replayGuarded(entry.token, resolve, Math.min(PATIENCE_MS, giveUpMs))
    return asWanted(replayed, entry.bug === undefined) ? null : `fails: ${replayMessage(entry.token, replayed)}`
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `cannot be replayed: ${error.message}; or drop the line`
  }
}

/** 'line 3: keyed-state does not fail with output/gap (shrunk, 2026-11-25)' */
function titleOf({ line, entry }: CorpusLine): string {
  if (entry instanceof InputError) return `line ${line}: cannot be used`
  const { scenario, bug, fingerprint } = entry
  const fails = bug === undefined ? 'does not fail' : `with the bug ${bug} fails`
  return `line ${line}: ${scenario} ${fails} with ${fingerprint} (${noteOf(entry)})`
}

const noteOf = ({ note, date }: CorpusEntry): string =>
  note === undefined || note === '' ? date.slice(0, 10) : `${note}, ${date.slice(0, 10)}`

function filesAt(place: string | URL): { readonly path: string; readonly text: string }[] {
  const path = place instanceof URL ? fileURLToPath(place) : place
  try {
    const paths = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.jsonl'))
          .sort()
          .map((name) => join(path, name))
      : [path]
    return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  } catch (error) {
    throw new Error(
      `the corpus ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a file or folder that exists, from the working directory ${process.cwd()}; an empty file is a corpus, too`,
    )
  }
}

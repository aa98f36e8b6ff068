/**
 * The words of a text, counted one by one: `cutline check word-count --input FILE`. The count of a word is keyed state; what
 * is committed is each word with its count so far.
 */
import {
  CheckpointingMode,
  type Collector,
  fromArray,
  type Invariant,
  JobError,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { projectReadme } from './project-readme.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

type Count = readonly [word: string, count: number]

/** Letters and digits by their codes: what \p{L} matches depends on the engine's version of Unicode. */
const WORD = /[\w\u00c0-\u1fff\u3040-\ud7ff]+/g

function wordsOf(text: string): readonly string[] {
  const words = text.match(WORD)
  if (words === null) throw new JobError('the text has no words to count: name another file with --input')
  return words
}

class CountWords implements ProcessFunction<string, Count, string> {
  #count!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('count', 0))
  }

  processElement(word: string, _context: ProcessContext<string>, out: Collector<Count>): void {
    const count = this.#count.value()! + 1
    this.#count.update(count)
    out.collect([word, count])
  }
}

const noWordLost: Invariant = {
  name: 'no word is lost',
  check({ counts = [] }, inputs) {
    const committed = grouped(counts as readonly Count[], ([word]) => word)
    for (const [word, occurrences] of grouped(inputs('words') as readonly string[], (word) => word)) {
      const wrong = notEach(
        (committed.get(word) ?? []).map(([, count]) => count),
        occurrences.length,
      )
      if (wrong !== undefined) return `'${word}' occurs ${occurrences.length} times, but of its counts ${wrong}`
    }
    return undefined
  },
}

const everyWordCounted: Invariant = {
  name: 'the last count of a word is how often it occurs',
  needs: 'exactly-once',
  otherwise: noWordLost,
  check({ counts = [] }, inputs) {
    const committed = grouped(counts as readonly Count[], ([word]) => word)
    for (const [word, occurrences] of grouped(inputs('words') as readonly string[], (word) => word)) {
      const wrong = notOnceEach(
        (committed.get(word) ?? []).map(([, count]) => count),
        occurrences.length,
      )
      if (wrong !== undefined) return `'${word}' occurs ${occurrences.length} times, but among its counts ${wrong}`
      committed.delete(word)
    }
    const [word] = committed.keys()
    return word === undefined ? undefined : `'${word}' has been counted, but does not occur`
  },
}

export default scenario(
  'word-count',
  (env, text) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    env
      .fromSource(fromArray(wordsOf(text), { splits: 4, window: 'seeded' }), 'words')
      .keyBy((word) => word, 'string')
      .process(() => new CountWords())
      .uid('count')
      .sinkTo(transactionalLog('counts'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: 'Words of a text, counted: of the README, or of any file with --input',
    records: { min: 20, max: 100, fullEvery: 1000 },
    input: { describe: 'a text file', default: projectReadme },
    invariants: [everyWordCounted],
  },
)

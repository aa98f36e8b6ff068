/** Findings of the correct system that were bugs of the simulator or of an oracle, and have been mended: none of them comes back. */
import { scenarios } from '../../scenarios/index.ts'
import { corpusTests } from '../../src/vitest/index.ts'

corpusTests(new URL('mended.jsonl', import.meta.url), scenarios)

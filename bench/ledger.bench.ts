/**
 * What the oracles cost beyond the online ones: runs of the reference scenario with and without twins, in pairs in one process, and the
 * content hash that every send and receive takes.
 */
import keyedState from '../scenarios/keyed-state.ts'
import { drawPlan, Runner } from '../src/check/index.ts'
import { hashValue } from '../src/kernel/index.ts'
import { aligned } from '../src/protocols/index.ts'

const BATCH = 200
const PAIRS = 20
const runner = new Runner(keyedState, aligned)
const graph = keyedState.graph()
const plain: number[] = []
const twinned: number[] = []
function batch(first: number, twins: boolean): number {
  const startedAt = performance.now()
  for (let i = first; i < first + BATCH; i += 1) {
    const { finding } = runner.run(drawPlan(keyedState, graph, `ledger/${i}`, i, { protocol: 'aligned' }), {
      twinned: twins,
    })
    if (finding !== null) throw new Error(`run ${i} of the correct system has a finding: ${finding.message}`)
  }
  return ((performance.now() - startedAt) * 1000) / BATCH
}
for (let pair = 0; pair < PAIRS; pair += 1) {
  plain.push(batch(pair * BATCH, false))
  twinned.push(batch(pair * BATCH, true))
}
const median = (of: number[]): number => of.sort((a, b) => a - b)[of.length >> 1]!
const records = Array.from({ length: 1000 }, (_, i) => [i % 7, i])
const startedAt = performance.now()
let sum = 0
for (let round = 0; round < 1000; round += 1)
  for (let i = 0; i < records.length; i += 1) sum = (sum + hashValue(records[i])) | 0
const hash = ((performance.now() - startedAt) * 1e6) / 1e6
const print = (metric: string, value: number, unit: string): void =>
  console.log(JSON.stringify({ bench: 'ledger', metric, value: Number(value.toPrecision(3)), unit }))
print('run', median(plain), 'us/run, online oracles')
print('twinned run', median(twinned), 'us/run, with twins')
print('ratio', median(twinned) / median(plain), 'twinned / online')
print('hash', hash, 'ns per record of two numbers')
if (sum === 1) console.error('unlikely')

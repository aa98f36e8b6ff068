/** A decision: the PRF of (seed, site, key) against drawing from seedrandom's stream. */
import seedrandom from 'seedrandom'
import { Decisions, site } from '../src/kernel/index.ts'

const DRAWS = 5_000_000
const SITE = site('bench')
const decisions = new Decisions()
decisions.seed('bench')
const stream = seedrandom.tychei('bench')
let sink = 0

function prf(): number {
  const startedAt = performance.now()
  for (let key = 0; key < DRAWS; key += 1) sink = (sink + decisions.decide(SITE, key, 60)) | 0
  return (performance.now() - startedAt) / 1000
}
function drawn(): number {
  const startedAt = performance.now()
  for (let key = 0; key < DRAWS; key += 1) sink = (sink + ((stream.int32() >>> 0) % 60)) | 0
  return (performance.now() - startedAt) / 1000
}
const best = (of: () => number): number => DRAWS / Math.min(...Array.from({ length: 5 }, of))
const ours = best(prf)
const peer = best(drawn)
const print = (metric: string, value: number, unit: string): void =>
  console.log(JSON.stringify({ bench: 'decide', metric, value: Number(value.toPrecision(3)), unit }))
print('decide', ours / 1e6, 'M/s')
print('tychei', peer / 1e6, 'M/s')
print('ratio', ours / peer, 'decide / tychei')
if (sink === 1) console.error('unlikely')

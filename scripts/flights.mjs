// Writes scenarios/data/flights.json: the 2,000 earliest rows of flights-20k.json in the npm package vega-datasets.
// Rows of one minute keep the order of the package. Run: node scripts/flights.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const ROWS = 2000
const COLUMNS = ['date', 'delay', 'distance', 'origin', 'destination']
const from = new URL('../node_modules/vega-datasets/data/flights-20k.json', import.meta.url)
const to = new URL('../scenarios/data/flights.json', import.meta.url)

const rows = JSON.parse(readFileSync(from, 'utf8'))
  .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  .slice(0, ROWS)
  .map((row) => JSON.stringify(COLUMNS.map((column) => row[column])))
writeFileSync(to, `{"columns":${JSON.stringify(COLUMNS)},"rows":[\n${rows.join(',\n')}\n]}\n`)

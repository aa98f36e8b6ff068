// Writes scenarios/data/earthquakes.json: time, magnitude and place of the events of earthquakes.json in the npm package
// vega-datasets, by time. Run: node scripts/earthquakes.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const COLUMNS = ['time', 'mag', 'place']
const from = new URL('../node_modules/vega-datasets/data/earthquakes.json', import.meta.url)
const to = new URL('../scenarios/data/earthquakes.json', import.meta.url)

const rows = JSON.parse(readFileSync(from, 'utf8'))
  .features.map(({ properties }) => properties)
  .sort((a, b) => a.time - b.time)
  .map((row) => JSON.stringify(COLUMNS.map((column) => row[column])))
writeFileSync(to, `{"columns":${JSON.stringify(COLUMNS)},"rows":[\n${rows.join(',\n')}\n]}\n`)

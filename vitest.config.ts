import { defineConfig } from 'vitest/config'

// .ci/run asks for the counts as a file; see there.
const json = process.env.CUTLINE_TEST_JSON

// `npm run coverage` asks for 90 % of the lines of each.
const COVERED = ['src/kernel', 'src/statechart', 'src/oracles', 'src/check']

export default defineConfig({
  test: {
    include: ['properties/**/*.test.ts'],
    setupFiles: ['properties/setup.ts'],
    // Only a hang may fail for its time: a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: json ? ['default', 'json'] : ['default'],
    ...(json ? { outputFile: { json } } : {}),
    coverage: {
      provider: 'v8',
      include: COVERED.map((folder) => `${folder}/**`),
      exclude: ['**/index.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: Object.fromEntries(COVERED.map((folder) => [`${folder}/**`, { lines: 90 }])),
    },
  },
})

// Who may import whom: the house of DESIGN.md, one allow-list a folder. `npm run imports` fails on anything else.

const ground = ['kernel', 'statechart', 'model', 'dataflow']
const siblings = ['protocols', 'cluster', 'faults', 'oracles']
const simulator = [...ground, ...siblings, 'check']

/** Folder -> the folders whose doors it may import, and the npm packages it may use. */
const ALLOWED = {
  kernel: { folders: [], packages: ['seedrandom'] },
  statechart: { folders: ['kernel'], packages: ['xstate'] },
  model: { folders: ['kernel', 'statechart'], packages: [] },
  dataflow: { folders: ['kernel', 'statechart', 'model'], packages: [] },
  protocols: { folders: ground, packages: [] },
  cluster: { folders: ground, packages: [] },
  faults: { folders: ground, packages: [] },
  oracles: { folders: ground, packages: [] },
  check: { folders: [...ground, ...siblings], packages: ['fast-check', 'seedrandom', 'zod'] },
  intervals: { folders: simulator, packages: ['seedrandom', 'zod'] },
  flink: { folders: [...simulator, 'intervals'], packages: ['yaml', 'zod'] },
  report: { folders: [...simulator, 'intervals', 'flink'], packages: [] },
  campaign: { folders: [...simulator, 'intervals', 'flink', 'report'], packages: [] },
  vitest: { folders: [...simulator, 'intervals', 'flink', 'report', 'campaign'], packages: ['fast-check', 'vitest'] },
  cli: {
    folders: [...simulator, 'intervals', 'flink', 'report', 'campaign', 'vitest'],
    packages: ['acorn', 'cli-progress', 'commander', 'esbuild', 'yaml', 'zod'],
  },
}
/** Folders that run in a browser tab: only their files named node.ts may import Node's modules. */
const WITH_NODE = ['campaign', 'vitest', 'cli']

const folderOf = (name) => `^src/${name}/`

const folderRules = Object.entries(ALLOWED).map(([name, { folders }]) => ({
  name: `${name}-imports-only-its-list`,
  comment: `src/${name}/ may import ${folders.length > 0 ? folders.join(', ') : 'no other folder'}: see ALLOWED in .dependency-cruiser.cjs and DESIGN.md.`,
  severity: 'error',
  from: { path: folderOf(name) },
  to: {
    path: '^(src|scenarios|properties|bench|scripts)/',
    pathNot: [folderOf(name), ...folders.map(folderOf), ...(WITH_NODE.includes(name) ? ['^scenarios/'] : [])],
  },
}))

const packageRules = Object.entries(ALLOWED).map(([name, { packages }]) => ({
  name: `${name}-uses-only-its-packages`,
  comment: `src/${name}/ may use ${packages.length > 0 ? packages.join(', ') : 'no npm package'}: see ALLOWED in .dependency-cruiser.cjs.`,
  severity: 'error',
  from: { path: folderOf(name) },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg'],
    pathNot: packages.flatMap((name) => [`node_modules/${name}/`, `node_modules/@types/${name}/`]),
  },
}))

module.exports = {
  forbidden: [
    ...folderRules,
    ...packageRules,
    {
      name: 'through-the-door',
      comment: "Import another folder's index.ts (or, where Node is at hand, its node.ts), not a file behind it.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/[^/]+/node\\.ts$'] },
    },
    {
      name: 'scenarios-through-the-door',
      comment: "Scenarios are written as a user writes them: import a folder's index.ts or node.ts.",
      severity: 'error',
      from: { path: '^(scenarios/|src/index\\.ts$)' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/[^/]+/index\\.ts$', '^src/[^/]+/node\\.ts$'] },
    },
    {
      name: 'no-node-in-isomorphic-folders',
      comment: 'The simulator runs in a browser tab: move files, processes and HTTP to cli/ or to a node.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...WITH_NODE.map(folderOf), '/node\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-doors-only-where-node-is',
      comment: 'A node.ts drags Node in: only cli/, campaign/, vitest/, another node.ts and scenarios may import it.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...WITH_NODE.map(folderOf), '/node\\.ts$'] },
      to: { path: '^src/[^/]+/node\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Break the cycle. (Types only are no cycle: a chart names the type of its entity.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-the-package',
      comment: 'The published package must not need a devDependency: move it to dependencies.',
      severity: 'error',
      from: { path: '^(src|scenarios)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: ['node_modules/@types/'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}

// Imports go one way. Each layer may import itself and what stands before it; the two halves meet in connect.ts only.
const EMBEDDED_LAYERS = [
  ['base'],
  ['wire'],
  ['state'],
  ['events'],
  ['storage', 'identity', 'logs', 'catalog', 'queues', 'processes', 'dynamodb'],
  ['tabular', 'schedules', 'databases'],
  ['crawler', 'jobs', 'query', 'batch', 'functions'],
  ['upkeep'],
  ['services'],
];
const TOOLKIT_LAYERS = [['aws'], ['change'], ['toolkit'], ['cli', 'lambda', 'glue-job', 'testing']];

const folder = (names) => `^src/(${names.join('|')})/`;

// A folder of one layer never imports its neighbours in the same layer, nor anything later.
function layerRules(layers, side) {
  return layers.flatMap((names, index) =>
    names.map((name) => ({
      name: `${side}-${name}-imports-downwards`,
      severity: 'error',
      from: { path: folder([name]), pathNot: '\\.test\\.ts$' },
      to: { path: folder([...names.filter((other) => other !== name), ...layers.slice(index + 1).flat()]) },
    })),
  );
}

const embedded = EMBEDDED_LAYERS.flat().filter((name) => name !== 'base');
const toolkit = TOOLKIT_LAYERS.flat();

module.exports = {
  forbidden: [
    ...layerRules(EMBEDDED_LAYERS, 'embedded'),
    ...layerRules(TOOLKIT_LAYERS, 'toolkit'),
    {
      name: 'the-toolkit-knows-aws-only-by-its-clients',
      severity: 'error',
      from: { path: folder(toolkit), pathNot: ['^src/testing/', '\\.test\\.ts$'] },
      to: { path: [folder(embedded), '^src/embedded(-parts)?\\.ts$'], pathNot: '^src/(tabular|databases)/' },
    },
    {
      name: 'only-ingest-uses-tabular-and-databases',
      severity: 'error',
      from: { path: folder(toolkit), pathNot: ['^src/toolkit/ingest/', '\\.test\\.ts$'] },
      to: { path: '^src/(tabular|databases)/' },
    },
    {
      name: 'the-embedded-aws-knows-no-toolkit',
      severity: 'error',
      from: {
        path: [folder(EMBEDDED_LAYERS.flat()), '^src/embedded(-parts)?\\.ts$'],
        pathNot: '\\.test\\.ts$',
      },
      to: { path: [folder(toolkit), '^src/connect\\.ts$'] },
    },
    {
      name: 'only-connect-opens-the-embedded-aws',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/(connect|embedded|embedded-parts|index)\\.ts$', '^src/testing/', '\\.test\\.ts$'],
      },
      to: { path: '^src/embedded(-parts)?\\.ts$' },
    },
    {
      name: 'only-tabular-imports-duckdb',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tabular/|\\.test\\.ts$' },
      to: { path: 'node_modules/@duckdb/' },
    },
    {
      name: 'only-databases-imports-their-drivers',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/databases/|\\.test\\.ts$' },
      to: { path: 'node_modules/(pg|pg-copy-streams|mysql2)/' },
    },
    {
      name: 'only-state-imports-sqlite',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/state/' },
      to: { path: 'node_modules/@photostructure/sqlite' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};

// npm run bench [-- NAME...]: runs benches one after the other and prints how each did against its limit.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { athenaDdl } from './athena-ddl.js';
import { athenaSelect } from './athena-select.js';
import { batchChains } from './batch-chains.js';
import { batchSubmit } from './batch-submit.js';
import type { Bench } from './bench.js';
import { catalogPartitions } from './catalog-partitions.js';
import { catalogSnapshot } from './catalog-snapshot.js';
import { catalogTables } from './catalog-tables.js';
import { convert } from './convert.js';
import { crawlFolders } from './crawl-folders.js';
import { crawlLargeCsv } from './crawl-large-csv.js';
import { crawlListing } from './crawl-listing.js';
import { crawlParquet } from './crawl-parquet.js';
import { crawlMemory } from './crawl-memory.js';
import { crawlPartitions } from './crawl-partitions.js';
import { crawlUndo } from './crawl-undo.js';
import { crawlUndoGrowth } from './crawl-undo-growth.js';
import { demo } from './demo.js';
import { dynamodbCatalog } from './dynamodb-catalog.js';
import { events } from './events.js';
import { longQuery } from './long-query.js';
import { ingest } from './ingest.js';
import { ingestDatabase } from './ingest-database.js';
import { jobLaunch } from './job-launch.js';
import type { Result } from './measure.js';
import { renderResults } from './render-results.js';
import { start } from './start.js';

const BENCHES: readonly Bench[] = [
  crawlFolders,
  crawlLargeCsv,
  crawlParquet,
  crawlListing,
  crawlPartitions,
  crawlMemory,
  crawlUndo,
  crawlUndoGrowth,
  convert,
  longQuery,
  demo,
  start,
  catalogTables,
  catalogPartitions,
  catalogSnapshot,
  athenaDdl,
  athenaSelect,
  batchChains,
  batchSubmit,
  dynamodbCatalog,
  events,
  ingest,
  ingestDatabase,
  jobLaunch,
];

const HELP = `npm run bench [-- [--quick] [--size-mb N] [--json] NAME...]

A name takes every bench that begins with it; without one all run.
  --quick       less data and fewer rounds: to see that it works, not to quote
  --size-mb N   how large the large files are, 1000 when not given, 100 with --quick
  --json        one JSON document instead of the table

${BENCHES.map((bench) => `  ${bench.name.padEnd(20)}${bench.summary}`).join('\n')}
`;

// The SDK warns about Node versions that its future releases will not support; the one used here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    'size-mb': { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const sizeMB = Number(values['size-mb'] ?? (values.quick ? 100 : 1000));
if (values.help) {
  process.stdout.write(HELP);
} else {
  const unknown = positionals.find((name) => !BENCHES.some((bench) => bench.name.startsWith(name)));
  if (unknown !== undefined) {
    process.stderr.write(`There is no bench ${unknown}.\n\n${HELP}`);
    process.exitCode = 3;
  } else if (!(sizeMB >= 10)) {
    process.stderr.write(`--size-mb ${values['size-mb']} is not a number of at least 10.\n`);
    process.exitCode = 3;
  } else if (!existsSync(new URL('../dist/command/main.js', import.meta.url))) {
    process.stderr.write('The benches start the built command: run npm run build first.\n');
    process.exitCode = 3;
  } else {
    const chosen = BENCHES.filter(
      ({ name }) => positionals.length === 0 || positionals.some((part) => name.startsWith(part)),
    );
    await runAll(chosen);
  }
}

async function runAll(benches: readonly Bench[]): Promise<void> {
  const results: Result[] = [];
  const loadBefore = loadavg()[0] ?? 0;
  for (const bench of benches) results.push(...(await runOne(bench)));
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processors: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1024 ** 3),
    loadBefore,
    sizeMB,
    quick: values.quick,
  };
  process.stdout.write(
    values.json ? `${JSON.stringify({ machine, results }, undefined, 2)}\n` : renderResults(machine, results),
  );
  if (results.some((result) => 'met' in result && !result.met)) process.exitCode = 1;
}

async function runOne(bench: Bench): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), `gluepot-bench-`));
  const ends: (() => Promise<void> | void)[] = [];
  const cleanUp = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => {
    void cleanUp().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await bench.run({
      folder,
      isQuick: values.quick,
      sizeMB,
      note: (line) => process.stderr.write(`${bench.name}: ${line}\n`),
      defer: (end) => ends.push(end),
    });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await cleanUp();
  }
}

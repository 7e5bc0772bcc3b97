// Undo of a crawl of 1,000 tables with 20 partitions each, against AWS's sample algorithm one call at a time.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { systemClock } from '../src/base/clock.js';
import { mapConcurrently } from '../src/base/map-concurrently.js';
import type { EmbeddedClients } from '../src/embedded.js';
import { CLIENT_LOGGER } from '../src/aws/client-logger.js';
import { countingClient } from '../src/change/counting-client.js';
import { openDocumentStore } from '../src/change/index.js';
import {
  applyUndo,
  findCrawls,
  findSnapshotsAround,
  planUndo,
  requireQuiet,
} from '../src/toolkit/crawl-undo/index.js';
import { findCatalogHome, snapshotCatalog } from '../src/toolkit/catalog-snapshot/index.js';
import type { Bench, BenchContext } from './bench.js';
import { compare, interleave, timeMs, type Result } from './measure.js';
import { undoAsOriginal } from './original-undo.js';
import { BUCKET, preparePipeline } from './pipeline.js';
import { startGluepot } from './server-process.js';

const PARTITIONS_PER_TABLE = 20;

/** What a call to a near region of AWS takes on its way at the least; a far one takes 100. */
const REGION_AWAY_MS = 5;

/** As many calls as an undo makes at once. */
const CALLS_AT_ONCE = 8;

const CRAWLER = 'crawl_0';
const signal = new AbortController().signal;

export const crawlUndo: Bench = {
  name: 'crawl-undo',
  summary:
    'undo of a crawl of 1,000 tables and 20,000 partitions, against AWS’s sample algorithm, one call at a time',
  async run(context) {
    const { folder, isQuick, note } = context;
    const scale = isQuick ? 0.1 : 1;
    note('crawling twice');
    const prepared = await prepare(context, scale);
    let count = 0;
    /** A server whose catalog is as the crawl left it, so many milliseconds away. */
    const fresh = async (awayMs: number) => {
      const dataDir = join(folder, `data-${count}`);
      const storeFolder = join(folder, `store-${count++}`);
      cpSync(prepared.dataDir, dataDir, { recursive: true });
      cpSync(prepared.store, storeFolder, { recursive: true });
      const server = await startGluepot(context, { dataDir });
      const clients = clientsOf(context, server.endpoint, awayMs);
      return { clients, storeFolder, stop: () => server.stop() };
    };
    let callCount = 0;
    const contenders = (awayMs: number) => ({
      ours: async () => {
        const { clients, storeFolder, stop } = await fresh(awayMs);
        const ms = await timeMs(async () => {
          callCount = await undo(clients, storeFolder, prepared.expected, note);
        });
        await stop();
        return ms;
      },
      calls: async () => {
        const { clients, stop } = await fresh(awayMs);
        const names = Array.from({ length: callCount }, (_, call) => `orders_${call % prepared.tableCount}`);
        const ms = await timeMs(() =>
          mapConcurrently(names, CALLS_AT_ONCE, (Name) =>
            clients.glue.getTable({ DatabaseName: CRAWLER, Name }),
          ),
        );
        await stop();
        return ms;
      },
      original: async () => {
        const { clients, storeFolder, stop } = await fresh(awayMs);
        const asked = {
          crawlerName: CRAWLER,
          DatabaseName: CRAWLER,
          since: new Date(prepared.start.getTime() - 1000),
          backupFile: join(storeFolder, 'backup.json'),
        };
        const ms = await timeMs(() => undoAsOriginal(clients.glue, asked));
        await stop();
        return ms;
      },
    });
    const results: Result[] = [];
    for (const awayMs of [0, REGION_AWAY_MS]) {
      const where = awayMs === 0 ? 'on this machine' : `${awayMs} ms away`;
      note(`plan and apply ${where}`);
      const { ours, calls, original } = await interleave(contenders(awayMs), { rounds: isQuick ? 1 : 3 });
      const measured = {
        name: `undo of a crawl of ${prepared.tableCount.toLocaleString('en')} tables, ${where}`,
        unit: 'ms' as const,
        measured: ours,
      };
      const count = callCount.toLocaleString('en');
      results.push(
        compare({
          ...measured,
          limit: { name: 'the original algorithm', samples: original },
          target: { atLeast: 8 },
        }),
        compare({
          ...measured,
          name: 'the same',
          limit: { name: `${count} GetTable calls, ${CALLS_AT_ONCE} at once`, samples: calls },
          target: { atMost: 2 },
        }),
      );
    }
    return results;
  },
};

type Clients = Pick<EmbeddedClients, 'glue' | 's3' | 'iam' | 'sts'>;

/** @param awayMs that each call waits before it is sent, as if the server were that far */
function clientsOf({ defer }: BenchContext, endpoint: string, awayMs = 0): Clients {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    logger: CLIENT_LOGGER,
  };
  const clients = { glue: new Glue(config), s3: new S3(config), iam: new IAM(config), sts: new STS(config) };
  if (awayMs > 0) {
    clients.glue.middlewareStack.add(
      (next) => async (call) => {
        await wait(awayMs);
        return next(call);
      },
      { step: 'deserialize', priority: 'low', name: 'distance' },
    );
  }
  defer(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  return clients;
}

/** Nine tenths of the tables are old, half of them are changed, a tenth is new; so are 9 of 20 partitions. */
async function prepare(context: BenchContext, scale: number) {
  const dataDir = join(context.folder, 'prepared');
  const store = join(context.folder, 'prepared-store');
  const server = await startGluepot(context, { dataDir });
  const clients = clientsOf(context, server.endpoint);
  const { bucketFolder } = await preparePipeline(clients, dataDir);
  const tableCount = 1000 * scale;
  const newCounts = Array.from({ length: tableCount }, (_, index) => {
    if (index >= tableCount * 0.9) return PARTITIONS_PER_TABLE;
    if (index >= tableCount * 0.45) return 0;
    return index % 9 < 5 ? 16 : 15;
  });
  const writePartitions = (table: number, from: number, to: number) => {
    for (let day = from; day < to; day++) {
      const path = join(bucketFolder, 'lake', `orders_${table}`, `day=${day}`);
      mkdirSync(path, { recursive: true });
      const rows = Array.from({ length: 5 }, (_, row) => `${row},customer ${row},${row}.5,${day}`);
      writeFileSync(
        join(path, 'part.csv'),
        `id,customer_${table},amount_${table},quantity_${table}\n${rows.join('\n')}\n`,
      );
    }
  };
  newCounts.forEach((fresh, table) => writePartitions(table, 0, PARTITIONS_PER_TABLE - fresh));
  await clients.glue.createCrawler({
    Name: CRAWLER,
    Role: 'GlueBenchRole',
    DatabaseName: CRAWLER,
    Targets: { S3Targets: [{ Path: `s3://${BUCKET}/lake/` }] },
  });
  const crawl = async () => {
    const taken = { store, version: 'bench' };
    await snapshotCatalog(clients, taken);
    await clients.glue.startCrawler({ Name: CRAWLER });
    for (;;) {
      await systemClock.sleep(100);
      const { Crawler } = await clients.glue.getCrawler({ Name: CRAWLER });
      if (Crawler?.State !== 'READY') continue;
      if (Crawler.LastCrawl?.Status !== 'SUCCEEDED') throw new Error(Crawler.LastCrawl?.ErrorMessage);
      await snapshotCatalog(clients, taken);
      return Crawler.LastCrawl?.StartTime as Date;
    }
  };
  await crawl();
  newCounts.forEach((fresh, table) =>
    writePartitions(table, PARTITIONS_PER_TABLE - fresh, PARTITIONS_PER_TABLE),
  );
  await systemClock.sleep(2000);
  const start = await crawl();
  await server.stop();
  const newPartitions = newCounts.reduce<number>((sum, fresh) => sum + fresh, 0);
  const changed = newCounts.filter((fresh) => fresh > 0 && fresh < PARTITIONS_PER_TABLE).length;
  return {
    dataDir,
    store,
    tableCount,
    start,
    expected: { newPartitions, changed, newTables: tableCount * 0.1 },
  };
}

/** @returns the calls of Glue that it took */
async function undo(
  clients: Clients,
  storeFolder: string,
  expected: { newPartitions: number; changed: number; newTables: number },
  note: (line: string) => void,
): Promise<number> {
  const { glue, calls } = countingClient(clients.glue);
  const scope = { glue, clock: systemClock, signal };
  const found = await findCrawls(scope, { crawlerName: CRAWLER });
  await requireQuiet(scope, [found.DatabaseName], { ifRunning: 'refuse', timeoutMs: 1000 });
  const home = await findCatalogHome(clients);
  const store = openDocumentStore(storeFolder, clients);
  const around = await findSnapshotsAround(store, home, found);
  const { plan } = await planUndo({ glue }, home, { found, around });
  const report = await applyUndo({ ...clients, glue }, store, plan, { version: 'bench', signal });
  note(`${plan.changes.length} changes, ${report.calls} calls to apply them, ${calls.count} in all`);
  const kinds = (kind: string, action: string) =>
    plan.changes.filter((change) => change.key.kind === kind && change.action === action).length;
  const is = {
    newPartitions: kinds('partition', 'delete'),
    changed: kinds('table', 'update'),
    newTables: kinds('table', 'delete'),
  };
  if (JSON.stringify(is) !== JSON.stringify(expected)) {
    throw new Error(`The plan has ${JSON.stringify(is)}, not ${JSON.stringify(expected)}.`);
  }
  return calls.count;
}

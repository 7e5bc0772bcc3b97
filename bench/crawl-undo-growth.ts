// What the undo of a crawl costs as partitions become more: calls a changed object, and memory.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Glue } from '@aws-sdk/client-glue';
import { systemClock } from '../src/base/clock.js';
import { CLIENT_LOGGER } from '../src/aws/client-logger.js';
import { mapConcurrently } from '../src/base/map-concurrently.js';
import type { Bench } from './bench.js';
import { compare } from './measure.js';
import { samplePartition, sampleTable } from './sample-table.js';
import { startGluepot } from './server-process.js';

const COUNTS = [1000, 10_000, 100_000];

/** AWS's largest BatchCreatePartition. */
const BATCH_SIZE = 100;
const CONNECTIONS = 4;

/** What crawlers count into each partition that they make. */
const COUNTED = { averageRecordSize: '20', recordCount: '5', sizeKey: '100' };

const undoOnce = fileURLToPath(new URL('undo-once.mjs', import.meta.url));

export const crawlUndoGrowth: Bench = {
  name: 'crawl-undo-growth',
  summary: 'calls a changed object and memory of the undo of 1,000, 10,000 and 100,000 new partitions',
  async run(context) {
    const { folder, isQuick, note } = context;
    const server = await startGluepot(context, { dataDir: join(folder, 'data') });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const glue = new Glue({
      ...{ endpoint: server.endpoint, region: 'us-east-1', credentials, logger: CLIENT_LOGGER },
    });
    context.defer(() => glue.destroy());
    const costs: { count: number; callsEach: number; residentMB: number }[] = [];
    for (const count of isQuick ? COUNTS.map((one) => one / 10) : COUNTS) {
      note(`${count.toLocaleString('en')} partitions`);
      const DatabaseName = `of_${count}`;
      const since = await fill(glue, DatabaseName, count);
      const done = await undo(server.endpoint, DatabaseName, since, join(folder, `store-${count}`));
      if (done.deleted !== count || !done.isVerified) {
        throw new Error(`Of ${count} partitions ${done.deleted} were deleted.`);
      }
      note(`${done.calls} calls, ${done.residentMB.toFixed(0)} MB`);
      costs.push({ count, callsEach: done.calls / count, residentMB: done.residentMB });
    }
    const [least, ...more] = costs as [(typeof costs)[0], ...typeof costs];
    const limit = `undo of ${least.count.toLocaleString('en')}`;
    return more.flatMap(({ count, callsEach, residentMB }) => {
      const what = `undo of ${count.toLocaleString('en')} new partitions`;
      return [
        compare({
          name: `calls a changed object, ${what}`,
          unit: 'calls',
          measured: [callsEach],
          limit: { name: limit, samples: [least.callsEach] },
          target: { atMost: 1.2 },
        }),
        compare({
          name: `resident memory, ${what}`,
          unit: 'MB',
          measured: [residentMB],
          limit: { name: limit, samples: [least.residentMB] },
          target: { atMost: 1.2 },
        }),
      ];
    });
  },
};

/** A crawler's table, and partitions that came to it later; the instant in between. */
async function fill(glue: Glue, DatabaseName: string, count: number): Promise<Date> {
  const TableName = 'events';
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await glue.createTable({
    DatabaseName,
    TableInput: sampleTable(TableName, { UPDATED_BY_CRAWLER: 'crawler' }),
  });
  // The catalog keeps whole seconds.
  await systemClock.sleep(2000);
  const since = new Date();
  const batches = Array.from({ length: count / BATCH_SIZE }, (_, batch) => batch * BATCH_SIZE);
  await mapConcurrently(batches, CONNECTIONS, async (start) => {
    const PartitionInputList = Array.from({ length: BATCH_SIZE }, (_, index) => ({
      ...samplePartition(TableName, start + index),
      Parameters: COUNTED,
    }));
    const { Errors = [] } = await glue.batchCreatePartition({ DatabaseName, TableName, PartitionInputList });
    if (Errors[0]) throw new Error(Errors[0].ErrorDetail?.ErrorMessage);
  });
  return since;
}

interface Undone {
  deleted: number;
  isVerified: boolean;
  calls: number;
  residentMB: number;
}

async function undo(endpoint: string, database: string, since: Date, store: string): Promise<Undone> {
  const asked = [undoOnce, endpoint, database, since.toISOString(), store];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  return JSON.parse(stdout) as Undone;
}

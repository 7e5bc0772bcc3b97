// The first crawl of 100,000 partitions: what it takes to write them down, against the catalog's own bulk insert of the same.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartitionInput, TableInput } from '@aws-sdk/client-glue';
import { systemClock } from '../src/base/clock.js';
import { openCatalog } from '../src/catalog/open-catalog.js';
import { partitionInputOf, tableInputOf } from '../src/catalog/stored-definition.js';
import type { EmbeddedClients } from '../src/embedded.js';
import { STATE_SCHEMAS } from '../src/state-schemas.js';
import { openState } from '../src/state/state.js';
import type { Bench, BenchContext } from './bench.js';
import { compare, interleave, timeMs } from './measure.js';
import { openPipeline } from './pipeline.js';
import { inferFolders } from './plain-inference.js';

const SHARDS_PER_DAY = 100;
/** Partitions that the bulk insert writes in one transaction. */
const BATCH_SIZE = 1000;
/** So that asking whether the crawl is done takes next to nothing from it. */
const POLL_MS = 100;
const TABLE = 'events';

export const crawlPartitions: Bench = {
  name: 'crawl-partitions',
  summary: 'a first crawl that writes 100,000 partitions; against the catalog’s own bulk insert of them',
  async run(context) {
    const { isQuick, note } = context;
    const partitionCount = isQuick ? 10_000 : 100_000;
    const pipeline = await openPipeline(context);
    note(`writing ${partitionCount} folders`);
    for (let index = 0; index < partitionCount; index++) {
      const day = Math.floor(index / SHARDS_PER_DAY);
      const folder = join(pipeline.bucketFolder, TABLE, `day=${day}`, `shard=${index % SHARDS_PER_DAY}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'part.csv'), `id,name,price,city,paid\n${index},pear,1.5,Oslo,true\n`);
    }
    const { clients, crawl } = pipeline;
    note('a first crawl, whose partitions are inserted afterwards');
    const { database } = await crawl(`${TABLE}/`);
    const { Table: table } = await clients.glue.getTable({ DatabaseName: database, Name: TABLE });
    if (!table) throw new Error('The crawl made no table.');
    const partitions = await readPartitions(clients, database);
    if (partitions.length !== partitionCount) throw new Error(`It made ${partitions.length} partitions.`);
    let round = 0;
    // Of the same rounds as what is measured of the writing alone.
    const wholeCrawls: number[] = [];
    const leastWork: number[] = [];
    const samples = await interleave(
      {
        writing: async () => {
          const done = await crawl(`${TABLE}/`, { pollMs: POLL_MS });
          wholeCrawls.push(done.durationMs);
          return writingMs(clients, done.database);
        },
        insert: async () => {
          const insertMs = await insert(context, `insert-${round++}`, tableInputOf(table), partitions);
          const inferMs = await timeMs(() => inferFolders(join(pipeline.bucketFolder, TABLE)));
          leastWork.push(inferMs + insertMs);
          return insertMs;
        },
      },
      { rounds: isQuick ? 2 : 3 },
    );
    const count = partitionCount.toLocaleString('en-US');
    return [
      compare({
        name: `first crawl of ${count} partitions: writing them`,
        unit: 'ms',
        measured: samples.writing,
        limit: { name: `bulk insert, ${BATCH_SIZE} a transaction`, samples: samples.insert },
        target: { atMost: 2 },
      }),
      compare({
        name: `first crawl of ${count} partitions: all of it`,
        unit: 'ms',
        measured: wholeCrawls,
        limit: { name: 'plain inference and bulk insert', samples: leastWork },
        target: { atMost: 3 },
      }),
    ];
  },
};

/** From the line before the first write to the one after the last, in the log of the crawler that is named as its database. */
async function writingMs({ logs }: Pick<EmbeddedClients, 'logs'>, crawlerName: string): Promise<number> {
  const { events = [] } = await logs.getLogEvents({
    logGroupName: '/aws-glue/crawlers',
    logStreamName: crawlerName,
    startFromHead: true,
  });
  const at = (text: string) => events.find(({ message }) => message?.includes(text))?.timestamp ?? NaN;
  return at('Finished writing to Catalog') - at('Classification complete');
}

/** Milliseconds to insert the partitions into a new catalog, on the disk. */
async function insert(
  { folder }: Pick<BenchContext, 'folder'>,
  name: string,
  table: TableInput,
  partitions: readonly PartitionInput[],
): Promise<number> {
  const path = join(folder, name);
  mkdirSync(path);
  const state = openState(join(path, 'gluepot.db'), STATE_SCHEMAS);
  const catalog = openCatalog(state, {
    clock: systemClock,
    accountId: '123456789012',
    region: 'us-east-1',
  });
  catalog.createDatabase({ Name: 'bench' });
  const durationMs = await timeMs(async () => {
    catalog.createTable('bench', table, {
      createdBy: 'bench',
      partitionIndexes: [
        { IndexName: 'index', Keys: (table.PartitionKeys ?? []).map((key) => key.Name ?? '') },
      ],
    });
    for (let at = 0; at < partitions.length; at += BATCH_SIZE) {
      catalog.createPartitions('bench', TABLE, partitions.slice(at, at + BATCH_SIZE));
    }
    await state.durable();
  });
  state.close();
  return durationMs;
}

async function readPartitions(
  { glue }: Pick<EmbeddedClients, 'glue'>,
  database: string,
): Promise<PartitionInput[]> {
  const partitions: PartitionInput[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.getPartitions({ DatabaseName: database, TableName: TABLE, NextToken });
    partitions.push(...(page.Partitions ?? []).map(partitionInputOf));
    ({ NextToken } = page);
  } while (NextToken);
  return partitions;
}

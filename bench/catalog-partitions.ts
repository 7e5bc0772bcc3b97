// Partitions of the Data Catalog over HTTP, up to a million in one table: writing, filtering, memory; against moto.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, BenchContext } from './bench.js';
import { openGlueHttp, type GlueHttp } from './glue-http.js';
import { sendAll } from './load.js';
import {
  compare,
  interleave,
  median,
  quantile,
  timeMs,
  type Result,
  type Target,
  type Unit,
} from './measure.js';
import { partitionValues, samplePartition, sampleTable } from './sample-table.js';
import { seededRandom } from './seeded-random.js';
import { startGluepot, startMoto } from './server-process.js';

const DATABASE = 'bench';
const CONNECTIONS = 4;
/** AWS's largest BatchCreatePartition. */
const BATCH_SIZE = 100;
/** Calls that are timed together. */
const BLOCK_CALLS = 100;
const BLOCK_PARTITIONS = BATCH_SIZE * BLOCK_CALLS;
/** Blocks at the end of the fill that are held against the first ones of a new folder. */
const END_ROUNDS = 5;
const RESIDENT_MAX_MB = 300;

export const catalogPartitions: Bench = {
  name: 'catalog-partitions',
  summary: 'BatchCreatePartition and GetPartitions filters up to a million partitions, memory; against moto',
  async run(context) {
    const { isQuick, note } = context;
    const middleCount = isQuick ? 2 * BLOCK_PARTITIONS : 100_000;
    const largeCount = isQuick ? 10 * BLOCK_PARTITIONS : 1_000_000;
    const server = await startGluepot(context, { dataDir: join(context.folder, 'data') });
    const gluepot = await connect(context, server.endpoint);
    const motoServer = await startMoto(context);
    const moto = motoServer && (await connect(context, motoServer.endpoint));
    const results: Result[] = [];
    const add = (
      name: string,
      unit: Unit,
      samples: { gluepot: number[]; moto?: number[] | undefined },
      target: Target,
    ) =>
      results.push(
        samples.moto
          ? compare({
              name,
              unit,
              measured: samples.gluepot,
              limit: { name: 'moto', samples: samples.moto },
              target,
            })
          : { name, unit, measured: median(samples.gluepot), missing: 'moto is not installed', target },
      );

    note(`filling ${middleCount} partitions on each server, block by block`);
    const middleBlocks = middleCount / BLOCK_PARTITIONS;
    const block = { gluepot: 0, moto: 0 };
    const middle = await interleave(
      {
        gluepot: () => createBlock(gluepot, 'middle', block.gluepot++),
        ...(moto ? { moto: () => createBlock(moto, 'middle', block.moto++) } : {}),
      },
      { rounds: middleBlocks },
    );
    add('BatchCreatePartition(100), calls at 4 connections', '1/s', middle, { atLeast: 4 });

    note(`filling ${largeCount} partitions`);
    await createBlock(gluepot, 'small', 0);
    const largeBlocks = largeCount / BLOCK_PARTITIONS - END_ROUNDS;
    for (let index = 0; index < largeBlocks; index++) await createBlock(gluepot, 'large', index);
    const newServer = await startGluepot(context, { dataDir: join(context.folder, 'new') });
    const newGluepot = await connect(context, newServer.endpoint);
    const ends = { large: largeBlocks, small: 0 };
    const flat = await interleave(
      {
        large: () => createBlock(gluepot, 'large', ends.large++),
        small: () => createBlock(newGluepot, 'small', ends.small++),
      },
      { rounds: END_ROUNDS },
    );
    await newServer.stop();
    const residentMB = [residentOf(server.process.pid)];
    results.push(
      compare({
        name: `the same, the last of ${largeCount.toLocaleString('en-US')}`,
        unit: '1/s',
        measured: flat.large,
        limit: { name: 'the first', samples: flat.small },
        target: { atLeast: 0.75 },
      }),
    );

    note('filtering');
    const rounds = isQuick ? 2 : 5;
    const random = seededRandom(1);
    const filterMs =
      (
        client: GlueHttp,
        table: string,
        filter: (index: number) => string,
        { rowCount, partitionCount, queries }: { rowCount: number; partitionCount: number; queries: number },
      ) =>
      async () => {
        const latencies: number[] = [];
        for (let query = 0; query < queries; query++) {
          const expression = filter(Math.floor(random() * (partitionCount - BLOCK_PARTITIONS / 2)));
          latencies.push(await timeMs(() => getPartitions(client, table, expression, rowCount)));
        }
        return median(latencies);
      };
    for (const { name, filter, rowCount, target } of [
      { name: 'a point', filter: pointFilter, rowCount: 1, target: { atLeast: 100 } },
      { name: 'a range', filter: rangeFilter, rowCount: 96, target: { atLeast: 20 } },
    ]) {
      const work = { rowCount, partitionCount: middleCount };
      const samples = await interleave(
        {
          gluepot: filterMs(gluepot, 'middle', filter, { ...work, queries: 50 }),
          ...(moto ? { moto: filterMs(moto, 'middle', filter, { ...work, queries: 2 }) } : {}),
        },
        { rounds, warmUpRounds: 1 },
      );
      add(`GetPartitions, ${name} of ${middleCount.toLocaleString('en-US')}`, 'ms', samples, target);
    }
    const sizes = await interleave(
      {
        large: filterMs(gluepot, 'large', pointFilter, {
          rowCount: 1,
          partitionCount: largeCount,
          queries: 200,
        }),
        small: filterMs(gluepot, 'small', pointFilter, {
          rowCount: 1,
          partitionCount: BLOCK_PARTITIONS,
          queries: 200,
        }),
      },
      { rounds, warmUpRounds: 1 },
    );
    results.push(
      compare({
        name: `GetPartitions, a point of ${largeCount.toLocaleString('en-US')}`,
        unit: 'ms',
        measured: sizes.large,
        limit: { name: 'of 10,000', samples: sizes.small },
        target: { atMost: 1.5 },
      }),
    );
    residentMB.push(residentOf(server.process.pid));
    results.push(
      compare({
        name: 'resident memory of the server after all that',
        unit: 'MB',
        measured: [quantile(residentMB, 1)],
        limit: { name: 'allowed', samples: RESIDENT_MAX_MB },
        target: { atMost: 1 },
      }),
    );
    return results;
  },
};

async function connect(context: BenchContext, endpoint: string): Promise<GlueHttp> {
  const client = openGlueHttp(endpoint, CONNECTIONS);
  context.defer(() => client.close());
  await client.call('CreateDatabase', { DatabaseInput: { Name: DATABASE } });
  for (const name of ['small', 'middle', 'large']) {
    await client.call('CreateTable', { DatabaseName: DATABASE, TableInput: sampleTable(name) });
  }
  return client;
}

/** Creates the 10,000 partitions of a block and answers the calls a second. */
async function createBlock(client: GlueHttp, table: string, block: number): Promise<number> {
  // Made before: 18 MB of JSON cost more than half of what gluepot takes for them, on the same two processors.
  const bodies = Array.from({ length: BLOCK_CALLS }, (_, call) => {
    const first = (block * BLOCK_CALLS + call) * BATCH_SIZE;
    const PartitionInputList = Array.from({ length: BATCH_SIZE }, (_, index) =>
      samplePartition(table, first + index),
    );
    return JSON.stringify({ DatabaseName: DATABASE, TableName: table, PartitionInputList });
  });
  const durationMs = await sendAll({ connections: CONNECTIONS, count: BLOCK_CALLS }, async (call) => {
    const answer = JSON.parse(await client.call('BatchCreatePartition', bodies[call] as string)) as {
      Errors?: unknown[];
    };
    if (answer.Errors?.length)
      throw new Error(`Partitions were not made: ${JSON.stringify(answer.Errors[0])}`);
  });
  return (BLOCK_CALLS * 1000) / durationMs;
}

async function getPartitions(
  client: GlueHttp,
  table: string,
  expression: string,
  rowCount: number,
): Promise<void> {
  const input = { DatabaseName: DATABASE, TableName: table, Expression: expression };
  const answer = JSON.parse(await client.call('GetPartitions', input)) as { Partitions: unknown[] };
  if (answer.Partitions.length !== rowCount) {
    throw new Error(
      `${expression} found ${answer.Partitions.length} partitions of ${table}, not ${rowCount}.`,
    );
  }
}

function pointFilter(index: number): string {
  const [day, region, hour] = partitionValues(index);
  return `day = '${day}' AND region = '${region}' AND hour = ${hour}`;
}

/** All hours of one region in four days: 96 partitions. */
function rangeFilter(index: number): string {
  const [first, region] = partitionValues(index);
  const last = new Date(Date.parse(first) + 3 * 86_400_000).toISOString().slice(0, 10);
  return `day >= '${first}' AND day <= '${last}' AND region = '${region}'`;
}

function residentOf(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024;
}

// Works through the SDK on the small disk of its argument until that is full, makes room, goes on, and prints what it saw.
import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded, type EmbeddedClients } from '../../src/embedded.js';
import { STATE_SCHEMAS } from '../../src/state-schemas.js';
import { backUp } from '../../src/upkeep/backup.js';
import { attachGluePermissions } from '../glue-permissions.js';

const folder = process.argv[2] as string;
const unhandled: string[] = [];
process.on('unhandledRejection', (error) => unhandled.push(String(error)));

type Failure = { name: string; message: string; statusCode: number | undefined };
const failureOf = async (call: Promise<unknown>): Promise<Failure | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return { name, message, statusCode: $metadata.httpStatusCode };
  }
};

const createTable = ({ glue }: EmbeddedClients, Name: string) =>
  glue.createTable({
    DatabaseName: 'd',
    TableInput: { Name, Description: 'x'.repeat(2000), PartitionKeys: [{ Name: 'k', Type: 'string' }] },
  });
const tableNames = async ({ glue }: EmbeddedClients) => {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.getTables({ DatabaseName: 'd', ...(NextToken && { NextToken }) });
    names.push(...(page.TableList ?? []).map((table) => table.Name as string));
    ({ NextToken } = page);
  } while (NextToken);
  return names.sort();
};

const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(1024 * 1024));
const dataDir = join(folder, 'data');
let aws = await openEmbedded({ dataDir });
let clients = aws.clients();
const { glue, iam, logs } = clients;
await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
await iam.createRole({
  RoleName: 'r',
  AssumeRolePolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }),
});
await attachGluePermissions(iam, 'r');
await clients.s3.createBucket({ Bucket: 'lake' });
await clients.s3.putObject({ Bucket: 'lake', Key: 't/f.csv', Body: 'a,b\n1,2\n' });
await clients.s3.putObject({ Bucket: 'lake', Key: 'large', Body: Buffer.alloc(300_000) });
await glue.createCrawler({
  Name: 'c',
  Role: 'r',
  DatabaseName: 'd',
  Targets: { S3Targets: [{ Path: 's3://lake/t' }] },
});

const created: string[] = [];
let full: Failure | undefined;
while (!full) {
  const name = `t${String(created.length).padStart(5, '0')}`;
  full = await failureOf(createTable(clients, name));
  if (!full) created.push(name);
}
const batch = await failureOf(
  glue.batchCreatePartition({
    DatabaseName: 'd',
    TableName: 't00000',
    PartitionInputList: Array.from({ length: 100 }, (_, k) => ({
      Values: [String(k)],
      Parameters: { text: 'y'.repeat(2000) },
    })),
  }),
);
const role = await failureOf(
  iam.tagRole({
    RoleName: 'r',
    Tags: Array.from({ length: 40 }, (_, k) => ({ Key: `k${k}`, Value: 'v'.repeat(200) })),
  }),
);
// The least of all writes may still fit where a larger one did not.
let group: Failure | undefined;
for (let n = 0; !group; n++) {
  group = await failureOf(logs.createLogGroup({ logGroupName: `g${n}`.padEnd(500, 'g') }));
}
// What goes on in the background fails, too, and takes nothing with it.
const crawl = await failureOf(glue.startCrawler({ Name: 'c' }));
await new Promise((done) => setTimeout(done, 500));
const whileFull = { names: await tableNames(clients), partitions: await partitionCount() };

rmSync(ballast);
await createTable(clients, 'afterwards');
await aws.close();
aws = await openEmbedded({ dataDir });
clients = aws.clients();
const reopened = await tableNames(clients);
const crawler = (await clients.glue.getCrawler({ Name: 'c' })).Crawler;
await clients.glue.startCrawler({ Name: 'c' });
while ((await clients.glue.getCrawler({ Name: 'c' })).Crawler?.State !== 'READY');
const crawledAfterwards = (await clients.glue.getCrawler({ Name: 'c' })).Crawler?.LastCrawl?.Status;
await aws.close();

// A backup that does not fit, by its state or by an object, is none.
const backUpTo = (name: string) =>
  backUp(dataDir, join(folder, name), { schemas: STATE_SCHEMAS, version: '0', now: new Date() });
const backups: string[] = [];
for (const freeBytes of [100_000, statSync(join(dataDir, 'gluepot.db')).size + 10_000]) {
  fill(freeBytes);
  const error = await backUpTo('backup').catch((reason: Error) => reason);
  backups.push(error instanceof Error ? error.message : 'backed up');
  rmSync(ballast);
}
const left = readdirSync(folder);

function fill(freeBytes: number) {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - freeBytes));
}

async function partitionCount() {
  return (await glue.getPartitions({ DatabaseName: 'd', TableName: 't00000' })).Partitions?.length;
}

console.log(
  JSON.stringify({
    full,
    batch,
    role,
    group,
    crawl,
    unhandled,
    createdCount: created.length,
    isWholeWhileFull:
      JSON.stringify(whileFull.names.filter((name) => name !== 't')) === JSON.stringify(created),
    partitionsWhileFull: whileFull.partitions,
    isWholeAfterwards:
      JSON.stringify(reopened.filter((name) => name !== 't')) === JSON.stringify(['afterwards', ...created]),
    backups,
    left,
    crawlerState: crawler?.State,
    crawledAfterwards,
  }),
);

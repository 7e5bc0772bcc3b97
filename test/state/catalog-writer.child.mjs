// Writes to the catalog in the data directory of its argument without end, once it is told to begin, and says each write
// before (`?`) and after (`!`) it is acknowledged. Runs from the build, because it is started fifty times.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import * as client from '@aws-sdk/client-glue';
import { systemClock } from '../../dist/base/clock.js';
import { randomIds } from '../../dist/base/ids.js';
import { silentLog } from '../../dist/base/log.js';
import { openCatalog } from '../../dist/catalog/open-catalog.js';
import { catalogSchema } from '../../dist/catalog/schema.js';
import { databaseOperations } from '../../dist/services/glue/databases.js';
import { partitionOperations } from '../../dist/services/glue/partitions.js';
import { tableOperations } from '../../dist/services/glue/tables.js';
import { documentsSchema } from '../../dist/state/documents.js';
import { openState } from '../../dist/state/state.js';
import { trustingAuthenticator } from '../../dist/wire/authenticate.js';
import { glueConstraints } from '../../dist/wire/constraints/glue.js';
import { createDispatcher } from '../../dist/wire/dispatch.js';
import { IN_PROCESS_ENDPOINT, inProcessRequestHandler } from '../../dist/wire/in-process.js';

const [dataDir, round] = process.argv.slice(2);
const account = { accountId: '123456789012', region: 'us-east-1' };

function openClients(count) {
  const clock = systemClock;
  const ids = randomIds;
  const state = openState(join(dataDir, 'gluepot.db'), [documentsSchema, catalogSchema]);
  const catalog = openCatalog(state, { clock, ids, ...account });
  const parts = { catalog, clock, ids };
  const service = {
    signingName: 'glue',
    protocol: 'json-1.1',
    targetPrefix: 'AWSGlue',
    client,
    constraints: glueConstraints,
    validationErrorName: 'ValidationException',
    operations: { ...databaseOperations(parts), ...tableOperations(parts), ...partitionOperations(parts) },
  };
  const handler = createDispatcher({
    services: [service],
    ids,
    log: silentLog,
    ...account,
    durable: () => state.durable(),
    authenticate: trustingAuthenticator(() => 'arn:aws:iam::123456789012:root'),
  });
  const config = {
    region: account.region,
    endpoint: IN_PROCESS_ENDPOINT,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: inProcessRequestHandler(handler),
    maxAttempts: 1,
  };
  return Array.from({ length: count }, () => new client.Glue(config));
}

const say = (mark, entry) => writeSync(1, `${mark}${JSON.stringify(entry)}\n`);

/** `entry` is [kind, name, value]: what the parent should find when the write is acknowledged. */
async function write(entry, call) {
  say('?', entry);
  await call();
  say('!', entry);
}

const KEYS = [{ Name: 'k', Type: 'int' }];
const indexes = [{ IndexName: 'by_k', Keys: ['k'] }];

async function makeTables(glue) {
  for (let n = 0; ; n++) {
    const name = `d${round}_${n}`;
    await write(['database', name, true], () => glue.createDatabase({ DatabaseInput: { Name: name } }));
    await write(['table', `${name}.t`, 0], () =>
      glue.createTable({
        DatabaseName: name,
        TableInput: { Name: 't', Description: '0', PartitionKeys: KEYS },
        PartitionIndexes: indexes,
      }),
    );
    await write(['partitions', `${name}.t`, [0, 5]], () => createPartitions(glue, name, 't', 0, 5));
    // Every third goes again, with all that is in it.
    if (n % 3 === 2) {
      await write(['database', name, false], () => glue.deleteDatabase({ Name: name }));
    }
  }
}

async function updateTable(glue, name) {
  const { Table } = await glue.getTable({ DatabaseName: 'shared', Name: name });
  for (let version = Number(Table.VersionId); ; version++) {
    await write(['table', `shared.${name}`, version + 1], () =>
      glue.updateTable({
        DatabaseName: 'shared',
        VersionId: String(version),
        TableInput: { Name: name, Description: String(version + 1), PartitionKeys: KEYS },
      }),
    );
  }
}

function createPartitions(glue, DatabaseName, TableName, from, to) {
  const PartitionInputList = Array.from({ length: to - from }, (_, at) => ({
    Values: [String(from + at)],
    StorageDescriptor: { Columns: [{ Name: 'c', Type: 'string' }], Location: `s3://lake/${from + at}` },
    Parameters: { batch: `${from}` },
  }));
  return glue.batchCreatePartition({ DatabaseName, TableName, PartitionInputList });
}

async function addPartitions(glue) {
  const first = Number(round) * 100_000;
  for (let from = first; ; from += 40) {
    await write(['partitions', 'shared.grown', [from, from + 40]], () =>
      createPartitions(glue, 'shared', 'grown', from, from + 40),
    );
  }
}

process.stdin.once('data', () => {
  const [first, second, third, fourth] = openClients(4);
  const work = [makeTables(first), updateTable(second, 'a'), updateTable(third, 'b'), addPartitions(fourth)];
  Promise.all(work).catch((error) => {
    say('x', String(error.stack));
    process.exit(1);
  });
});
say('r', 'ready');

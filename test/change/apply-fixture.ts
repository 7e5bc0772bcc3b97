// A catalog of one database, plans for it, and a store for their journals: what tests of apply begin with.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Glue, type TableInput } from '@aws-sdk/client-glue';
import { expect } from 'vitest';
import { clientConfig } from '../../src/aws/client-config.js';
import { steppingClock } from '../../src/base/clock.js';
import {
  buildPlan,
  openDocumentStore,
  PartialApplyError,
  type ApplyReport,
  type CatalogObjectKey,
  type Change,
  type Definition,
  type Plan,
} from '../../src/change/index.js';
import { observeObject } from '../../src/change/observe-catalog.js';
import { openEmbedded } from '../../src/embedded.js';
import { inProcessRequestHandler } from '../../src/wire/in-process.js';
import { withFaults, type Faults } from '../faults/faulty-glue.js';

export const DatabaseName = 'sales';

export const tableKey = (TableName: string): CatalogObjectKey => ({ kind: 'table', DatabaseName, TableName });
export const partitionKey = (TableName: string, day: string): CatalogObjectKey => ({
  kind: 'partition',
  ...{ DatabaseName, TableName, Values: [day] },
});
export const table = (Name: string, Type = 'string'): TableInput => ({
  Name,
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'a', Type }], Location: `s3://lake/${Name}/` },
});
export const partition = (day: string, Location = `s3://lake/${day}/`): Definition => ({
  Values: [day],
  StorageDescriptor: { Location },
});
/** How an apply that cannot be whole ends. */
export async function shortcomingsOf(apply: Promise<unknown>): Promise<ApplyReport> {
  const error: unknown = await apply.catch((it: unknown) => it);
  expect(error).toBeInstanceOf(PartialApplyError);
  return (error as PartialApplyError).report;
}

type Answer = Promise<{ output: object }>;

const days = (count: number) => Array.from({ length: count }, (_, day) => String(day));

export async function openApplyFixture() {
  const clock = steppingClock();
  const embedded = await openEmbedded({ clock });
  const clients = embedded.clients();
  const { glue, s3 } = clients;
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  const folder = await mkdtemp(join(tmpdir(), 'gluepot-apply-'));
  await mkdir(join(folder, 'journals'));
  const store = openDocumentStore(folder, { s3 });
  const access = { glue, clock };
  const now = async (key: CatalogObjectKey) => (await observeObject(access, key))?.definition;

  const change = async (key: CatalogObjectKey, wanted: Definition | undefined): Promise<Change> => {
    const current = await now(key);
    return {
      action: current === undefined ? 'recreate' : wanted === undefined ? 'delete' : 'update',
      key,
      ...(current === undefined ? {} : { current }),
      ...(wanted === undefined ? {} : { wanted }),
      reason: 'A test wants it.',
      evidence: [],
    };
  };

  const planOf = async (...changes: Promise<Change>[]): Promise<Plan> => {
    const subject = { operation: 'snapshot-restore' as const, resolved: {} };
    const home = { accountId: '123456789012', region: 'us-east-1' };
    return buildPlan({ ...home, subject, changes: await Promise.all(changes) }, { clock });
  };

  const createTable = async (name: string, partitionCount = 0) => {
    await glue.createTable({ DatabaseName, TableInput: table(name) });
    for (let start = 0; start < partitionCount; start += 100) {
      await glue.batchCreatePartition({
        ...{ DatabaseName, TableName: name },
        PartitionInputList: days(partitionCount)
          .slice(start, start + 100)
          .map((day) => ({ Values: [day], StorageDescriptor: { Location: `s3://lake/${day}/` } })),
      });
    }
  };

  return {
    clients,
    glue,
    s3,
    store,
    clock,
    access,
    now,
    change,
    planOf,
    createTable,
    /** A client of its own that tries again as those of an account do. */
    persistent: () =>
      new Glue({
        ...{
          ...clientConfig,
          region: 'us-east-1',
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        },
        requestHandler: inProcessRequestHandler(embedded.handler),
      }),
    /** A client of its own, with faults. */
    faulty: (faults: Faults) => withFaults(embedded.clients().glue, faults),
    /** A client of its own that runs `act` around calls of one operation. */
    around(command: string, act: (call: () => Answer) => Answer) {
      const { glue: own } = embedded.clients();
      own.middlewareStack.add(
        (next, { commandName }) =>
          (call) =>
            (commandName === `${command}Command` ? act(() => next(call)) : next(call)) as ReturnType<
              typeof next
            >,
        { step: 'initialize', name: 'around' },
      );
      return { glue: own, clock };
    },
    /** Updates a table and a partition, removes a table with partitions, makes one with an index and partitions. */
    async mixedPlan(removed = 130, made = 120): Promise<Plan> {
      await createTable('updated', 2);
      await createTable('removed', removed);
      return planOf(
        change(tableKey('updated'), table('updated', 'int')),
        change(partitionKey('updated', '1'), partition('1', 's3://elsewhere/')),
        change(partitionKey('updated', '0'), undefined),
        change(tableKey('removed'), undefined),
        ...days(removed).map((day) => change(partitionKey('removed', day), undefined)),
        change(tableKey('made'), table('made')),
        change(
          { kind: 'partition-index', DatabaseName, TableName: 'made', IndexName: 'by_day' },
          { IndexName: 'by_day', Keys: ['day'] },
        ),
        ...days(made).map((day) => change(partitionKey('made', day), partition(day))),
      );
    },
    async catalogText(): Promise<string> {
      const { TableList = [] } = await glue.getTables({ DatabaseName });
      const texts = await Promise.all(
        TableList.map(async ({ Name: TableName, StorageDescriptor }) => {
          const { Partitions = [] } = await glue.getPartitions({ DatabaseName, TableName });
          const places = Partitions.map(({ Values, StorageDescriptor: at }) => [Values, at?.Location]);
          const { PartitionIndexDescriptorList: indexes = [] } = await glue.getPartitionIndexes({
            ...{ DatabaseName, TableName },
          });
          const names = indexes.filter((one) => one.IndexStatus !== 'DELETING').map((one) => one.IndexName);
          return [TableName, StorageDescriptor?.Columns, places, names];
        }),
      );
      return JSON.stringify(texts);
    },
    /** Of the folder itself: a store would look at every document of every journal. */
    journalIds: () => readdir(join(folder, 'journals')),
    async close() {
      await embedded.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type ApplyFixture = Awaited<ReturnType<typeof openApplyFixture>>;

// Laws of apply over random catalogs, plans, faults and crashes: it ends as planned, and rolled back as it began.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnStatistics, Glue } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFaults, type Fault } from '../../../test/faults/faulty-glue.js';
import { steppingClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { keyText } from '../catalog-key.js';
import type { CatalogObject } from '../catalog-object.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import { listJournals } from '../journal/journal-names.js';
import {
  observeDatabases,
  observePartitionIndexes,
  observePartitions,
  observePartitionStatistics,
  observeTables,
  observeTableStatistics,
} from '../observe-catalog.js';
import type { Change, Plan } from '../plan.js';
import { buildPlan } from '../plan/build-plan.js';
import { applyPlan } from './apply-plan.js';
import { DATABASE_LEASE_MS } from './database-leases.js';
import { resumeApply } from './resume-apply.js';
import { rollBackApply } from './roll-back-apply.js';
import { byChance, isReplay } from '../../../test/law.js';

const clock = steppingClock();
let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;

beforeEach(async () => {
  embedded = await openEmbedded({ clock });
  glue = embedded.clients().glue;
  folder = await mkdtemp(join(tmpdir(), 'gluepot-apply-laws-'));
  store = openDocumentStore(folder, { s3: embedded.clients().s3 });
});
afterEach(async () => {
  await embedded.close();
  await rm(folder, { recursive: true });
});

const table = fc.record({
  column: fc.constantFrom('int', 'string', 'double'),
  /** By day: where it lies. */
  partitions: fc.dictionary(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('here', 'there')),
  index: fc.option(fc.constantFrom(['day'], ['day', 'hour']), { nil: undefined }),
  nulls: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  /** Of the partition of day 1, where there is one. */
  partitionNulls: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
});
const database = fc.record({
  Description: fc.constantFrom('one', 'two'),
  tables: fc.dictionary(fc.constantFrom('a', 'b', 'c'), table),
});
/** By name; `idle` comes and goes. */
const catalog = fc.record(
  {
    sales: database,
    idle: fc.record({ Description: fc.constantFrom('one', 'two'), tables: fc.constant({}) }),
  },
  { requiredKeys: ['sales'] },
);
type Catalog = Record<string, { Description: string; tables: Record<string, TableState> }>;
type TableState = typeof table extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.constantFrom<(Fault | undefined)[]>(
  ...['throttle', 'lose-answer', 'fail-items', 'stale-version'].map((one) => one as Fault),
  undefined,
);
const crash = fc.record({
  at: fc.double({ min: 0, max: 0.99, noNaN: true }),
  when: fc.constantFrom('before', 'after'),
});
const trouble = fc.record({
  faults: fc.array(fault, { maxLength: 6 }),
  pageSize: fc.integer({ min: 1, max: 3 }),
  crash,
});
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

async function clear(): Promise<void> {
  for (const { Name } of (await glue.getDatabases({})).DatabaseList ?? [])
    await glue.deleteDatabase({ Name });
}

async function make(wanted: Catalog): Promise<void> {
  await clear();
  for (const [DatabaseName, { Description, tables }] of Object.entries(wanted)) {
    await glue.createDatabase({ DatabaseInput: { Name: DatabaseName, Description } });
    for (const [TableName, state] of Object.entries(tables)) {
      const { column, partitions, index, nulls, partitionNulls } = state;
      await glue.createTable({
        DatabaseName,
        TableInput: {
          Name: TableName,
          PartitionKeys: ['day', 'hour'].map((Name) => ({ Name, Type: 'string' })),
          StorageDescriptor: { Columns: [{ Name: 'n', Type: column }], Location: 's3://lake/' },
        },
        PartitionIndexes: index && [{ IndexName: 'i', Keys: [...index] }],
      });
      const PartitionInputList = Object.entries(partitions).map(([day, at]) => ({
        ...{ Values: [day, '0'], StorageDescriptor: { Location: `s3://${at}/` } },
      }));
      if (PartitionInputList.length > 0) {
        await glue.batchCreatePartition({ DatabaseName, TableName, PartitionInputList });
      }
      const of = { DatabaseName, TableName };
      if (nulls !== undefined) {
        await glue.updateColumnStatisticsForTable({ ...of, ColumnStatisticsList: statistics(nulls) });
      }
      if (partitionNulls !== undefined && partitions['1'] !== undefined) {
        await glue.updateColumnStatisticsForPartition({
          ...{ ...of, PartitionValues: ['1', '0'] },
          ColumnStatisticsList: statistics(partitionNulls),
        });
      }
    }
  }
}

const statistics = (NumberOfNulls: number): ColumnStatistics[] => [
  {
    ...{ ColumnName: 'n', ColumnType: 'int', AnalyzedTime: new Date(0) },
    StatisticsData: {
      Type: 'LONG',
      LongColumnStatisticsData: { NumberOfNulls, NumberOfDistinctValues: 1 },
    },
  },
];

/** All objects, by their keys' texts. */
async function content(): Promise<Map<string, CatalogObject>> {
  const access = { glue, clock };
  const found: CatalogObject[] = [];
  for await (const databases of observeDatabases(access)) {
    for (const one of databases) {
      found.push(one);
      for await (const tables of observeTables(access, one.key.DatabaseName)) {
        for (const { key, ...rest } of tables) {
          found.push(
            { key, ...rest },
            ...(await observePartitionIndexes(access, key.DatabaseName, key.TableName)),
          );
          const statistics = await observeTableStatistics(access, { key, ...rest });
          if (statistics) found.push(statistics);
          for await (const page of observePartitions(access, key.DatabaseName, key.TableName)) {
            found.push(...page);
            const first = page.find((partition) => partition.key.Values[0] === '1');
            const ofFirst =
              first && (await observePartitionStatistics(access, { key, ...rest }, first.key.Values, first));
            if (ofFirst) found.push(ofFirst);
          }
        }
      }
    }
  }
  return new Map(found.map((object) => [keyText(object.key), object]));
}

const definitionsOf = (objects: Map<string, CatalogObject>) =>
  Object.fromEntries([...objects].sort().map(([text, { definition }]) => [text, definition]));
const definitions = async () => definitionsOf(await content());

function planBetween(now: Map<string, CatalogObject>, wanted: Map<string, CatalogObject>): Plan {
  const changes: Change[] = [];
  for (const text of new Set([...now.keys(), ...wanted.keys()])) {
    const [one, other] = [now.get(text), wanted.get(text)];
    const key = (one ?? other)?.key;
    if (!key || JSON.stringify(one?.definition) === JSON.stringify(other?.definition)) continue;
    changes.push({
      action: one === undefined ? 'recreate' : other === undefined ? 'delete' : 'update',
      key,
      ...(one ? { current: one.definition } : {}),
      ...(other ? { wanted: other.definition } : {}),
      reason: 'By chance.',
      evidence: [],
    });
  }
  const home = { accountId: '123456789012', region: 'us-east-1' };
  return buildPlan({ ...home, subject: { operation: 'snapshot-restore', resolved: {} }, changes }, { clock });
}

/** A client that has trouble: each fault meets one write, the first ones. */
function troubled({ faults, pageSize }: Pick<Trouble, 'faults' | 'pageSize'>) {
  const left = [...faults];
  return withFaults(embedded.clients().glue, { pageSize, faultOf: () => left.shift() });
}

/** Runs `act` with a client that dies at some call of as many as `act` made without. */
async function crashed({ at, when }: Trouble['crash'], calls: number, act: Act): Promise<void> {
  const call = 1 + Math.floor(at * calls);
  const dying = withFaults(embedded.clients().glue, { crashAt: { call, when } });
  await act({ glue: dying.glue, clock }, dying.storeOf(store)).catch(() => {});
}
type Act = (access: { glue: Glue; clock: typeof clock }, store: DocumentStore) => Promise<unknown>;

/** Rare by chance: a database goes, with nothing else. */
const ONE: Catalog = { sales: { Description: 'one', tables: {} } };
const BOTH: Catalog = { ...ONE, idle: { Description: 'two', tables: {} } };
const CALM: Trouble = { faults: [], pageSize: 3, crash: { at: 0.5, when: 'after' } };

it('ends as planned, and rolled back as it began, whatever fails and wherever it, its resume and its rollback crash', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(catalog, catalog, trouble, trouble, async (first, second, one, other) => {
      await make(second);
      const wanted = await content();
      const after = definitionsOf(wanted);
      await make(first);
      const plan = planBetween(await content(), wanted);
      const before = await definitions();
      for (const { action, key } of plan.changes) kinds.add(`${action} ${key.kind}`);

      const faulty = troubled(one);
      const { journalId = '' } = await applyPlan({ glue: faulty.glue, clock }, plan, {
        journal: store,
        clock,
      });
      expect(await definitions(), 'applied under faults').toEqual(after);
      const back = troubled(other);
      await rollBackApply({ glue: back.glue, clock }, store, journalId, { clock });
      expect(await definitions(), 'rolled back under faults').toEqual(before);

      const known = new Set(await listJournals(store));
      await crashed(one.crash, faulty.calls.length, (access, journal) =>
        applyPlan(access, plan, { journal, clock }),
      );
      const begun = (await listJournals(store)).find((id) => !known.has(id));
      if (begun === undefined) {
        expect(await definitions()).toEqual(before);
        await clock.sleep(DATABASE_LEASE_MS);
        return;
      }
      await crashed(other.crash, faulty.calls.length, (access, journal) =>
        resumeApply(access, journal, begun, { clock }),
      );
      await resumeApply({ glue, clock }, store, begun, { clock });
      expect(await definitions(), 'resumed after crashes').toEqual(after);
      await crashed(other.crash, back.calls.length, (access, journal) =>
        rollBackApply(access, journal, begun, { clock }),
      );
      await rollBackApply({ glue, clock }, store, begun, { clock });
      expect(await definitions(), 'rolled back after crashes').toEqual(before);
    }),
    { ...byChance({ numRuns: 10, seed: 4_711 }), examples: [[BOTH, ONE, CALM, CALM]] },
  );
  // The law is worth its time only when all this was among the changes.
  if (isReplay) return;
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      ...['recreate database', 'update database', 'delete database'],
      ...['recreate table', 'update table', 'delete table', 'recreate partition', 'update partition'],
      ...['delete partition', 'recreate partition-index', 'update partition-index', 'delete partition-index'],
      ...['recreate table-statistics', 'update table-statistics', 'delete table-statistics'],
      ...['recreate partition-statistics', 'update partition-statistics', 'delete partition-statistics'],
    ]),
  );
});

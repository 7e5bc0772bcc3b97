// The law of undo where people and other crawlers are at work, too: theirs stays, all else is as before, whatever fails on the way.
import type { ColumnStatistics } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { definitionHash } from '../../src/change/canonical-definition.js';
import {
  keyText,
  listJournals,
  openJournal,
  resumeApply,
  type CatalogObject,
  type CatalogObjectKey,
  type CatalogObjectKind,
  type Plan,
} from '../../src/change/index.js';
import { DATABASE_LEASE_MS } from '../../src/change/apply/database-leases.js';
import {
  observePartitionIndexes,
  observePartitions,
  observePartitionStatistics,
  observeTables,
  observeTableStatistics,
} from '../../src/change/observe-catalog.js';
import { snapshotCatalog } from '../../src/toolkit/catalog-snapshot/index.js';
import { applyUndo, findLastUndo, planInverse } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults, type Fault } from '../faults/faulty-glue.js';
import { csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';
import { byChance, isReplay } from '../law.js';

const TABLES = ['a', 'b', 'c'];
const DAYS = ['1', '2', '3'];
const place = { table: fc.constantFrom(...TABLES), day: fc.constantFrom(...DAYS) };

/** What becomes of files before a crawl. */
const filesAct = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('put' as const),
      ...place,
      columns: fc.integer({ min: 2, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('removeDay' as const), ...place }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('removeTable' as const), ...place }) },
);
type FilesAct = typeof filesAct extends fc.Arbitrary<infer T> ? T : never;

/** What people do in the catalog after it. */
const edit = fc.record({
  kind: fc.constantFrom(
    ...([
      'describe',
      'movePartition',
      'addPartition',
      'dropPartition',
      'dropTable',
      'makeTable',
      'analyze',
    ] as const),
  ),
  ...place,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.constantFrom<(Fault | undefined)[]>(
  'throttle',
  'lose-answer',
  'fail-items',
  'stale-version',
  undefined,
);
const story = fc.record({
  first: fc.array(filesAct, { minLength: 1, maxLength: 4 }),
  second: fc.array(filesAct, { minLength: 1, maxLength: 4 }),
  deleteBehavior: fc.constantFrom('DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE', 'LOG'),
  edits: fc.array(edit, { maxLength: 3 }),
  faults: fc.array(fault, { maxLength: 5 }),
  pageSize: fc.integer({ min: 1, max: 3 }),
  crashCall: fc.integer({ min: 1, max: 60 }),
  crashWhen: fc.constantFrom('before' as const, 'after' as const),
});

function performOnFiles(lake: UndoFixture, { act, table, day, ...rest }: FilesAct): void {
  const path = act === 'removeTable' ? table : `${table}/day=${day}`;
  if (act !== 'put') {
    try {
      lake.remove(path);
    } catch {
      // It was not there, which is as good.
    }
    return;
  }
  const { columns } = rest as { columns: number };
  const names = ['id', 'price', 'city', 'zip'].slice(0, columns).join(',');
  const row = ['7', '1.5', 'Oslo', '0150'].slice(0, columns).join(',');
  lake.put({ [`${path}/part.csv`]: csv(names, row, row) });
}

const statistics = (NumberOfNulls: number): ColumnStatistics[] => [
  {
    ...{ ColumnName: 'id', ColumnType: 'bigint', AnalyzedTime: new Date(0) },
    StatisticsData: { Type: 'LONG', LongColumnStatisticsData: { NumberOfNulls, NumberOfDistinctValues: 1 } },
  },
];

/** A hash an object, with statistics of tables and partitions. */
async function everything(lake: UndoFixture): Promise<Record<string, string>> {
  const objects: CatalogObject[] = [];
  for await (const tables of observeTables(lake.scope, DATABASE)) {
    for (const table of tables) {
      const { TableName } = table.key;
      const own = await observeTableStatistics(lake.scope, table);
      objects.push(table, ...(own ? [own] : []));
      objects.push(...(await observePartitionIndexes(lake.scope, DATABASE, TableName)));
      for await (const page of observePartitions(lake.scope, DATABASE, TableName)) {
        for (const partition of page) {
          const { Values } = partition.key;
          const its = await observePartitionStatistics(lake.scope, table, Values, partition);
          objects.push(partition, ...(its ? [its] : []));
        }
      }
    }
  }
  return Object.fromEntries(
    objects.map(({ key, definition }) => [
      keyText(key),
      definitionHash<CatalogObjectKind>(key.kind, definition),
    ]),
  );
}

const takeSnapshot = async (lake: UndoFixture) => {
  lake.later();
  const { clients, folder, clock } = lake;
  await snapshotCatalog(clients, { store: folder, version: 'test', clock, scope: { statistics: 'all' } });
  lake.later();
};

/** Statistics of every table and partition, so that what is made anew has some to get back. */
async function analyze(lake: UndoFixture, only?: string): Promise<void> {
  for (const { Name: TableName = '' } of await lake.tables()) {
    if (only !== undefined && TableName !== only) continue;
    const table = { DatabaseName: DATABASE, TableName };
    const ColumnStatisticsList = statistics(only === undefined ? 1 : 2);
    await lake.glue.updateColumnStatisticsForTable({ ...table, ColumnStatisticsList });
    if (only !== undefined) continue;
    for (const { Values: PartitionValues } of await lake.partitions(TableName)) {
      await lake.glue.updateColumnStatisticsForPartition({ ...table, PartitionValues, ColumnStatisticsList });
    }
  }
}

/** Does it where it can be done, and tells which objects are people's from then on. */
async function performEdit(lake: UndoFixture, { kind, table: TableName, day }: Edit): Promise<IsPeoples> {
  const { glue } = lake;
  const table = { DatabaseName: DATABASE, TableName };
  const isThere = (await lake.tables()).some(({ Name }) => Name === TableName);
  const found = isThere ? await lake.partitions(TableName) : [];
  const keys = isThere ? ((await lake.table(TableName)).PartitionKeys ?? []) : [];
  const partition = found.find(({ Values }) => Values?.[0] === day);
  const itself = (text: string) => isOf(text, ['table', 'table-statistics', 'partition-index'], TableName);
  const all = (text: string) => tableOf(text) === TableName;
  const ofDay = (Values: readonly string[]) => (text: string) =>
    isOf(text, ['partition', 'partition-statistics'], TableName, Values);
  const none = () => false;
  lake.later();
  switch (kind) {
    case 'describe':
      if (!isThere) return none;
      await lake.edit(TableName, (input) => (input.Parameters = { ...input.Parameters, note: 'ours' }));
      return itself;
    case 'movePartition': {
      if (!partition?.Values) return none;
      const { Values, StorageDescriptor, Parameters } = partition;
      const PartitionInput = {
        Values,
        Parameters,
        StorageDescriptor: { ...StorageDescriptor, Location: 's3://ours/' },
      };
      await glue.updatePartition({ ...table, PartitionValueList: Values, PartitionInput });
      const heldBy = keyText({ kind: 'partition', ...table, Values });
      return Object.assign(either(ofDay(Values), whereMade(itself)), { heldBy });
    }
    case 'addPartition': {
      if (keys.length !== 1 || found.some(({ Values }) => Values?.[0] === '9')) return none;
      await glue.createPartition({
        ...table,
        PartitionInput: { Values: ['9'], StorageDescriptor: { Location: 's3://ours/9/' } },
      });
      return either(ofDay(['9']), whereMade(itself));
    }
    case 'dropPartition':
      if (!partition?.Values) return none;
      await glue.deletePartition({ ...table, PartitionValues: partition.Values });
      return ofDay(partition.Values);
    case 'dropTable':
      if (!isThere) return none;
      await glue.deleteTable({ DatabaseName: DATABASE, Name: TableName });
      return all;
    case 'makeTable':
      if (isThere) return none;
      await glue.createTable({
        DatabaseName: DATABASE,
        TableInput: { Name: TableName, StorageDescriptor: { Columns: [{ Name: 'ours', Type: 'int' }] } },
      });
      return all;
    case 'analyze':
      if (!isThere) return none;
      await analyze(lake, TableName);
      // Those of a table that the crawl made go with it.
      return Object.assign(none, { ifFound: (text: string) => isOf(text, ['table-statistics'], TableName) });
  }
}

/** Whether an object is people's: in any case, in a table that the crawl made, or in one that it found. */
type IsPeoples = ((text: string) => boolean) & {
  ifMade?: (text: string) => boolean;
  ifFound?: (text: string) => boolean;
  /** Only as long as this is there, for people may have removed it themselves. */
  heldBy?: string;
};
const either = (one: IsPeoples, other: IsPeoples): IsPeoples =>
  Object.assign((text: string) => one(text) || other(text), { ifMade: other.ifMade ?? one.ifMade });
/** Of a table that the crawl made: it stays with what people have in it. */
const whereMade = (isIt: (text: string) => boolean): IsPeoples =>
  Object.assign(() => false, { ifMade: isIt });

type KeyParts = [kind: CatalogObjectKey['kind'], DatabaseName: string, TableName: string, rest?: unknown];
const partsOf = (text: string) => JSON.parse(text) as KeyParts;
const tableOf = (text: string) => partsOf(text)[2];
function isOf(text: string, kinds: readonly string[], table: string, Values?: readonly string[]): boolean {
  const [kind, , TableName, rest] = partsOf(text);
  return (
    TableName === table &&
    kinds.includes(kind) &&
    (Values === undefined || JSON.stringify(rest) === JSON.stringify(Values))
  );
}

const CALM = { edits: [], faults: [], pageSize: 2, crashCall: 1000, crashWhen: 'after' as const };
const put = (table: string, day: string, columns: number): FilesAct => ({ act: 'put', table, day, columns });

/** Rare by chance. */
const EXAMPLES: [typeof story extends fc.Arbitrary<infer T> ? T : never][] = [
  // A partition with statistics goes altogether, and its table stays.
  [
    {
      ...{ ...CALM, deleteBehavior: 'DELETE_FROM_DATABASE' },
      first: [put('a', '1', 3), put('a', '2', 3)],
      second: [{ act: 'removeDay', table: 'a', day: '2' }],
    },
  ],
  // A table that the crawl made is somebody's by now, and so is a partition of another; the process dies on the way.
  [
    {
      ...{ ...CALM, deleteBehavior: 'LOG', crashCall: 9 },
      first: [put('a', '1', 3)],
      second: [put('a', '2', 4), put('b', '1', 3), put('c', '1', 3)],
      edits: [
        { kind: 'describe', table: 'b', day: '1' },
        { kind: 'addPartition', table: 'c', day: '1' },
      ],
      faults: ['lose-answer', 'fail-items', 'throttle'],
    },
  ],
  // What somebody changed in a table that the crawl made, they removed themselves: nothing of theirs is in it.
  [
    {
      ...{ ...CALM, deleteBehavior: 'LOG' },
      first: [put('a', '1', 3)],
      second: [put('b', '3', 2)],
      edits: [
        { kind: 'movePartition', table: 'b', day: '3' },
        { kind: 'dropPartition', table: 'b', day: '3' },
      ],
    },
  ],
];

/** Carries out a plan in a process that dies at a call, then in one that has trouble until it is done. */
async function applyWithTrouble(
  lake: UndoFixture,
  plan: Plan,
  {
    faults,
    crashCall,
    crashWhen,
  }: { faults: readonly (Fault | undefined)[]; crashCall: number; crashWhen: 'before' | 'after' },
): Promise<'died' | 'went through'> {
  const options = {
    version: 'test',
    signal: lake.scope.signal,
    clock: lake.clock,
    onConflict: 'keep-current',
  } as const;
  const known = new Set(await listJournals(lake.store));
  const dying = lake.aws.clients();
  const { storeOf } = withFaults(dying.glue, { crashAt: { call: crashCall, when: crashWhen } });
  lake.later();
  const isDone = await applyUndo(dying, storeOf(lake.store), plan, options).then(
    () => true,
    () => false,
  );
  if (isDone) return 'went through';
  const left = [...faults];
  const troubled = lake.aws.clients();
  withFaults(troubled.glue, { pageSize: 2, faultOf: () => left.shift() });
  const begun = (await listJournals(lake.store)).find((id) => !known.has(id));
  // Without a journal nobody can go on in the place of who died.
  lake.later(begun === undefined ? DATABASE_LEASE_MS : undefined);
  if (begun === undefined) await applyUndo(troubled, lake.store, plan, options);
  else {
    const scope = { ...lake.scope, glue: troubled.glue };
    await resumeApply(scope, lake.store, begun, { clock: lake.clock, onConflict: 'keep-current' });
    expect((await openJournal(lake.store, begun)).plan.planId).toBe(plan.planId);
  }
  return 'died';
}

it('undo leaves what people and other crawlers made of the catalog, all else is as before; redo is as it was', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(story, async ({ first, second, deleteBehavior, edits, pageSize, ...trouble }) => {
      const lake = await openUndoFixture();
      try {
        await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
        for (const folder of [...TABLES, 'other']) lake.put({ [`${folder}/keep.txt`]: '' });
        const policy = { DeleteBehavior: deleteBehavior, UpdateBehavior: 'UPDATE_IN_DATABASE' };
        const targets = (folders: readonly string[]) => ({
          Targets: { S3Targets: folders.map((folder) => ({ Path: `s3://bucket/${folder}/` })) },
        });
        await lake.create({ ...targets(TABLES), SchemaChangePolicy: policy as never });
        await lake.create({ Name: 'other', ...targets(['other']) });
        for (const act of first) performOnFiles(lake, act);
        lake.put({ 'other/day=1/part.csv': csv('id,name', '1,Ann', '2,Bob') });
        await lake.crawlLater();
        await lake.crawlLater('other');
        await analyze(lake);
        await takeSnapshot(lake);
        const before = await everything(lake);

        for (const act of second) performOnFiles(lake, act);
        lake.put({ 'other/day=2/part.csv': csv('id,name', '3,Cid', '4,Dan') });
        await lake.crawlLater();
        await takeSnapshot(lake);
        await lake.crawlLater('other');
        const isPeoples: IsPeoples[] = [(text) => tableOf(text) === 'other'];
        for (const one of edits) isPeoples.push(await performEdit(lake, one));
        const now = await everything(lake);
        const held = isPeoples.filter(({ heldBy }) => heldBy === undefined || now[heldBy] !== undefined);

        const tiny = withFaults(lake.aws.clients().glue, { pageSize });
        const plan = await lake.plan({ onConflict: 'keep-current' }, tiny.glue);
        for (const { action, key } of plan.changes) seen.add(`${action} ${key.kind}`);
        seen.add(await applyWithTrouble(lake, plan, trouble));
        const undone = await everything(lake);
        const wanted: Record<string, string> = {};
        for (const text of new Set([...Object.keys(before), ...Object.keys(now)])) {
          const isMade = before[JSON.stringify(['table', DATABASE, tableOf(text)])] === undefined;
          const isKept = held.some((isIt) => isIt(text) || (isMade ? isIt.ifMade : isIt.ifFound)?.(text));
          const one = isKept ? now[text] : before[text];
          if (one !== undefined) wanted[text] = one;
        }
        expect(undone).toEqual(wanted);

        const { journalId } = await findLastUndo(lake.store, lake.home).catch(() => ({
          journalId: undefined,
        }));
        if (journalId === undefined) return;
        lake.later();
        const journal = await openJournal(lake.store, journalId);
        await applyWithTrouble(lake, await planInverse(lake.scope, lake.home, journal), trouble);
        expect(await everything(lake)).toEqual(now);
      } finally {
        await lake.close();
      }
    }),
    { ...byChance({ numRuns: 5, seed: 20_241_122 }), examples: EXAMPLES },
  );
  // The stories are worth their time only when all this has happened in them.
  if (isReplay) return;
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...['died', 'went through', 'update table', 'skip table', 'delete partition'],
      ...['recreate partition', 'recreate partition-statistics'],
    ]),
  );
});

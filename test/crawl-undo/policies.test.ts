// Undo and redo under every policy of a crawler: what clients are answered is as it was, to the last empty list.
import type { DeleteBehavior, RecrawlBehavior, UpdateBehavior } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUCKET, DATABASE } from '../conformance/crawl-fixture.js';
import { csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
});
afterEach(() => lake.close());

const AS_IT_COMES = {};
const WITHOUT_INDEXES = { CreatePartitionIndex: false };
const OF_A_LEVEL = {
  Grouping: { TableLevelConfiguration: 3, TableGroupingPolicy: 'CombineCompatibleSchemas' },
};

const POLICIES: [UpdateBehavior, DeleteBehavior, RecrawlBehavior, configuration: object][] = [
  ['UPDATE_IN_DATABASE', 'DELETE_FROM_DATABASE', 'CRAWL_EVERYTHING', AS_IT_COMES],
  ['UPDATE_IN_DATABASE', 'DEPRECATE_IN_DATABASE', 'CRAWL_EVERYTHING', WITHOUT_INDEXES],
  ['UPDATE_IN_DATABASE', 'LOG', 'CRAWL_EVERYTHING', OF_A_LEVEL],
  ['LOG', 'DELETE_FROM_DATABASE', 'CRAWL_EVERYTHING', WITHOUT_INDEXES],
  ['LOG', 'DEPRECATE_IN_DATABASE', 'CRAWL_EVERYTHING', OF_A_LEVEL],
  ['LOG', 'LOG', 'CRAWL_EVERYTHING', WITHOUT_INDEXES],
  // It logs all but new folders.
  ['LOG', 'LOG', 'CRAWL_NEW_FOLDERS_ONLY', AS_IT_COMES],
];

const ROWS = csv('id,amount', '1,2.5', '2,3.5');
const OTHER_ROWS = csv('id,amount,city', '1,x,Oslo', '2,y,Rome');

function putFirst() {
  lake.put({
    'data/orders/day=1/a.csv': ROWS,
    'data/orders/day=2/a.csv': ROWS,
    'data/orders/day=1/skipped.tmp': '?',
    'data/gone/a.csv': ROWS,
    'more/items/a.json': '{"a":1,"b":{"c":2}}\n',
  });
}

function change() {
  lake.put({
    'data/orders/day=1/a.csv': OTHER_ROWS,
    'data/orders/day=3/a.csv': ROWS,
    'more/new/a.csv': ROWS,
    'more/items/a.json': '{"a":"x","b":{"c":2,"d":1}}\n',
  });
  lake.remove('data/orders/day=2', 'data/gone');
}

/** What AWS says by itself, and anew for what is made anew. */
const ITS_OWN = new Set(['CreateTime', 'UpdateTime', 'CreationTime', 'VersionId', 'CreatedBy']);

/** JSON of all that clients are answered about the database, by what it is of. */
async function answers(): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  const tell = (name: string, answer: unknown) =>
    (told[name] = JSON.stringify(answer, (member, value: unknown) =>
      ITS_OWN.has(member) ? undefined : inOrder(value),
    ));
  for (const table of await lake.tables()) {
    const { Name: TableName = '' } = table;
    tell(TableName, table);
    for (const partition of await lake.partitions(TableName)) {
      tell(`${TableName} ${partition.Values?.join('/')}`, partition);
    }
    const indexes = await lake.glue.getPartitionIndexes({ DatabaseName: DATABASE, TableName });
    tell(`${TableName} indexes`, indexes.PartitionIndexDescriptorList);
  }
  return told;
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const S3Targets = [
  { Path: `s3://${BUCKET}/data/`, Exclusions: ['**.tmp'] },
  { Path: `s3://${BUCKET}/more/` },
];

it.each(POLICIES)(
  '%s, %s, %s, %j',
  async (UpdateBehavior, DeleteBehavior, RecrawlBehavior, configuration) => {
    putFirst();
    await lake.create({
      Targets: { S3Targets },
      TablePrefix: 'a_',
      SchemaChangePolicy: { UpdateBehavior, DeleteBehavior },
      RecrawlPolicy: { RecrawlBehavior },
      Configuration: JSON.stringify({ Version: 1, ...configuration }),
    });
    for (const step of [() => {}, change]) {
      const before = await answers();
      step();
      await lake.snapshot();
      await lake.crawlLater();
      await lake.snapshot();
      const after = await answers();
      expect(after).not.toEqual(before);
      await lake.apply(await lake.plan());
      expect(await answers()).toEqual(before);
      for (const expected of [after, before, after]) {
        lake.later();
        await lake.apply(await lake.inverse());
        expect(await answers()).toEqual(expected);
      }
      lake.later();
    }
  },
);

// Undo and redo of partitions and tables whose names and values are as odd as S3 keys allow.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePlan, planText } from '../../src/change/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
});
afterEach(() => lake.close());

const ROWS = csv('id,amount', '1,10.5', '2,11.5');
const ODD = [
  ...[
    '__HIVE_DEFAULT_PARTITION__',
    'a%2Fb',
    '100%',
    '%',
    'Ünï €',
    '日本',
    'a b',
    "it's",
    '"q"',
    '[x]',
    'a,b',
  ],
  'x'.repeat(200),
];

it('takes back, redoes and takes back again what a crawl made of odd values', async () => {
  lake.put({ 'orders/day=1/part.csv': ROWS });
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  await lake.crawlLater();
  await lake.snapshot();
  const before = await lake.content();
  for (const value of ODD) lake.put({ [`orders/day=${value}/part.csv`]: ROWS });
  await lake.crawlLater();
  await lake.snapshot();
  const after = await lake.content();
  expect(Object.keys(after)).toHaveLength(Object.keys(before).length + ODD.length);
  const plan = parsePlan(planText(await lake.plan()));
  expect(linesOf(plan).filter((line) => line.startsWith('delete partition'))).toHaveLength(ODD.length);
  await lake.apply(plan);
  expect(await lake.content()).toEqual(before);
  await lake.apply(await lake.inverse());
  expect(await lake.content()).toEqual(after);
  await lake.apply(await lake.inverse());
  expect(await lake.content()).toEqual(before);
});

it('makes anew a table with an odd name and odd values that a crawl deleted, from a snapshot', async () => {
  const names = ['Größe%20 x', 'n'.repeat(120), '9.9-9'];
  for (const name of names) lake.put({ [`${name}/day=${ODD[1]}/part.csv`]: ROWS });
  await lake.create({
    Targets: { S3Targets: names.map((name) => ({ Path: `s3://bucket/${name}/` })) },
    SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
  });
  await lake.crawlLater();
  await lake.snapshot();
  const before = await lake.content();
  lake.remove(...names);
  await lake.crawlLater();
  expect(await lake.tables()).toEqual([]);
  await lake.apply(await lake.plan());
  expect(await lake.content()).toEqual(before);
});

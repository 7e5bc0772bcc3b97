// What a plan takes away for good, in words, by what it does and what was read for it.
import { expect, it } from 'vitest';
import type { Change } from '../plan.js';
import { buildPlan } from './build-plan.js';
import { lossesOfPlan, statisticsRead, type StatisticsRead } from './losses.js';

const ofTable = { DatabaseName: 'sales', TableName: 'orders' };
const change = (action: Change['action'], key: Change['key'], sides: Partial<Change>): Change => ({
  ...{ action, key, reason: 'So it is.', evidence: [] },
  ...sides,
});
const table = (action: Change['action'], sides: Partial<Change>, TableName = 'orders') =>
  change(action, { kind: 'table', ...ofTable, TableName }, sides);
const partition = (action: Change['action'], day: string, sides: Partial<Change>) =>
  change(action, { kind: 'partition', ...ofTable, Values: [day] }, sides);
const statistics = (action: Change['action'], day: string, sides: Partial<Change>) =>
  change(action, { kind: 'partition-statistics', ...ofTable, Values: [day] }, sides);

const THERE = { current: { Values: ['1'] } };
const WANTED = { wanted: { Values: ['1'] } };
const TABLE = { Name: 'orders' };

it.each<[string, readonly Change[], StatisticsRead | undefined, string[]]>([
  [
    'of what is changed or left nothing',
    [
      table('update', { current: TABLE, wanted: { ...TABLE, Owner: 'me' } }),
      partition('skip', '1', THERE),
      partition('create', '2', WANTED),
    ],
    'tables',
    [],
  ],
  [
    'of partitions that go their statistics, unless those were read',
    [partition('delete', '1', THERE), partition('delete', '2', THERE)],
    'tables',
    [
      '2 partitions are deleted: column statistics of theirs, if there are any, go for good (--statistics all reads them, at a call or more a partition).',
    ],
  ],
  ['of partitions whose statistics were read nothing', [partition('delete', '1', THERE)], 'all', []],
  [
    'also of those that somebody else changed, and that are deleted when that is overruled',
    [partition('conflict', '1', THERE)],
    undefined,
    ['1 partition is deleted: column statistics of theirs, if there are any, go for good.'],
  ],
  [
    'of tables that go what no call reads',
    [table('delete', { current: TABLE })],
    'tables',
    ['1 table is deleted: older versions, tags and Lake Formation grants go for good.'],
  ],
  [
    'of tables that go their statistics, when those were not read',
    [table('delete', { current: TABLE }), table('delete', { current: TABLE }, 'others')],
    'none',
    [
      '2 tables are deleted: older versions, tags and Lake Formation grants go for good, and column statistics, which are not read.',
    ],
  ],
  [
    'of what comes again what is not known of it',
    [
      table('recreate', { wanted: TABLE }),
      table('recreate', { wanted: TABLE }, 'others'),
      partition('recreate', '1', WANTED),
      partition('recreate', '2', WANTED),
      statistics('recreate', '2', { wanted: [] }),
    ],
    'all',
    [
      '2 tables are made anew without older versions, tags and Lake Formation grants, which are gone for good.',
      '1 partition is made anew without column statistics, for none are known of.',
    ],
  ],
])('%s', (_, changes, of, losses) => {
  const subject = { operation: 'crawl-undo' as const, resolved: of ? statisticsRead(of) : {} };
  const plan = buildPlan({ accountId: '123456789012', region: 'us-east-1', subject, changes });
  expect(lossesOfPlan(plan)).toEqual(losses);
});

// What is refused before anything is done, and with which words.
import { expect, it } from 'vitest';
import { checkGuards, parseDeleteLimit, type GuardLimits } from './guards.js';
import type { Change } from './plan.js';
import { buildPlan } from './plan/build-plan.js';

const DatabaseName = 'sales';
const of = (TableName: string, action: Change['action'], mark?: string): Change => ({
  action,
  key: { kind: 'table', DatabaseName, TableName },
  current: { Name: TableName, ...(mark ? { Parameters: { 'gluepot.protected': mark } } : {}) },
  ...(action === 'delete' ? {} : { wanted: { Name: TableName, Description: 'new' } }),
  reason: '',
  evidence: [],
});
const plan = buildPlan({
  ...{ accountId: '123456789012', region: 'us-east-1' },
  subject: { operation: 'crawl-undo', resolved: {} },
  changes: [of('a', 'update', 'true'), of('b', 'update', 'false'), of('c', 'delete'), of('d', 'skip')],
});
const partitionOfB = buildPlan({
  ...plan,
  changes: [
    { ...of('b', 'delete'), key: { kind: 'partition', DatabaseName, TableName: 'b', Values: ['1'] } },
  ],
});
const lifted = buildPlan({ ...plan, changes: [of('b', 'update'), of('c', 'delete'), of('d', 'skip')] });

it.each<[limits: GuardLimits, message: string]>([
  [{ maxChanges: 1 }, '2 changes, and at most 1 are allowed'],
  [{ maxDeletes: { count: 0 } }, '1 objects, and at most 0'],
  [{ maxDeletes: { percent: 30 } }, '1 of 3 objects (33.3%), and at most 30%'],
  [{ maxDeletes: { percent: 0.5 }, objectCount: 100 }, '1 of 100 objects (1%)'],
  [{ protectedTables: ['c*'] }, 'table sales.c (by its name)'],
  [{ protectedTables: ['sales.b'] }, 'table sales.b (by its name)'],
])('%j is refused', (limits, message) => {
  expect(() => checkGuards(lifted, limits)).toThrow(expect.objectContaining({ kind: 'guard-refused' }));
  expect(() => checkGuards(lifted, limits)).toThrow(message);
});

it('lets pass what stays within its limits', () => {
  checkGuards(lifted, {
    ...{ maxChanges: 2, maxDeletes: { percent: 34 }, protectedTables: ['d', 'other.*'] },
  });
});

it('allows as many as it says, and counts no deletion that is skipped', () => {
  checkGuards(lifted, { maxDeletes: { count: 1 } });
  checkGuards(lifted, { maxDeletes: { percent: 1 }, objectCount: 100 });
  const skipped = buildPlan({
    ...plan,
    changes: [of('b', 'update'), { ...of('c', 'delete'), action: 'skip' }],
  });
  checkGuards(skipped, { maxDeletes: { count: 0 } });
});

it('counts as a deletion what is a conflict, and would be gone if it were forced', () => {
  const inConflict = buildPlan({ ...plan, changes: [{ ...of('c', 'delete'), action: 'conflict' }] });
  expect(() => checkGuards(inConflict, { maxDeletes: { count: 0 } })).toThrow('deletes 1 objects');
  expect(() => checkGuards(inConflict, { maxChanges: 0 })).toThrow('has 1 changes');
});

it('says all that stands in the way, of protected tables the first five', () => {
  const changes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => of(name, 'delete'));
  const limits = { maxChanges: 6, maxDeletes: { count: 5 }, protectedTables: ['?'] };
  expect(() => checkGuards(buildPlan({ ...plan, changes }), limits)).toThrow(
    'Nothing was done. The plan has 7 changes, and at most 6 are allowed. ' +
      'The plan deletes 7 objects, and at most 5 are allowed. The plan changes what is protected: ' +
      ['a', 'b', 'c', 'd', 'e'].map((name) => `table sales.${name} (by its name)`).join(', ') +
      ' and 2 more. Leave them out, with --except or the event’s except, or, if they may change, lift the protection that is named.',
  );
  const ofLaunch = { ...plan.subject, operation: 'job-launch' as const };
  expect(() => checkGuards(buildPlan({ ...plan, subject: ofLaunch, changes }), limits)).toThrow(
    ' and 2 more. If they may change, lift the protection that is named.',
  );
});

it('protects a table that bears the mark now, and one that would get it', () => {
  const marked = { Name: 'a', Parameters: { 'gluepot.protected': 'true' } };
  const planOf = (members: Partial<Change>) =>
    buildPlan({ ...plan, changes: [{ ...of('a', 'update'), ...members }] });
  for (const members of [{ current: marked }, { wanted: marked }]) {
    expect(() => checkGuards(planOf(members), {})).toThrow('table sales.a (by its parameter');
  }
  checkGuards(planOf({}), {});
});

it('protects by names in any case, of one database where it is named', () => {
  const names = (...protectedTables: string[]) => ({ protectedTables });
  expect(() => checkGuards(lifted, names('C'))).toThrow('table sales.c (by its name)');
  expect(() => checkGuards(lifted, names('Sales.C'))).toThrow('table sales.c (by its name)');
  checkGuards(lifted, names('other.c', 'sales.d'));
});

it('protects tables by their parameter, also their partitions', () => {
  expect(() => checkGuards(plan, {})).toThrow('table sales.a (by its parameter gluepot.protected)');
  const parametersOf = () => ({ 'gluepot.protected': 'true' });
  expect(() => checkGuards(partitionOfB, { parametersOf })).toThrow('table sales.b');
  checkGuards(partitionOfB, {});
});

it('reads limits on deletions', () => {
  expect(parseDeleteLimit('10')).toEqual({ count: 10 });
  expect(parseDeleteLimit(' 100% ')).toEqual({ percent: 100 });
  expect(parseDeleteLimit('2.5%')).toEqual({ percent: 2.5 });
  for (const text of ['', '-1', '1.5', '101%', 'ten'])
    expect(() => parseDeleteLimit(text)).toThrow('limits no deletions');
});

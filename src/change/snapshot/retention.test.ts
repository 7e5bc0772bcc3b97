// What a policy keeps.
import { expect, it } from 'vitest';
import { snapshotsToKeep, type RetentionPolicy } from './retention.js';

const id = (time: string, series = 'aaaaaaaa') => `${time.replace(/[-:]/g, '')}.000Z-${series}-000000`;

// 2024-05-06 is a Monday.
const TIMES = [
  '2024-04-28T10:00:00',
  '2024-05-04T10:00:00',
  '2024-05-05T10:00:00',
  '2024-05-06T00:00:00',
  '2024-05-06T23:59:59',
  '2024-05-07T10:00:00',
];

it.each<[RetentionPolicy, string[]]>([
  [{ keepLast: 2 }, ['2024-05-06T23:59:59', '2024-05-07T10:00:00']],
  [{}, ['2024-05-07T10:00:00']],
  [{ keepLast: 0 }, ['2024-05-07T10:00:00']],
  [{ keepDaily: 3 }, ['2024-05-05T10:00:00', '2024-05-06T23:59:59', '2024-05-07T10:00:00']],
  [{ keepWeekly: 2 }, ['2024-05-05T10:00:00', '2024-05-07T10:00:00']],
  [{ keepWeekly: 9 }, ['2024-04-28T10:00:00', '2024-05-05T10:00:00', '2024-05-07T10:00:00']],
  [{ keepLast: 100 }, TIMES],
])('%j', (policy, expected) => {
  const ids = TIMES.map((time) => id(time));
  expect([...snapshotsToKeep(ids, policy).keys()].sort()).toEqual(expected.map((time) => id(time)).sort());
});

it('counts each scope for itself, and keeps what it does not know', () => {
  const ids = [id('2024-05-01T00:00:00', 'bbbbbbbb'), ...TIMES.map((time) => id(time)), 'by-hand'];
  expect([...snapshotsToKeep(ids, { keepLast: 1 })]).toEqual([
    ['by-hand', ['not named by gluepot']],
    [id('2024-05-01T00:00:00', 'bbbbbbbb'), ['one of the last']],
    [id('2024-05-07T10:00:00'), ['one of the last']],
  ]);
});

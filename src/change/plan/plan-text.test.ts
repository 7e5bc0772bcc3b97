// Plans survive being written and read, and what was altered is refused.
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import type { Change, Plan } from '../plan.js';
import { buildPlan } from './build-plan.js';
import { openPlanReader, parsePlan, planGzip, planText } from './plan-text.js';

const DatabaseName = 'sales';
const CHANGES: Change[] = [
  {
    action: 'update',
    key: { kind: 'table', DatabaseName, TableName: 't' },
    current: { Name: 't', Description: 'b' },
    wanted: { Name: 't', LastAccessTime: new Date('2024-05-01T10:00:00Z') },
    VersionId: '3',
    reason: 'It is as it was left.',
    evidence: [{ from: 'table-version', VersionId: '2' }],
  },
  {
    action: 'delete',
    key: { kind: 'partition', DatabaseName, TableName: 't', Values: ['1'] },
    current: { Values: ['1'] },
    reason: 'It is not to be there.',
    evidence: [],
  },
  { action: 'skip', key: { kind: 'database', DatabaseName }, reason: 'Nobody knows.', evidence: [] },
];
const plan = buildPlan(
  {
    ...{ accountId: '123456789012', region: 'us-east-1', changes: CHANGES },
    subject: { operation: 'crawl-undo', resolved: { crawler: 'c' } },
  },
  { clock: steppingClock() },
);

it('puts removals first and skips last', () => {
  expect(plan.changes.map(({ action }) => action)).toEqual(['delete', 'update', 'skip']);
});

const plain = ({ changes, ...head }: Plan) => ({
  ...head,
  changes: changes.map(({ action, key, current, wanted, VersionId, reason, evidence }) => ({
    ...{ action, key, current, wanted, VersionId, reason, evidence },
  })),
});

it('reads back what was written', () => {
  expect(plain(parsePlan(planText(plan)))).toEqual(plain(plan));
  expect(plain(plan).changes[1]).toEqual({ ...CHANGES[0] });
});

it('reads what another program laid out anew', () => {
  const json = JSON.parse(planText(plan)) as unknown;
  for (const indent of [undefined, 1, 2, 4]) {
    expect(plain(parsePlan(JSON.stringify(json, undefined, indent)))).toEqual(plain(plan));
  }
});

it('is read as it comes, wherever it is cut', () => {
  const text = planText(plan);
  for (let length = 1; length < 60; length++) {
    const reader = openPlanReader();
    for (let start = 0; start < text.length; start += length) reader.add(text.slice(start, start + length));
    expect(plain(reader.plan())).toEqual(plain(plan));
  }
});

it('is gzipped in parts that make up the same text', () => {
  expect(gunzipSync(planGzip(plan)).toString('utf8')).toBe(planText(plan));
});

it.each([0, 1, 1000, 1001])('is a change a line, of %i changes', (count) => {
  const changes = Array.from({ length: count }, (_, index): Change => {
    const key = { kind: 'partition' as const, DatabaseName, TableName: 't', Values: [String(index)] };
    return { action: 'delete', key, current: { Values: key.Values }, reason: 'It goes.', evidence: [] };
  });
  const subject = { operation: 'crawl-undo' as const, resolved: {} };
  const many = buildPlan({ accountId: '123456789012', region: 'us-east-1', subject, changes });
  const text = planText(many);
  expect(plain(parsePlan(text))).toEqual(plain(many));
  const lines = text.split('\n').filter((line) => line.startsWith('    {'));
  expect(lines.map((line) => (JSON.parse(line.replace(/,$/, '')) as Change).key)).toEqual(
    many.changes.map(({ key }) => key),
  );
});

it.each<[what: string, alter: (text: string) => string, message: string]>([
  ['no JSON', () => '{', 'it is no JSON'],
  ['an unknown member', (text) => text.replace('"planId"', '"plant": 1, "planId"'), 'plant'],
  ['an unknown member of a change', (text) => text.replace('"reason"', '"raisin":1,"reason"'), 'raisin'],
  [
    'an unknown member of a definition',
    (text) => text.replace('"Description"', '"Descriptor"'),
    'no definition of the table sales.t',
  ],
  [
    'a newer version',
    (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 3'),
    'schemaVersion is 3, and this gluepot knows 2',
  ],
  [
    'an earlier version, whose plans did not show what was altered',
    (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 1').replace('planHash', 'observedHash'),
    'schemaVersion is 1, and this gluepot knows 2',
  ],
  [
    'an unknown member of what is to be',
    (text) => text.replace('"LastAccessTime"', '"LastExcessTime"'),
    'changes.1.wanted is no definition of the table sales.t',
  ],
  ['another account', (text) => text.replace('"123456789012"', '"12345"'), 'accountId'],
  ['a name that is none', (text) => text.replace('"planId": "', '"planId": "../'), 'planId'],
  [
    'a newer version whatever its changes are like',
    (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 3').replace('"reason"', '"raisin"'),
    'schemaVersion is 3',
  ],
  [
    'an operation that it does not know',
    (text) => text.replace('"crawl-undo"', '"crawl-redux"'),
    'operation',
  ],
  [
    'a change that is in it twice',
    (text) => text.replace(/^ {4}\{"action":"update".*\n/m, '$&$&'),
    'the table sales.t is in it twice',
  ],
])('refuses %s', (_, alter, message) => {
  expect(() => parsePlan(alter(planText(plan)), 'plan.json')).toThrow(message);
});

it.each<[what: string, from: string | RegExp, to: string]>([
  ['what was found', '"Description":"b"', '"Description":"x"'],
  ['what is wanted', '2024-05-01T10:00:00', '2025-05-01T10:00:00'],
  ['that something is wanted at all', /,"wanted":\{[^}]*\}/, ''],
  ['an action', '"action":"delete"', '"action":"skip"'],
  ['a skip', '"action":"skip"', '"action":"delete"'],
  ['a key', '"Values":["1"]}', '"Values":["2"]}'],
  ['the version that is updated', '"VersionId":"3"', '"VersionId":"4"'],
  ['a reason', 'It is not to be there.', 'Somebody wants it gone.'],
  ['the evidence', '"VersionId":"2"', '"VersionId":"1"'],
  ['a line, which is gone', /^ {4}\{"action":"delete".*\n/m, ''],
  ['the crawler', '"crawler": "c"', '"crawler": "d"'],
  ['the operation', '"crawl-undo"', '"crawl-redo"'],
  ['the account', '123456789012', '999999999999'],
  ['the region', 'us-east-1', 'eu-west-1'],
  ['its time', /"createdAt": "\d{4}/, '"createdAt": "2001'],
  ['its name', '"planId": "', '"planId": "0'],
])('refuses a plan in which somebody edited %s', (_, from, to) => {
  const text = planText(plan);
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  expect(() => parsePlan(edited, 'plan.json')).toThrow(
    'plan.json cannot be used: it does not say what it said when it was made, as its planHash shows',
  );
});

it('reads a plan whose members another program has put into another order', () => {
  const reversed = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(reversed);
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(
      Object.entries(json)
        .reverse()
        .map(([name, value]) => [name, reversed(value)]),
    );
  };
  const { changes, ...head } = reversed(JSON.parse(planText(plan))) as { changes: unknown[] };
  const other = JSON.stringify({ changes: changes.reverse(), ...head });
  expect(plain(parsePlan(other))).toEqual(plain(plan));
});

it('has each object once', () => {
  expect(() => buildPlan({ ...plan, changes: [CHANGES[1] as Change, CHANGES[1] as Change] })).toThrow(
    'twice',
  );
});

it('is the same JSON as by JSON.stringify', () => {
  const { changes, ...head } = plan;
  expect(JSON.stringify(JSON.parse(planText(plan)))).toBe(JSON.stringify({ ...head, changes }));
});

// Plans in JSON documents: whole, or refused by name.
import { expect, it } from 'vitest';
import { buildPlan, type Change } from '../change/index.js';
import { planAsJson } from './plan-as-json.js';

const key = { kind: 'table', DatabaseName: 'sales', TableName: 'orders' } as const;
const deletion: Change = {
  action: 'delete',
  key,
  current: { Name: 'orders' },
  reason: 'Made by it.',
  evidence: [],
};
const plan = buildPlan({
  ...{ accountId: '123456789012', region: 'us-east-1', changes: [deletion] },
  subject: { operation: 'crawl-undo', resolved: { crawler: 'c' } },
});

it('has all of a plan', () => {
  expect(planAsJson(plan)).toMatchObject({
    subject: { operation: 'crawl-undo', resolved: { crawler: 'c' } },
    changes: [{ action: 'delete', key, current: { Name: 'orders' } }],
  });
});

it('refuses one that no document can hold, and says where it fits', () => {
  const { length } = JSON.stringify(planAsJson(plan));
  expect(() => planAsJson(plan, length - 1)).toThrow('The plan has 1 changes, too many for a JSON document');
});

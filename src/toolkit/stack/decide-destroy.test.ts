// Nothing is deleted for want of evidence.
import { describe, expect, it } from 'vitest';
import { decideDestroy, isOwnKey, type DestroyInput } from './decide-destroy.js';
import type { ObservedResource } from './resource.js';

const resource = (
  kind: ObservedResource['kind'],
  ownership: 'ours' | 'adopted' | 'foreign' = 'ours',
): ObservedResource => ({
  kind,
  name: `my-${kind}`,
  members: {},
  ownership: { kind: ownership, evidence: `${ownership} by tag` },
});
const all = (['role', 'bucket', 'database', 'crawler', 'job'] as const).map((kind) => resource(kind));

function decide(input: Partial<DestroyInput>): string[] {
  return decideDestroy({
    observed: all,
    tables: {},
    objectCounts: { own: 0, others: 0 },
    roleNames: ['my-role'],
    includeForeign: false,
    ...input,
  }).map((step) => `${step.action} ${step.kind} ${step.name}`);
}

const tables = (...list: Record<string, unknown>[]) => ({
  'my-database': list.map((table) => ({ DatabaseName: 'my-database', Name: 't', ...table })),
});

describe('destroy', () => {
  it('deletes what is ours, dependents first', () => {
    expect(decide({ objectCounts: { own: 2, others: 0 } })).toEqual([
      'delete job my-job',
      'delete crawler my-crawler',
      'delete database my-database',
      'delete objects 2 objects in my-bucket',
      'delete bucket my-bucket',
      'delete role my-role',
    ]);
  });

  it.each(['adopted', 'foreign'] as const)('keeps what is %s', (ownership) => {
    const observed = all.map((item) => resource(item.kind, ownership));
    expect(decide({ observed }).every((step) => step.startsWith('keep'))).toBe(true);
  });

  it.each([
    ['this stack’s crawler made', { Parameters: { UPDATED_BY_CRAWLER: 'my-crawler' } }, 'delete'],
    ['another crawler made', { Parameters: { UPDATED_BY_CRAWLER: 'other' } }, 'keep'],
    [
      'a job with this stack’s role made',
      { CreatedBy: 'arn:aws:sts::1:assumed-role/my-role/GlueJobRunnerSession' },
      'delete',
    ],
    ['a person made', { CreatedBy: 'arn:aws:iam::1:user/my-role' }, 'keep'],
  ])('a table that %s', (_name, table, action) => {
    const steps = decide({ tables: tables(table) });
    expect(steps).toContain(`${action} table my-database.t`);
    expect(steps).toContain(`${action} database my-database`);
  });

  it('keeps the bucket, but not its own objects in it, when others wrote to it', () => {
    const steps = decide({ objectCounts: { own: 3, others: 1 } });
    expect(steps).toContain('delete objects 3 objects in my-bucket');
    expect(steps).toContain('keep objects 1 object in my-bucket');
    expect(steps).toContain('keep bucket my-bucket');
  });

  it('takes the things of others inside its own database and bucket along only when asked', () => {
    const steps = decide({ objectCounts: { own: 0, others: 1 }, tables: tables({}), includeForeign: true });
    expect(steps.filter((step) => step.startsWith('keep'))).toEqual([]);
  });
});

it.each([
  ['data/in/a.csv', true],
  ['data/in', true],
  ['data/input/a.csv', false],
  ['tmp/x/y', true],
  ['tmp', false],
  ['.gluepot-stack.json', true],
  ['other.txt', false],
])('an object at %s is the stack’s own: %s', (key, expected) => {
  expect(isOwnKey(key, ['data/in', 'tmp/'])).toBe(expected);
});

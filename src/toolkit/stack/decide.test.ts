// Every way in which what is wanted, what is there and what was last applied can stand to each other.
import { describe, expect, it } from 'vitest';
import { decideChanges, type DecideInput } from './decide.js';
import type { Ownership } from './ownership.js';
import type { ObservedResource, Resource, WantedObject } from './resource.js';
import type { RecordedObject, StackRecord } from './stack-record.js';

const OURS: Ownership = { kind: 'ours', evidence: 'its tag says so' };
const ADOPTED: Ownership = { kind: 'adopted', evidence: 'it was there before this stack adopted it' };
const FOREIGN: Ownership = { kind: 'foreign', evidence: 'it has no tag gluepot:stack' };

const crawler = (members: Record<string, unknown>): Resource => ({
  kind: 'crawler',
  name: 'c',
  members: { Name: 'c', ...members },
});
const there = (resource: Resource, ownership = OURS): ObservedResource => ({ ...resource, ownership });
const record = (resources: Resource[], objects: RecordedObject[] = []): StackRecord => ({
  schemaVersion: 1,
  stack: 's',
  state: 'applied',
  updatedAt: '2024-01-01T00:00:00Z',
  resources,
  objects,
});

function decide(input: Partial<DecideInput>) {
  return decideChanges({
    resources: [],
    objects: [],
    observed: [],
    observedObjects: [],
    record: undefined,
    adopt: false,
    ...input,
  });
}

interface Case {
  name: string;
  wanted?: Resource;
  current?: ObservedResource;
  base?: Resource;
  adopt?: boolean;
  action: string;
  reason: string;
  differences?: unknown[];
}

describe('a resource', () => {
  const cases: Case[] = [
    {
      name: 'that is not there is created',
      wanted: crawler({}),
      action: 'create',
      reason: 'it is not there yet',
    },
    {
      name: 'that somebody deleted is created again',
      wanted: crawler({}),
      base: crawler({}),
      action: 'create',
      reason: 'it was applied before and is gone',
    },
    {
      name: 'that is as asked is skipped',
      wanted: crawler({ TablePrefix: 'a_' }),
      current: there(crawler({ TablePrefix: 'a_', State: 'READY', Classifiers: [] })),
      action: 'skip',
      reason: 'it is as the file asks',
    },
    {
      name: 'that differs is updated',
      wanted: crawler({ TablePrefix: 'b_' }),
      current: there(crawler({ TablePrefix: 'a_' })),
      action: 'update',
      reason: 'it is not as the file asks',
      differences: [{ path: 'TablePrefix', before: 'a_', after: 'b_' }],
    },
    {
      name: 'whose file changed is updated, and the reason says that the file changed',
      wanted: crawler({ TablePrefix: 'b_' }),
      current: there(crawler({ TablePrefix: 'a_' })),
      base: crawler({ TablePrefix: 'a_' }),
      action: 'update',
      reason: 'the file changed since it was applied',
      differences: [{ path: 'TablePrefix', before: 'a_', after: 'b_' }],
    },
    {
      name: 'that drifted is updated, and the reason says that somebody changed it',
      wanted: crawler({ TablePrefix: 'a_' }),
      current: there(crawler({ TablePrefix: 'z_' })),
      base: crawler({ TablePrefix: 'a_' }),
      action: 'update',
      reason: 'somebody changed it since it was applied',
      differences: [{ path: 'TablePrefix', before: 'z_', after: 'a_' }],
    },
    {
      name: 'loses a member that the file used to name',
      wanted: crawler({}),
      current: there(crawler({ Description: 'old' })),
      base: crawler({ Description: 'old' }),
      action: 'update',
      reason: 'the file changed since it was applied',
      differences: [{ path: 'Description', before: 'old', after: undefined }],
    },
    {
      name: 'keeps a member that the file never named',
      wanted: crawler({}),
      current: there(crawler({ Description: 'theirs' })),
      base: crawler({}),
      action: 'skip',
      reason: 'it is as the file asks',
    },
    {
      name: 'keeps a member that the file used to name and somebody changed since',
      wanted: crawler({}),
      current: there(crawler({ Description: 'theirs' })),
      base: crawler({ Description: 'old' }),
      action: 'skip',
      reason: 'it is as the file asks',
    },
    {
      name: 'of somebody else is a conflict',
      wanted: crawler({}),
      current: there(crawler({}), FOREIGN),
      action: 'conflict',
      reason:
        'there is a crawler of this name that is not this stack’s: it has no tag gluepot:stack. Rename it in the file, or take it over with --adopt',
    },
    {
      name: 'of somebody else is taken over when asked',
      wanted: crawler({ TablePrefix: 'a_' }),
      current: there(crawler({ TablePrefix: 'z_' }), FOREIGN),
      adopt: true,
      action: 'update',
      reason: 'taken over with --adopt: it has no tag gluepot:stack',
      differences: [{ path: 'TablePrefix', before: 'z_', after: 'a_' }],
    },
    {
      name: 'that is no longer in the file is deleted when it is ours',
      current: there(crawler({})),
      action: 'delete',
      reason: 'it is no longer in the file, and its tag says so',
    },
    {
      name: 'that is no longer in the file is left when it was adopted',
      current: there(crawler({}), ADOPTED),
      action: 'skip',
      reason: 'it is no longer in the file, but it was there before this stack adopted it: left as it is',
    },
  ];
  it.each(cases)('$name', ({ wanted, current, base, adopt = false, action, reason, differences = [] }) => {
    const changes = decide({
      resources: wanted ? [wanted] : [],
      observed: current ? [current] : [],
      record: base && record([base]),
      adopt,
    });
    expect(changes).toMatchObject([{ kind: 'crawler', name: 'c', action, reason, differences }]);
  });
});

describe('two ways to say the same are no difference:', () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['a role by ARN and by path', { Role: 'arn:aws:iam::1:role/service-role/R' }, { Role: 'service-role/R' }],
    [
      'a configuration with other spaces',
      { Configuration: '{"Version": 1.0}' },
      { Configuration: '{"Version":1}' },
    ],
    [
      'a schedule with its state',
      { Schedule: 'cron(0 1 * * ? *)' },
      { Schedule: { ScheduleExpression: 'cron(0 1 * * ? *)', State: 'SCHEDULED' } },
    ],
    ['nothing and empty', { Description: '' }, {}],
    [
      'targets with the kinds that AWS adds',
      { Targets: { S3Targets: [{ Path: 's3://a/' }] } },
      { Targets: { S3Targets: [{ Path: 's3://a/', Exclusions: [] }], JdbcTargets: [] } },
    ],
  ];
  it.each(cases)('%s', (_name, wanted, current) => {
    expect(decide({ resources: [crawler(wanted)], observed: [there(crawler(current))] })[0]?.action).toBe(
      'skip',
    );
  });
});

describe('a role', () => {
  const role = (members: Record<string, unknown>): Resource => ({
    kind: 'role',
    name: 'r',
    members: { Path: '/', managedPolicies: [], inlinePolicies: {}, ...members },
  });
  const policy = (statement: Record<string, unknown>) => ({
    inlinePolicies: { p: { Statement: [{ Effect: 'Allow', ...statement }] } },
  });

  it('has exactly the policies of the file: one that somebody added is taken away', () => {
    const [change] = decide({
      resources: [role({})],
      observed: [there(role({ managedPolicies: ['arn:admin'] }))],
    });
    expect(change).toMatchObject({
      action: 'update',
      differences: [{ path: 'managedPolicies', before: ['arn:admin'], after: [] }],
    });
  });

  it('has exactly the statements of the file: a condition that somebody added is a difference', () => {
    const [change] = decide({
      resources: [role(policy({ Action: 's3:*' }))],
      observed: [there(role(policy({ Action: 's3:*', Condition: { Bool: {} } })))],
    });
    expect(change?.action).toBe('update');
    expect(change?.differences[0]?.path).toBe('inlinePolicies.p.Statement[0].Condition');
  });

  it('cannot be given another path', () => {
    const [change] = decide({ resources: [role({ Path: '/a/' })], observed: [there(role({}))] });
    expect(change).toMatchObject({ action: 'conflict' });
  });
});

describe('an object', () => {
  const wanted: WantedObject = {
    key: 'k',
    size: 2,
    sha256: 'new',
    md5: 'm-new',
    source: 'file k',
    open: () => Buffer.from('ab'),
  };
  const found = (etag: string) => [{ key: 'k', size: 2, etag }];
  const base = (sha256: string, etag: string) => record([], [{ key: 'k', sha256, etag }]);
  const cases: [name: string, input: Partial<DecideInput>, action: string, reason: string][] = [
    ['that is not there is created', {}, 'create', 'from file k'],
    [
      'that somebody deleted is created again',
      { record: base('new', 'e') },
      'create',
      'it was uploaded before and is gone',
    ],
    [
      'that is as uploaded is skipped',
      { observedObjects: found('e'), record: base('new', 'e') },
      'skip',
      'its content is as the file asks',
    ],
    [
      'that equals the file by its MD5 is skipped without a record',
      { observedObjects: found('m-new') },
      'skip',
      'its content is as the file asks',
    ],
    [
      'whose file changed is updated',
      { observedObjects: found('e'), record: base('old', 'e') },
      'update',
      'file k changed since it was uploaded',
    ],
    [
      'that somebody changed is updated',
      { observedObjects: found('x'), record: base('new', 'e') },
      'update',
      'somebody changed it since it was uploaded',
    ],
    [
      'that nobody knows is a conflict',
      { observedObjects: found('x') },
      'conflict',
      'there is another object under this key, and no record that this stack wrote it. Replace it with --adopt',
    ],
    [
      'that nobody knows is replaced when asked',
      { observedObjects: found('x'), adopt: true },
      'update',
      'replaced with --adopt: it is not known who wrote it',
    ],
    [
      'that an interrupted apply was about to write is written',
      { observedObjects: found('x'), record: base('new', '') },
      'update',
      'somebody changed it since it was uploaded',
    ],
  ];
  it.each(cases)('%s', (_name, input, action, reason) => {
    expect(decide({ objects: [wanted], ...input })).toMatchObject([
      { kind: 'object', name: 'k', action, reason },
    ]);
  });

  it.each([
    ['deleted when it is as uploaded', 'e', 'delete'],
    ['left when somebody changed it', 'x', 'skip'],
  ])('that is no longer in the file is %s', (_name, etag, action) => {
    expect(decide({ observedObjects: found(etag), record: base('old', 'e') })).toMatchObject([
      { kind: 'object', action },
    ]);
  });

  it('that is no longer in the file nor in the bucket is no change', () => {
    expect(decide({ record: base('old', 'e') })).toEqual([]);
  });
});

it('changes come in the order in which they can be made, deletions last and backwards', () => {
  const resource = (kind: Resource['kind'], name: string = kind): Resource => ({ kind, name, members: {} });
  const object: WantedObject = {
    key: 'k',
    size: 0,
    sha256: '',
    md5: '',
    source: '',
    open: () => Buffer.alloc(0),
  };
  const changes = decide({
    resources: (['role', 'bucket', 'database', 'crawler', 'job'] as const).map((kind) => resource(kind)),
    objects: [object],
    observed: (['role', 'database', 'crawler', 'job'] as const).map((kind) =>
      there(resource(kind, `old-${kind}`)),
    ),
  });
  expect(changes.map((change) => `${change.action} ${change.name}`)).toEqual([
    ...['create role', 'create bucket', 'create k', 'create database', 'create crawler', 'create job'],
    ...['delete old-job', 'delete old-crawler', 'delete old-database', 'delete old-role'],
  ]);
});

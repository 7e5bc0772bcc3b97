// A role made, read back, changed and taken away, through IAM itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { systemClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { differencesOf } from './differences.js';
import { GLUE_TRUST_POLICY, roleHandler, type RoleMembers } from './role.js';
import type { Resource, ResourceHandler } from './resource.js';
import type { StackScope } from './stack-scope.js';

let aws: Embedded;
let scope: StackScope;
let roles: ResourceHandler;
beforeAll(async () => {
  aws = await openEmbedded();
  scope = {
    clients: aws.clients(),
    stack: 's',
    accountId: aws.accountId,
    region: aws.region,
    partition: 'aws',
    clock: systemClock,
    signal: new AbortController().signal,
  };
  roles = roleHandler(scope);
});
afterAll(() => aws.close());

const GLUE_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole';
const role = (name: string, members: Partial<RoleMembers> = {}) => ({
  kind: 'role' as const,
  name,
  members: {
    Path: '/service-role/',
    AssumeRolePolicyDocument: GLUE_TRUST_POLICY,
    managedPolicies: [],
    inlinePolicies: {},
    ...members,
  },
});
const document = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: 'arn:aws:s3:::b/a%20b/*' }],
});

describe('a role', () => {
  it('is read back as it was asked for, and as ours', async () => {
    const wanted = role('made', {
      managedPolicies: [GLUE_POLICY],
      inlinePolicies: { own: document('s3:GetObject') },
    });
    await roles.create(wanted);
    const observed = await roles.observe('made');
    expect(observed?.ownership.kind).toBe('ours');
    expect(differencesOf(wanted.members, observed?.members, true)).toEqual([]);
  });

  it('gets exactly the policies of an update', async () => {
    await roles.create(
      role('changed', {
        managedPolicies: [GLUE_POLICY],
        inlinePolicies: { a: document('s3:Get*'), b: document('s3:Put*') },
      }),
    );
    const wanted = role('changed', { inlinePolicies: { b: document('s3:List*'), c: document('s3:Put*') } });
    const before = await roles.observe('changed');
    if (before) await roles.update(wanted, before);
    expect(differencesOf(wanted.members, (await roles.observe('changed'))?.members, true)).toEqual([]);
  });

  it('of somebody else is foreign until it is adopted', async () => {
    const AssumeRolePolicyDocument = JSON.stringify(GLUE_TRUST_POLICY);
    await scope.clients.iam.send(new CreateRoleCommand({ RoleName: 'theirs', AssumeRolePolicyDocument }));
    expect((await roles.observe('theirs'))?.ownership.kind).toBe('foreign');
    await roles.adopt('theirs');
    expect((await roles.observe('theirs'))?.ownership.kind).toBe('adopted');
  });

  it('of the same stack in another region is foreign', async () => {
    await roles.create(role('regional'));
    const elsewhere = roleHandler({ ...scope, region: 'eu-west-1' });
    expect((await elsewhere.observe('regional'))?.ownership).toEqual({
      kind: 'foreign',
      evidence: 'its tags say that it belongs to stack "s" in us-east-1',
      owner: 's',
    });
  });

  it('made for one thing is foreign to another, whatever its name', async () => {
    await roleHandler({ ...scope, tags: { for: 'one' } }).create(role('special'));
    expect((await roleHandler({ ...scope, tags: { for: 'one' } }).observe('special'))?.ownership.kind).toBe(
      'ours',
    );
    expect(
      (await roleHandler({ ...scope, tags: { for: 'other' } }).observe('special'))?.ownership,
    ).toMatchObject({ kind: 'foreign', evidence: 'its tag for says "one"' });
  });

  it('has the permissions boundary that it is to have, from the start or later', async () => {
    const { iam } = aws.clients();
    const boundaries: string[] = [];
    for (const PolicyName of ['narrow', 'wide']) {
      const { Policy } = await iam.createPolicy({
        PolicyName,
        PolicyDocument: JSON.stringify(document('s3:*')),
      });
      boundaries.push(Policy?.Arn as string);
    }
    const [PermissionsBoundary, other] = boundaries as [string, string];
    await roles.create(role('bound', { PermissionsBoundary }));
    const made = await roles.observe('bound');
    expect(made?.members.PermissionsBoundary).toBe(PermissionsBoundary);
    await roles.update(role('bound', { PermissionsBoundary: other }), made as Resource);
    expect((await roles.observe('bound'))?.members.PermissionsBoundary).toBe(other);
  });

  it('goes with its policies, and going twice is no error', async () => {
    await roles.create(
      role('gone', { managedPolicies: [GLUE_POLICY], inlinePolicies: { own: document('s3:*') } }),
    );
    await roles.delete('gone');
    await roles.delete('gone');
    expect(await roles.observe('gone')).toBeUndefined();
  });
});

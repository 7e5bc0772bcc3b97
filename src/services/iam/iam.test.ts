// IAM and STS through the SDK's clients, in process.
import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type Credentials,
} from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock, type Clock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { inProcessRequestHandler, IN_PROCESS_ENDPOINT } from '../../wire/in-process.js';

const accountId = '123456789012';
const trust = (principal: unknown) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });
const GLUE_TRUST = trust({ Service: 'glue.amazonaws.com' });
const permissions = (sid = 'Read') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: sid, Effect: 'Allow', Action: 's3:GetObject', Resource: "arn:aws:s3:::b/it's (100%)*" },
    ],
  });
const S3_FULL = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';

let clock: Clock;
let aws: Embedded;
let iam: IAMClient;
let sts: STSClient;

beforeEach(async () => {
  clock = steppingClock(new Date('2024-05-01T10:00:00Z'));
  aws = await openEmbedded({ clock });
  ({ iam, sts } = aws.clients());
});

afterEach(() => aws.close());

/** STS as the holder of temporary credentials sees it. */
function stsOf({ AccessKeyId, SecretAccessKey, SessionToken }: Credentials): STSClient {
  return new STSClient({
    region: 'us-east-1',
    endpoint: IN_PROCESS_ENDPOINT,
    credentials: {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    },
    requestHandler: inProcessRequestHandler(aws.handler),
    maxAttempts: 1,
  });
}

const createRole = (RoleName: string, extra: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: GLUE_TRUST, ...extra }));

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: { name: string; message: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );

describe('roles', () => {
  it('are created and read back, the trust policy URL-encoded', async () => {
    const { Role } = await createRole('Nightly', {
      Path: '/service-role/',
      Description: 'a <b> & "c"',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'données' }],
    });
    const read = await iam.send(new GetRoleCommand({ RoleName: 'Nightly' }));
    expect(read.Role).toEqual({ ...Role, RoleLastUsed: {} });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(GLUE_TRUST);
    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:role/service-role/Nightly',
      CreateDate: new Date('2024-05-01T10:00:00Z'),
      Description: 'a <b> & "c"',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'données' }],
    });
  });

  it('are updated in parts', async () => {
    await createRole('r', { Description: 'old' });
    await iam.send(new UpdateRoleCommand({ RoleName: 'r', MaxSessionDuration: 43200 }));
    await iam.send(new UpdateRoleDescriptionCommand({ RoleName: 'r', Description: 'new' }));
    const lambda = trust({ Service: 'lambda.amazonaws.com' });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'r', PolicyDocument: lambda }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'r' }));
    expect(Role).toMatchObject({ MaxSessionDuration: 43200, Description: 'new' });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(lambda);
  });

  it('are tagged and untagged, keys being the same in any case', async () => {
    await createRole('r', { Tags: [{ Key: 'Team', Value: 'a' }] });
    await iam.send(
      new TagRoleCommand({
        RoleName: 'r',
        Tags: [
          { Key: 'team', Value: 'b' },
          { Key: 'x', Value: '' },
        ],
      }),
    );
    const tags = async () => (await iam.send(new ListRoleTagsCommand({ RoleName: 'r' }))).Tags;
    expect(await tags()).toEqual([
      { Key: 'team', Value: 'b' },
      { Key: 'x', Value: '' },
    ]);
    await iam.send(new UntagRoleCommand({ RoleName: 'r', TagKeys: ['TEAM', 'none'] }));
    expect(await tags()).toEqual([{ Key: 'x', Value: '' }]);
  });

  it('carry inline policies', async () => {
    await createRole('r');
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: permissions() }),
    );
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }));
    expect(PolicyDocument).not.toMatch(/['()*]/);
    expect(decodeURIComponent(PolicyDocument!)).toBe(permissions());
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }))).PolicyNames).toEqual(['p']);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }));
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }))).PolicyNames ?? []).toEqual([]);
  });

  it('carry attached policies and a boundary, and the policies count them', async () => {
    const { Role } = await createRole('r');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: S3_FULL }));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'r', PermissionsBoundary: S3_FULL }));
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'r' }))).AttachedPolicies).toEqual(
      [{ PolicyName: 'AmazonS3FullAccess', PolicyArn: S3_FULL }],
    );
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: S3_FULL }))).Policy).toMatchObject({
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 1,
    });
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: S3_FULL }));
    expect(entities.PolicyRoles).toEqual([{ RoleName: 'r', RoleId: Role!.RoleId }]);
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'r', PolicyArn: S3_FULL }));
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'r' }));
    expect((await iam.send(new GetRoleCommand({ RoleName: 'r' }))).Role!.PermissionsBoundary).toBeUndefined();
    await iam.send(new DeleteRoleCommand({ RoleName: 'r' }));
  });

  it('have no instance profiles', async () => {
    await createRole('r');
    const answer = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'r' }));
    expect([answer.InstanceProfiles ?? [], answer.IsTruncated]).toEqual([[], false]);
  });

  it('are refused with the names and the words of IAM', async () => {
    await createRole('r');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: S3_FULL }));
    expect(await refusal(createRole('r'))).toBe(
      '409 EntityAlreadyExistsException: Role with name r already exists.',
    );
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: 'x' })))).toBe(
      '404 NoSuchEntityException: The role with name x cannot be found.',
    );
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName: 'r' })))).toBe(
      '409 DeleteConflictException: Cannot delete entity, must detach all policies first.',
    );
    expect(await refusal(createRole('s', { AssumeRolePolicyDocument: '{' }))).toMatch(
      /^400 MalformedPolicyDocumentException: This policy contains invalid Json/,
    );
    const PermissionsBoundary = 'arn:aws:iam::123456789012:policy/none';
    expect(await refusal(createRole('s', { PermissionsBoundary }))).toBe(
      `404 NoSuchEntityException: Policy ${PermissionsBoundary} does not exist or is not attachable.`,
    );
    expect(await refusal(createRole('a b'))).toMatch(/^400 ValidationError: .*roleName/);
    expect(await refusal(createRole('s', { MaxSessionDuration: 10 }))).toMatch(
      /^400 ValidationError: .*3600/,
    );
    expect(await refusal(iam.send(new ListRolesCommand({ Marker: 'x' })))).toMatch(
      /^400 ValidationError: Invalid Marker/,
    );
  });
});

describe('lists', () => {
  it('in pages, put together, are the whole list', async () => {
    for (let i = 0; i < 25; i++) await createRole(`Role${i}`, { Path: i % 2 ? '/odd/' : '/even/' });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('/', '/odd/'),
        async (MaxItems, PathPrefix) => {
          const names: string[] = [];
          let Marker: string | undefined;
          do {
            const page = await iam.send(new ListRolesCommand({ MaxItems, PathPrefix, Marker }));
            expect(page.IsTruncated).toBe(page.Marker !== undefined);
            names.push(...(page.Roles ?? []).map((role) => role.RoleName!));
            Marker = page.Marker;
          } while (Marker !== undefined);
          const whole = await iam.send(new ListRolesCommand({ MaxItems: 1000, PathPrefix }));
          expect(names).toEqual(whole.Roles!.map((role) => role.RoleName));
          expect(names).toHaveLength(PathPrefix === '/' ? 25 : 12);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('of policies are told by scope, path and use', async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'own',
        Path: '/team/',
        PolicyDocument: permissions(),
        Description: 'd',
      }),
    );
    await createRole('r');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: S3_FULL }));
    const names = async (input: object) =>
      ((await iam.send(new ListPoliciesCommand(input))).Policies ?? []).map((policy) => policy.PolicyName);
    expect(await names({ Scope: 'Local' })).toEqual(['own']);
    expect(await names({ OnlyAttached: true })).toEqual(['AmazonS3FullAccess']);
    expect(await names({ PathPrefix: '/team/' })).toEqual(['own']);
    expect(await names({ Scope: 'AWS', PathPrefix: '/service-role/' })).toContain('AWSGlueServiceRole');
    expect(await names({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual([]);
    const listed = (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies![0]!;
    expect(listed.Description).toBeUndefined();
    expect(listed.Arn).toBe(Policy!.Arn);
  });
});

describe('policies', () => {
  it('have versions and tags, and are deleted when nothing holds them', async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: permissions('One') }),
    );
    const PolicyArn = Policy!.Arn!;
    const created = await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: permissions('Two'), SetAsDefault: true }),
    );
    expect(created.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(PolicyVersion!.IsDefaultVersion).toBe(false);
    expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(permissions('One'));
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions!.map((version) => [version.VersionId, version.IsDefaultVersion])).toEqual([
      ['v2', false],
      ['v1', true],
    ]);

    await iam.send(
      new TagPolicyCommand({
        PolicyArn,
        Tags: [
          { Key: 'a', Value: 'b' },
          { Key: 'c', Value: 'd' },
        ],
      }),
    );
    await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['a'] }));
    expect((await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual([
      { Key: 'c', Value: 'd' },
    ]);

    await createRole('r');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
    expect(await refusal(iam.send(new DeletePolicyCommand({ PolicyArn })))).toBe(
      '409 DeleteConflictException: Cannot delete a policy attached to entities.',
    );
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    expect(await refusal(iam.send(new GetPolicyCommand({ PolicyArn })))).toBe(
      `404 NoSuchEntityException: Policy ${PolicyArn} was not found.`,
    );
  });
});

describe('STS', () => {
  it('knows the root of the account', async () => {
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: accountId,
      Account: accountId,
      Arn: 'arn:aws:iam::123456789012:root',
    });
    expect((await iam.send(new GetUserCommand({}))).User!.Arn).toBe('arn:aws:iam::123456789012:root');
    expect(
      (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }))).Account,
    ).toBe(accountId);
  });

  const ops = 'arn:aws:iam::123456789012:role/team/ops';
  const assume = (client: STSClient, extra: object = {}) =>
    client.send(new AssumeRoleCommand({ RoleArn: ops, RoleSessionName: 'me', ...extra }));

  it('lets a caller that the role trusts assume it, and then knows the caller as its session', async () => {
    await createRole('ops', { Path: '/team/', AssumeRolePolicyDocument: trust({ AWS: accountId }) });
    const { Credentials, AssumedRoleUser } = await assume(sts, { DurationSeconds: 900 });
    expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::123456789012:assumed-role/ops/me');
    expect(AssumedRoleUser!.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:me$/);
    expect(Credentials!.Expiration).toEqual(new Date('2024-05-01T10:15:00Z'));
    const session = stsOf(Credentials!);
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: AssumedRoleUser!.AssumedRoleId,
      Arn: AssumedRoleUser!.Arn,
    });
    expect(await refusal(assume(session, { DurationSeconds: 3601 }))).toMatch(
      /^400 ValidationError: .*role chaining$/,
    );
  });

  it('refuses a role that is not there, another path, and one that does not trust the caller, all alike', async () => {
    await createRole('ops');
    const message =
      '403 AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: ';
    expect(await refusal(assume(sts))).toBe(message + ops);
    const RoleArn = 'arn:aws:iam::123456789012:role/ops';
    expect(await refusal(assume(sts, { RoleArn }))).toBe(message + RoleArn);
  });

  it('holds sessions to the length that the role allows', async () => {
    await createRole('ops', { Path: '/team/', AssumeRolePolicyDocument: trust({ AWS: '*' }) });
    expect(await refusal(assume(sts, { DurationSeconds: 7200 }))).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });

  it('asks for the external id that the role asks for', async () => {
    const document = JSON.parse(trust({ AWS: accountId })) as { Statement: object[] };
    document.Statement = document.Statement.map((statement) => ({
      ...statement,
      Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
    }));
    await createRole('ops', { Path: '/team/', AssumeRolePolicyDocument: JSON.stringify(document) });
    expect(await refusal(assume(sts))).toMatch(/^403 AccessDenied/);
    expect(await refusal(assume(sts, { ExternalId: 'secret' }))).toBe('accepted');
  });

  it('gives the root session tokens of an hour at most', async () => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    expect(Credentials!.Expiration).toEqual(new Date('2024-05-01T11:00:00Z'));
    const identity = await stsOf(Credentials!).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe('arn:aws:iam::123456789012:root');
  });
});

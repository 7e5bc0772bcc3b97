// Roles, policies and credentials of one account, against a state file in memory.
import { beforeEach, describe, expect, it } from 'vitest';
import { steppingClock, type Clock } from '../base/clock.js';
import { countingIds, randomIds } from '../base/ids.js';
import { documentsSchema } from '../state/documents.js';
import { openState, type State } from '../state/state.js';
import { AWS_MANAGED_POLICIES } from './aws-managed-policies.js';
import { openIdentity, type Identity } from './identity.js';
import { parsePolicyDocument } from './policy-document.js';
import { toRole } from './role.js';
import { uniqueId } from './unique-id.js';

const accountId = '123456789012';
const trustIn = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
const GLUE = 'glue.amazonaws.com';
const permissions = (bucket: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` }],
  });
const UNABLE = "Service is unable to assume provided role. Please verify role's TrustPolicy";

let state: State;
let clock: Clock;
let identity: Identity;
const open = (iamDelayMs = 0) => openIdentity(state, { clock, ids: countingIds(), accountId, iamDelayMs });

beforeEach(() => {
  state = openState(':memory:', [documentsSchema]);
  clock = steppingClock(new Date('2024-05-01T10:00:00.250Z'));
  identity = open();
});

const createRole = (name: string, extra: object = {}) =>
  identity.roles.create({ RoleName: name, AssumeRolePolicyDocument: trustIn(GLUE), ...extra });

function nameOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    return (error as Error).name;
  }
  return 'nothing thrown';
}

describe('a role', () => {
  it('has the identity that IAM gives it', () => {
    const role = createRole('Nightly', {
      Path: '/service-role/',
      Description: 'd',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(toRole(role)).toEqual({
      Path: '/service-role/',
      RoleName: 'Nightly',
      RoleId: role.RoleId,
      Arn: 'arn:aws:iam::123456789012:role/service-role/Nightly',
      CreateDate: new Date('2024-05-01T10:00:00Z'),
      AssumeRolePolicyDocument: encodeURIComponent(trustIn(GLUE)),
      Description: 'd',
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  it('is found in any case, and its name is taken in any case', () => {
    createRole('Nightly');
    expect(identity.roles.get('nightly').RoleName).toBe('Nightly');
    expect(() => createRole('NIGHTLY')).toThrow('Role with name NIGHTLY already exists.');
    expect(() => identity.roles.get('other')).toThrow('The role with name other cannot be found.');
  });

  it('cannot be deleted while policies are on it', () => {
    createRole('r');
    identity.rolePolicies.putInline('r', 'p', permissions('b'));
    identity.rolePolicies.attach('r', 'arn:aws:iam::aws:policy/AmazonS3FullAccess');
    expect(() => identity.roles.delete('r')).toThrow('Cannot delete entity, must delete policies first.');
    identity.rolePolicies.deleteInline('r', 'p');
    expect(() => identity.roles.delete('r')).toThrow('Cannot delete entity, must detach all policies first.');
    identity.rolePolicies.detach('r', 'arn:aws:iam::aws:policy/AmazonS3FullAccess');
    identity.roles.delete('r');
    expect(nameOf(() => identity.roles.delete('r'))).toBe('NoSuchEntityException');
  });

  it('is kept when the state file is opened again', () => {
    createRole('r');
    identity.rolePolicies.putInline('r', '__proto__', permissions('b'));
    const again = open();
    expect(again.roles.get('r').CreateDate).toEqual(new Date('2024-05-01T10:00:00Z'));
    expect(again.rolePolicies.getInline('r', '__proto__').document).toBe(permissions('b'));
  });

  it('refuses a trust policy that is too long, not counting white space', () => {
    const services = Array.from({ length: 70 }, (_, i) => `service-number-${i}.amazonaws.com`);
    const long = trustIn(GLUE).replace(`"${GLUE}"`, JSON.stringify(services));
    expect(() => identity.roles.create({ RoleName: 'r', AssumeRolePolicyDocument: long })).toThrow(
      'Cannot exceed quota for ACLSizePerRole: 2048',
    );
    const spacious = JSON.stringify(JSON.parse(trustIn(GLUE)), undefined, 500).replaceAll(' ', '      ');
    expect(identity.roles.create({ RoleName: 'r', AssumeRolePolicyDocument: spacious }).RoleName).toBe('r');
  });
});

describe('policies on a role', () => {
  it('are at most ten attached ones', () => {
    createRole('r');
    const arns = AWS_MANAGED_POLICIES.map(({ path, name }) => `arn:aws:iam::aws:policy${path}${name}`);
    for (const arn of arns.slice(0, 10)) identity.rolePolicies.attach('r', arn);
    identity.rolePolicies.attach('r', arns[0]!);
    expect(() => identity.rolePolicies.attach('r', arns[10]!)).toThrow(
      'Cannot exceed quota for PoliciesPerRole: 10',
    );
    expect(identity.roles.get('r').attachedPolicyArns).toEqual(arns.slice(0, 10));
  });

  it('are at most 10,240 characters inline, all together, and none is kept that goes beyond', () => {
    createRole('r');
    identity.rolePolicies.putInline('r', 'a', permissions('x'.repeat(6000)));
    expect(() => identity.rolePolicies.putInline('r', 'b', permissions('x'.repeat(6000)))).toThrow(
      'Maximum policy size of 10240 bytes exceeded for role r',
    );
    identity.rolePolicies.putInline('r', 'a', permissions('y'.repeat(9000)));
    expect(identity.roles.get('r').inlinePolicies.map((policy) => policy.PolicyName)).toEqual(['a']);
  });

  it('must be there to be attached, and the answer says which of AWS are', () => {
    createRole('r');
    expect(() => identity.rolePolicies.attach('r', 'arn:aws:iam::aws:policy/AmazonRDSFullAccess')).toThrow(
      /^Policy arn:aws:iam::aws:policy\/AmazonRDSFullAccess does not exist or is not attachable\. .*Scope AWS/,
    );
    expect(() => identity.rolePolicies.detach('r', 'arn:aws:iam::aws:policy/AmazonS3FullAccess')).toThrow(
      'Policy arn:aws:iam::aws:policy/AmazonS3FullAccess was not found.',
    );
  });
});

describe('a managed policy', () => {
  const create = (name: string) =>
    identity.policies.create({ PolicyName: name, PolicyDocument: permissions('b'), Path: '/team/' });

  it('of AWS can be parsed, read and attached, and not changed', () => {
    for (const { path, name, document } of AWS_MANAGED_POLICIES) {
      expect(parsePolicyDocument(document, 'permissions').statements).not.toHaveLength(0);
      expect(identity.policies.get(`arn:aws:iam::aws:policy${path}${name}`).PolicyId).toMatch(
        /^ANPA[A-Z2-7]{17}$/,
      );
    }
    expect(
      nameOf(() =>
        identity.policies.createVersion('arn:aws:iam::aws:policy/AmazonS3FullAccess', permissions('b'), true),
      ),
    ).toBe('AccessDenied');
  });

  it('has at most five versions, whose numbers are not used again', () => {
    const { Arn } = create('p');
    for (let version = 2; version <= 5; version++)
      identity.policies.createVersion(Arn, permissions('b'), false);
    expect(() => identity.policies.createVersion(Arn, permissions('b'), true)).toThrow(/up to 5 versions/);
    identity.policies.deleteVersion(Arn, 'v3');
    expect(identity.policies.createVersion(Arn, permissions('new'), true).VersionId).toBe('v6');
    expect(
      identity.policies.listVersions(Arn).map((version) => [version.VersionId, version.IsDefaultVersion]),
    ).toEqual([
      ['v6', true],
      ['v5', false],
      ['v4', false],
      ['v2', false],
      ['v1', false],
    ]);
    expect(() => identity.policies.deleteVersion(Arn, 'v6')).toThrow(
      'Cannot delete the default version of a policy.',
    );
    expect(() => identity.policies.getVersion(Arn, 'v3')).toThrow(/version v3 does not exist/);
    expect(decodeURIComponent(identity.policies.getVersion(Arn, 'v6').Document!)).toBe(permissions('new'));
  });

  it('can be deleted when nothing holds it and only its default version is left', () => {
    const { Arn } = create('p');
    expect(() => identity.policies.delete(Arn, true)).toThrow('Cannot delete a policy attached to entities.');
    identity.policies.createVersion(Arn, permissions('b'), false);
    expect(() => identity.policies.delete(Arn, false)).toThrow(/more than one version/);
    identity.policies.deleteVersion(Arn, 'v2');
    identity.policies.delete(Arn, false);
    expect(() => identity.policies.get(Arn)).toThrow(`Policy ${Arn} was not found.`);
  });

  it('has a name of its own in the whole account', () => {
    create('p');
    expect(() => identity.policies.create({ PolicyName: 'P', PolicyDocument: permissions('b') })).toThrow(
      'A policy called P already exists. Duplicate names are not allowed.',
    );
    expect(nameOf(() => identity.policies.get('p'))).toBe('InvalidInputException');
  });
});

describe('the role directory', () => {
  const assume = (role: string, sourceArn?: string) =>
    identity.directory.requireAssumable(role, GLUE, sourceArn);

  it('knows a role by name, path and name, and ARN', () => {
    createRole('Nightly', { Path: '/service-role/' });
    const expected = { roleName: 'Nightly', arn: 'arn:aws:iam::123456789012:role/service-role/Nightly' };
    for (const role of ['Nightly', 'service-role/Nightly', '/service-role/Nightly', expected.arn]) {
      expect(assume(role)).toEqual(expected);
    }
  });

  it.each([
    ['a role that is not there', 'Other'],
    ['a role under another path', 'team/Nightly'],
    ['an ARN without the path', 'arn:aws:iam::123456789012:role/Nightly'],
    ['a role of another account', 'arn:aws:iam::210987654321:role/service-role/Nightly'],
    ['a role that trusts another service', 'ForLambda'],
  ])('refuses %s in the words of Glue', (_, role) => {
    createRole('Nightly', { Path: '/service-role/' });
    createRole('ForLambda', { AssumeRolePolicyDocument: trustIn('lambda.amazonaws.com') });
    expect(() => assume(role)).toThrow(
      expect.objectContaining({ name: 'InvalidInputException', message: UNABLE }),
    );
  });

  it('sees a role and a changed trust policy only after the delay', async () => {
    identity = open(10_000);
    createRole('r');
    expect(() => assume('r')).toThrow(UNABLE);
    await clock.sleep(9_999);
    expect(() => assume('r')).toThrow(UNABLE);
    await clock.sleep(1);
    expect(assume('r').roleName).toBe('r');

    identity.roles.putTrustPolicy('r', trustIn('lambda.amazonaws.com'));
    await clock.sleep(5_000);
    expect(assume('r').roleName).toBe('r');
    await clock.sleep(5_000);
    expect(() => assume('r')).toThrow(UNABLE);

    identity.roles.putTrustPolicy('r', trustIn(GLUE));
    await clock.sleep(5_000);
    identity.roles.putTrustPolicy('r', trustIn(GLUE));
    expect(() => assume('r')).toThrow(UNABLE);
    await clock.sleep(10_000);
    expect(assume('r').roleName).toBe('r');
  });

  it('sees a role that was deleted and made again as new', async () => {
    identity = open(10_000);
    createRole('r');
    await clock.sleep(10_000);
    identity.roles.delete('r');
    expect(() => assume('r')).toThrow(UNABLE);
    createRole('r');
    expect(() => assume('r')).toThrow(UNABLE);
  });
});

describe('temporary credentials', () => {
  it('tell who calls, and are known until a day after their end', async () => {
    const holder = { arn: 'arn:aws:sts::123456789012:assumed-role/r/s', userId: 'AROAX:s' };
    const credential = identity.credentials.issue({ ...holder, durationSeconds: 900 });
    expect(credential.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(credential.secretAccessKey).toHaveLength(40);
    expect(credential.expiration).toEqual(new Date('2024-05-01T10:15:00Z'));
    expect(identity.callerOf(credential.accessKeyId)).toEqual(holder);
    await clock.sleep(25 * 3600 * 1000);
    identity.credentials.issue({ ...holder, durationSeconds: 900 });
    expect(identity.credentials.find(credential.accessKeyId)).toBeUndefined();
  });

  it('are not needed to call as the root of the account', () => {
    expect(identity.callerOf('test')).toEqual({ arn: 'arn:aws:iam::123456789012:root', userId: accountId });
  });
});

describe('uniqueId', () => {
  it('is of the length that AWS has, whatever the randomness', () => {
    for (let i = 0; i < 200; i++) expect(uniqueId(randomIds, 'AROA')).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(uniqueId({ uuid: () => '', hex: (byteCount) => '0'.repeat(byteCount * 2) }, 'ASIA')).toBe(
      `ASIA${'A'.repeat(16)}`,
    );
  });
});

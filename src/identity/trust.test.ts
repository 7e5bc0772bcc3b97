// Trust policies: who may assume a role.
import { describe, expect, it } from 'vitest';
import { parsePolicyDocument } from './policy-document.js';
import { trusts, type Assumer } from './trust.js';

const accountId = '123456789012';
const glue: Assumer = {
  service: 'glue.amazonaws.com',
  accountId,
  sourceArn: `arn:aws:glue:eu-west-1:${accountId}:job/nightly`,
};
const root: Assumer = { arn: `arn:aws:iam::${accountId}:root`, accountId };
const session: Assumer = {
  arn: `arn:aws:sts::${accountId}:assumed-role/ops/me`,
  roleArn: `arn:aws:iam::${accountId}:role/team/ops`,
  accountId,
  externalId: 'secret',
};

const glueStatement = {
  Effect: 'Allow',
  Principal: { Service: 'glue.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

describe('trusts', () => {
  it.each<[string, object[], Assumer, boolean]>([
    ['the service it names', [glueStatement], glue, true],
    [
      'one of the services it names',
      [{ ...glueStatement, Principal: { Service: ['lambda.amazonaws.com', 'glue.amazonaws.com'] } }],
      glue,
      true,
    ],
    ['another service', [{ ...glueStatement, Principal: { Service: 'lambda.amazonaws.com' } }], glue, false],
    ['a service, when it names callers', [{ ...glueStatement, Principal: { AWS: '*' } }], glue, false],
    ['a service for any sts action', [{ ...glueStatement, Action: 'sts:*' }], glue, true],
    ['a service for another action', [{ ...glueStatement, Action: 'sts:TagSession' }], glue, false],
    [
      'a service for anything but an action',
      [{ ...glueStatement, Action: undefined, NotAction: 'sts:TagSession' }],
      glue,
      true,
    ],
    ['a service that is denied too', [glueStatement, { ...glueStatement, Effect: 'Deny' }], glue, false],
    [
      'a service of the right account',
      [{ ...glueStatement, Condition: { StringEquals: { 'aws:SourceAccount': accountId } } }],
      glue,
      true,
    ],
    [
      'a service of another account',
      [{ ...glueStatement, Condition: { StringEquals: { 'aws:SourceAccount': '210987654321' } } }],
      glue,
      false,
    ],
    [
      'a service for the right resource',
      [
        {
          ...glueStatement,
          Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:glue:*:${accountId}:job/*` } },
        },
      ],
      glue,
      true,
    ],
    [
      'a service for another resource',
      [
        {
          ...glueStatement,
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:glue:*:${accountId}:crawler/*` } },
        },
      ],
      glue,
      false,
    ],
    ['the root of its account', [{ ...glueStatement, Principal: { AWS: accountId } }], root, true],
    [
      'the root, by ARN',
      [{ ...glueStatement, Principal: { AWS: `arn:aws:iam::${accountId}:root` } }],
      root,
      true,
    ],
    ['the root, when it names a service', [glueStatement], root, false],
    [
      'a session of the role it names',
      [{ ...glueStatement, Principal: { AWS: `arn:aws:iam::${accountId}:role/team/ops` } }],
      session,
      true,
    ],
    [
      'that very session',
      [{ ...glueStatement, Principal: { AWS: `arn:aws:sts::${accountId}:assumed-role/ops/me` } }],
      session,
      true,
    ],
    [
      'a session of another role',
      [{ ...glueStatement, Principal: { AWS: `arn:aws:iam::${accountId}:role/ops` } }],
      session,
      false,
    ],
    [
      'a caller with the external id',
      [
        {
          ...glueStatement,
          Principal: { AWS: accountId },
          Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
        },
      ],
      session,
      true,
    ],
    [
      'a caller without the external id',
      [
        {
          ...glueStatement,
          Principal: { AWS: accountId },
          Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
        },
      ],
      root,
      false,
    ],
    [
      'everybody but those it names',
      [{ ...glueStatement, Principal: undefined, NotPrincipal: { AWS: '210987654321' } }],
      root,
      true,
    ],
  ])('%s', (_, statements, assumer, expected) => {
    const policy = parsePolicyDocument(
      JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      'trust',
    );
    expect(trusts(policy, assumer)).toBe(expected);
  });
});

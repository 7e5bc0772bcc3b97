// Policy documents: what parses to what, and which mistakes are refused in which words.
import { describe, expect, it } from 'vitest';
import { parsePolicyDocument, type PolicyKind } from './policy-document.js';

const statement = (members: Record<string, unknown>) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...members }],
  });
const trust = (members: Record<string, unknown>) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'glue.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...members,
    },
  });

describe('parsePolicyDocument', () => {
  it('takes single values and lists, Not-elements and conditions with their modifiers', () => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Id: 'x',
      Statement: [
        { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:aws:s3:::b/*', '*'] },
        {
          Effect: 'Deny',
          NotAction: ['iam:*'],
          NotResource: 'arn:aws:s3:::${aws:username}/*',
          Condition: {
            'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*', 'b'] },
            Bool: { 'aws:SecureTransport': false },
            NumericLessThan: { 's3:max-keys': 10 },
          },
        },
      ],
    });
    expect(parsePolicyDocument(text, 'permissions')).toEqual({
      version: '2012-10-17',
      statements: [
        {
          sid: 'Read',
          effect: 'Allow',
          actions: { isInverted: false, patterns: ['s3:GetObject'] },
          resources: { isInverted: false, patterns: ['arn:aws:s3:::b/*', '*'] },
          conditions: [],
        },
        {
          effect: 'Deny',
          actions: { isInverted: true, patterns: ['iam:*'] },
          resources: { isInverted: true, patterns: ['arn:aws:s3:::${aws:username}/*'] },
          conditions: [
            {
              quantifier: 'ForAnyValue',
              operator: 'StringLike',
              ifExists: true,
              key: 'aws:TagKeys',
              values: ['a*', 'b'],
            },
            { operator: 'Bool', ifExists: false, key: 'aws:SecureTransport', values: ['false'] },
            { operator: 'NumericLessThan', ifExists: false, key: 's3:max-keys', values: ['10'] },
          ],
        },
      ],
    });
  });

  it('takes every form of principal in a trust policy', () => {
    const ids = [
      '*',
      '123456789012',
      'arn:aws:iam::123456789012:root',
      'arn:aws:iam::123456789012:role/path/x',
      'arn:aws:iam::123456789012:user/me',
      'arn:aws:sts::123456789012:assumed-role/x/session',
      'AROAEXAMPLEEXAMPLE22',
    ];
    const parsed = parsePolicyDocument(
      trust({ Principal: { AWS: ids, Service: ['glue.amazonaws.com', 'ops.apigateway.amazonaws.com'] } }),
      'trust',
    );
    expect(parsed.statements[0]!.principals!.patterns).toEqual([
      ...ids.map((id) => ({ type: 'AWS', id })),
      { type: 'Service', id: 'glue.amazonaws.com' },
      { type: 'Service', id: 'ops.apigateway.amazonaws.com' },
    ]);
    expect(parsePolicyDocument(trust({ Principal: '*' }), 'trust').statements[0]!.principals).toEqual({
      isInverted: false,
      patterns: [{ type: 'AWS', id: '*' }],
    });
  });

  it('takes the old version, and treats a document without one as old', () => {
    const old = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    expect(parsePolicyDocument(JSON.stringify(old), 'permissions').version).toBe('2008-10-17');
  });

  it.each<[string, PolicyKind, string, RegExp]>([
    ['half a document', 'permissions', '{"Version":', /^This policy contains invalid Json .*position|JSON/],
    [
      'a list',
      'permissions',
      '[]',
      /^Syntax errors in policy\. The document: found \[\], allowed: a JSON object\.$/,
    ],
    ['no statement', 'permissions', '{}', /^Syntax errors in policy\. Statement: found missing/],
    [
      'a version of the future',
      'permissions',
      '{"Version":"2030-01-01","Statement":[]}',
      /^Policy document must be version 2012-10-17 or greater\. Version is "2030-01-01"/,
    ],
    [
      'an unknown member',
      'permissions',
      statement({ Actions: 's3:*' }),
      /Statement\[0\]: found "Actions", allowed: Sid, Effect/,
    ],
    [
      'an effect in lower case',
      'permissions',
      statement({ Effect: 'allow' }),
      /Statement\[0\]\.Effect: found "allow", allowed: "Allow" or "Deny"/,
    ],
    [
      'no action',
      'permissions',
      statement({ Action: undefined }),
      /^Policy statement must contain actions\./,
    ],
    [
      'an empty list of actions',
      'permissions',
      statement({ Action: [] }),
      /^Policy statement must contain actions\./,
    ],
    [
      'Action and NotAction',
      'permissions',
      statement({ NotAction: 's3:*' }),
      /found "Action and NotAction", allowed: one of them/,
    ],
    [
      'an action without a service',
      'permissions',
      statement({ Action: 'GetObject' }),
      /^Actions\/Conditions must be prefaced by a vendor, e\.g\., iam, sdb, ec2, etc\. .*"GetObject"/,
    ],
    [
      'an action with two colons',
      'permissions',
      statement({ Action: 's3:Get:Object' }),
      /^Actions\/Condition can contain only one colon\./,
    ],
    [
      'an action that is a number',
      'permissions',
      statement({ Action: 7 }),
      /Statement\[0\]\.Action: found 7, allowed: a string or a list of strings/,
    ],
    [
      'no resource',
      'permissions',
      statement({ Resource: undefined }),
      /^Policy statement must contain resources\./,
    ],
    [
      'a resource that is no ARN',
      'permissions',
      statement({ Resource: 'my-bucket' }),
      /^Resource my-bucket must be in ARN format or "\*"\./,
    ],
    [
      'a principal in permissions',
      'permissions',
      statement({ Principal: '*' }),
      /^Policy document should not specify a principal\./,
    ],
    [
      'a Sid used twice',
      'permissions',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [1, 2].map(() => ({ Sid: 'a', Effect: 'Allow', Action: '*', Resource: '*' })),
      }),
      /^Statement IDs \(SID\) in a single policy must be unique\. "a"/,
    ],
    [
      'a Sid with a space',
      'permissions',
      statement({ Sid: 'a b' }),
      /^Statement IDs \(SID\) must be alpha-numeric/,
    ],
    [
      'an unknown condition',
      'permissions',
      statement({ Condition: { StringIs: { a: 'b' } } }),
      /Condition: found "StringIs", allowed: one of StringEquals/,
    ],
    [
      'a condition without keys',
      'permissions',
      statement({ Condition: { StringEquals: 'b' } }),
      /Condition\.StringEquals: found "b"/,
    ],
    ['a resource in a trust policy', 'trust', trust({ Resource: '*' }), /^Has prohibited field Resource/],
    [
      'no principal in a trust policy',
      'trust',
      trust({ Principal: undefined }),
      /^Missing required field Principal/,
    ],
    [
      'another action in a trust policy',
      'trust',
      trust({ Action: 's3:GetObject' }),
      /^AssumeRole policy may only specify STS AssumeRole actions\./,
    ],
    [
      'a service that is none',
      'trust',
      trust({ Principal: { Service: 'glue' } }),
      /^Invalid principal in policy: "SERVICE":"glue"/,
    ],
    [
      'an account with 11 digits',
      'trust',
      trust({ Principal: { AWS: '12345678901' } }),
      /^Invalid principal in policy: "AWS":"12345678901"/,
    ],
    [
      'a kind of principal that is none',
      'trust',
      trust({ Principal: { Services: 'glue.amazonaws.com' } }),
      /Principal\.Services: found "Services", allowed: AWS, Service, Federated/,
    ],
  ])('refuses %s', (_, kind, text, message) => {
    let thrown: unknown;
    try {
      parsePolicyDocument(text, kind);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: expect.stringMatching(message) as string,
    });
  });
});

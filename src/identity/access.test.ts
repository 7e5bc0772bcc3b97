// Requests against policies: a table of cases, and a second, naive evaluation that must agree.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccess, type AccessDecision } from './access.js';
import { conditionFacts } from './condition.js';
import { parsePolicyDocument } from './policy-document.js';

type Given = Record<string, unknown>;

const policy = (statements: Given[], Version = '2012-10-17') =>
  parsePolicyDocument(JSON.stringify({ Version, Statement: statements }), 'permissions');
const allow = (Action: string | string[], Resource: string | string[] = '*', more: Given = {}): Given => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: string, Resource = '*', more: Given = {}): Given => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});

const TABLE = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
const FACTS = {
  'aws:PrincipalAccount': '123456789012',
  'aws:PrincipalTag/team': 'shop',
  'aws:PrincipalTag/star': '*',
  'aws:RequestedRegion': 'us-east-1',
  'aws:CurrentTime': '2024-06-01T00:00:00Z',
  'aws:SecureTransport': 'true',
  's3:prefix': 'home/shop/',
};

const ask = (
  identity: Given[],
  action = 'dynamodb:Scan',
  resource = TABLE,
  { boundary, version }: { boundary?: Given[]; version?: string } = {},
): AccessDecision =>
  decideAccess(
    { identity: [policy(identity, version)], boundary: boundary && policy(boundary) },
    { action, resource, facts: conditionFacts(FACTS) },
  );

describe('a request is allowed', () => {
  it.each<[string, Given[], string?, string?]>([
    ['by action and resource as they are', [allow('dynamodb:Scan', TABLE)]],
    ['by one action of several', [allow(['dynamodb:Query', 'dynamodb:Scan'], TABLE)]],
    ['by everything', [allow('*')]],
    ['by all actions of the service', [allow('dynamodb:*')]],
    ['by the beginning of the action', [allow('dynamodb:Sc*')]],
    ['by a question mark for one character', [allow('dynamodb:Sca?')]],
    ['whatever the case of the action', [allow('DynamoDB:sCAN')]],
    ['by a wildcard in the resource', [allow('dynamodb:Scan', 'arn:aws:dynamodb:*:*:table/ord*')]],
    ['by an ARN that leaves its end out', [allow('dynamodb:Scan', 'arn:aws:dynamodb')]],
    ['by one resource of several', [allow('dynamodb:Scan', ['arn:aws:s3:::x', TABLE])]],
    [
      'by NotAction that names others',
      [{ Effect: 'Allow', NotAction: ['dynamodb:DeleteTable', 's3:*'], Resource: '*' }],
    ],
    [
      'by NotResource that names others',
      [{ Effect: 'Allow', Action: 'dynamodb:Scan', NotResource: `${TABLE}-secret` }],
    ],
    ['by a second statement', [allow('s3:*'), allow('dynamodb:Scan')]],
    ['beside a deny of another resource', [allow('dynamodb:*'), deny('dynamodb:*', `${TABLE}-secret`)]],
    [
      'beside a deny whose condition does not hold',
      [
        allow('dynamodb:*'),
        deny('dynamodb:*', '*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } } }),
      ],
    ],
    [
      'by a resource with a variable',
      [allow('s3:GetObject', 'arn:aws:s3:::home/${aws:PrincipalTag/team}/*')],
      's3:GetObject',
      'arn:aws:s3:::home/shop/a.csv',
    ],
    [
      "by a variable's default",
      [allow('s3:GetObject', "arn:aws:s3:::home/${aws:PrincipalTag/none, 'all'}/*")],
      's3:GetObject',
      'arn:aws:s3:::home/all/a.csv',
    ],
    [
      'by a condition with a variable',
      [
        allow('s3:ListBucket', 'arn:aws:s3:::home', {
          Condition: { StringLike: { 's3:prefix': 'home/${aws:PrincipalTag/team}/*' } },
        }),
      ],
      's3:ListBucket',
      'arn:aws:s3:::home',
    ],
    [
      'by a star that is meant as a star',
      [allow('s3:GetObject', 'arn:aws:s3:::home/${*}')],
      's3:GetObject',
      'arn:aws:s3:::home/*',
    ],
    [
      'until a time',
      [
        allow('dynamodb:Scan', '*', {
          Condition: { DateLessThan: { 'aws:CurrentTime': '2024-07-01T00:00:00Z' } },
        }),
      ],
    ],
    [
      'when all conditions hold',
      [
        allow('dynamodb:Scan', '*', {
          Condition: {
            Bool: { 'aws:SecureTransport': 'true' },
            StringEquals: { 'aws:PrincipalAccount': ['1', '123456789012'] },
          },
        }),
      ],
    ],
  ])('%s', (_case, statements, action, resource) => {
    expect(ask(statements, action, resource)).toEqual({ decision: 'allowed' });
  });
});

describe('a request is denied for want of permission', () => {
  it.each<[string, Given[], string?, string?]>([
    ['without a statement that fits', [allow('s3:*')]],
    ['by another action', [allow('dynamodb:Query', TABLE)]],
    ['by another resource', [allow('dynamodb:Scan', `${TABLE}2`)]],
    [
      'of an index, where only the table is allowed',
      [allow('dynamodb:Scan', TABLE)],
      'dynamodb:Scan',
      `${TABLE}/index/i`,
    ],
    ['whose resource differs in case', [allow('dynamodb:Scan', TABLE.replace('orders', 'Orders'))]],
    [
      'where a star would have to reach over a colon',
      [allow('dynamodb:Scan', 'arn:aws:*:123456789012:table/orders')],
    ],
    ['by NotAction that names it', [{ Effect: 'Allow', NotAction: 'dynamodb:*', Resource: '*' }]],
    ['by NotResource that names it', [{ Effect: 'Allow', Action: '*', NotResource: TABLE }]],
    [
      'when one of two conditions fails',
      [
        allow('dynamodb:Scan', '*', {
          Condition: {
            Bool: { 'aws:SecureTransport': 'true' },
            StringEquals: { 'aws:RequestedRegion': 'eu-west-1' },
          },
        }),
      ],
    ],
    [
      'when a key of a condition is missing',
      [allow('dynamodb:Scan', '*', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })],
    ],
    [
      'by a variable without a value',
      [allow('s3:GetObject', 'arn:aws:s3:::home/${aws:PrincipalTag/none}*')],
      's3:GetObject',
      'arn:aws:s3:::home/a',
    ],
    [
      "by a star in a variable's value",
      [allow('s3:GetObject', 'arn:aws:s3:::home/${aws:PrincipalTag/star}')],
      's3:GetObject',
      'arn:aws:s3:::home/a',
    ],
  ])('%s', (_case, statements, action, resource) => {
    expect(ask(statements, action, resource)).toEqual({
      decision: 'implicitDeny',
      by: 'identity-based policy',
    });
  });

  it('when variables are of a version that has none', () => {
    const statements = [allow('s3:GetObject', 'arn:aws:s3:::home/${aws:PrincipalTag/team}/*')];
    const decision = ask(statements, 's3:GetObject', 'arn:aws:s3:::home/shop/a', { version: '2008-10-17' });
    expect(decision.decision).toBe('implicitDeny');
  });

  it('of the boundary, whatever the role allows', () => {
    const decision = ask([allow('*')], undefined, undefined, { boundary: [allow('s3:*')] });
    expect(decision).toEqual({ decision: 'implicitDeny', by: 'permissions boundary' });
  });

  it('of the role, whatever the boundary allows', () => {
    const decision = ask([], undefined, undefined, { boundary: [allow('*')] });
    expect(decision).toEqual({ decision: 'implicitDeny', by: 'identity-based policy' });
  });
});

describe('a request is denied explicitly', () => {
  it('by a deny behind an allow', () => {
    const denied = { decision: 'explicitDeny', by: 'identity-based policy' };
    expect(ask([allow('*'), deny('dynamodb:Scan', TABLE)])).toEqual(denied);
    expect(ask([deny('dynamodb:S*'), allow('*')])).toEqual(denied);
  });

  it('by a deny with NotAction', () => {
    const statements = [allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }];
    expect(ask(statements).decision).toBe('explicitDeny');
  });

  it('by the boundary', () => {
    const boundary = [allow('*'), deny('dynamodb:*')];
    expect(ask([allow('*')], undefined, undefined, { boundary })).toEqual({
      decision: 'explicitDeny',
      by: 'permissions boundary',
    });
  });
});

describe('for any policies', () => {
  const words = ['a', 'b'];
  const action = fc.constantFrom(...words.flatMap((s) => words.map((o) => `${s}:${o}`)));
  const actionPattern = fc.constantFrom('*', 'a:*', 'b:*', 'a:a', 'b:b', 'a:?');
  const resource = fc.constantFrom(...words.map((one) => `arn:aws:s3:::${one}`));
  const resourcePattern = fc.constantFrom('*', 'arn:aws:s3:::a', 'arn:aws:s3:::?', 'arn:aws:s3:::b*');
  const statement = fc.record({
    effect: fc.constantFrom('Allow', 'Deny'),
    actionWord: fc.constantFrom('Action', 'NotAction'),
    actions: fc.array(actionPattern, { minLength: 1, maxLength: 2 }),
    resourceWord: fc.constantFrom('Resource', 'NotResource'),
    resources: fc.array(resourcePattern, { minLength: 1, maxLength: 2 }),
    region: fc.option(fc.constantFrom('here', 'there')),
  });
  const document = fc.array(statement, { minLength: 1, maxLength: 4 });
  type Statements = typeof document extends fc.Arbitrary<infer T> ? T : never;

  const toPolicy = (statements: Statements) =>
    policy(
      statements.map((one) => ({
        Effect: one.effect,
        [one.actionWord]: one.actions,
        [one.resourceWord]: one.resources,
        ...(one.region === null
          ? {}
          : { Condition: { StringEquals: { 'aws:RequestedRegion': one.region } } }),
      })),
    );
  /** As the documentation says it, with regular expressions and no thought of speed. */
  const naive = (statements: Statements, wanted: string, on: string): 'deny' | 'allow' | 'nothing' => {
    const fits = (patterns: string[], text: string) =>
      patterns.some((pattern) =>
        new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text),
      );
    const applying = statements.filter(
      (one) =>
        fits(one.actions, wanted) === (one.actionWord === 'Action') &&
        fits(one.resources, on) === (one.resourceWord === 'Resource') &&
        (one.region === null || one.region === 'here'),
    );
    if (applying.some((one) => one.effect === 'Deny')) return 'deny';
    return applying.length > 0 ? 'allow' : 'nothing';
  };

  it('decides as the naive evaluation does, with and without a boundary', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 3 }),
        fc.option(document),
        action,
        resource,
        (identity, boundary, wanted, on) => {
          const { decision } = decideAccess(
            { identity: identity.map(toPolicy), boundary: boundary ? toPolicy(boundary) : undefined },
            { action: wanted, resource: on, facts: conditionFacts({ 'aws:RequestedRegion': 'here' }) },
          );
          const role = naive(identity.flat(), wanted, on);
          const bound = boundary ? naive(boundary, wanted, on) : 'allow';
          const expected =
            role === 'deny' || bound === 'deny'
              ? 'explicitDeny'
              : role === 'allow' && bound === 'allow'
                ? 'allowed'
                : 'implicitDeny';
          expect(decision).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

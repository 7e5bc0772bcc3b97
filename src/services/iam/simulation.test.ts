// What policies would allow, asked through IAM's SDK client.
import type { ContextEntry, IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource: string, more: object = {}) => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...more,
});
const ORDERS = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
const STOCK = 'arn:aws:dynamodb:us-east-1:123456789012:table/stock';

let aws: Embedded;
let iam: IAM;
beforeAll(async () => {
  aws = await openEmbedded();
  ({ iam } = aws.clients());
  await iam.createRole({
    RoleName: 'reader',
    Path: '/team/',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  await iam.putRolePolicy({
    RoleName: 'reader',
    PolicyName: 'read',
    PolicyDocument: policy(allow('dynamodb:Scan', ORDERS), {
      ...{ Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' },
    }),
  });
});
afterAll(() => aws.close());

const PolicySourceArn = 'arn:aws:iam::123456789012:role/team/reader';
const decisions = ({ EvaluationResults = [] }: { EvaluationResults?: object[] | undefined }) =>
  (EvaluationResults as { EvalActionName: string; EvalResourceName: string; EvalDecision: string }[]).map(
    ({ EvalActionName, EvalResourceName, EvalDecision }) =>
      `${EvalActionName} ${EvalResourceName.split('/').at(-1)} ${EvalDecision}`,
  );

it('of a role each action is decided on each resource', async () => {
  const answer = await iam.simulatePrincipalPolicy({
    PolicySourceArn,
    ActionNames: ['dynamodb:Scan', 'dynamodb:DeleteTable'],
    ResourceArns: [ORDERS, STOCK],
  });
  expect(decisions(answer)).toEqual([
    'dynamodb:Scan orders allowed',
    'dynamodb:Scan stock implicitDeny',
    'dynamodb:DeleteTable orders explicitDeny',
    'dynamodb:DeleteTable stock explicitDeny',
  ]);
  expect(answer.IsTruncated).toBe(false);
});

it('further policies count, too, and a boundary holds all of them', async () => {
  const asked = { PolicySourceArn, ActionNames: ['dynamodb:Scan'], ResourceArns: [ORDERS, STOCK] };
  const PolicyInputList = [policy(allow('dynamodb:*', '*'))];
  const more = await iam.simulatePrincipalPolicy({ ...asked, PolicyInputList });
  expect(decisions(more)).toEqual(['dynamodb:Scan orders allowed', 'dynamodb:Scan stock allowed']);
  const bound = await iam.simulatePrincipalPolicy({
    ...asked,
    PolicyInputList,
    PermissionsBoundaryPolicyInputList: [policy(allow('dynamodb:Scan', STOCK))],
  });
  expect(decisions(bound)).toEqual(['dynamodb:Scan orders implicitDeny', 'dynamodb:Scan stock allowed']);
  expect(bound.EvaluationResults?.map((one) => one.PermissionsBoundaryDecisionDetail)).toEqual([
    { AllowedByPermissionsBoundary: false },
    { AllowedByPermissionsBoundary: true },
  ]);
});

it('conditions find the values that are given, and those that lack are named', async () => {
  const PolicyInputList = [
    policy(
      allow('kms:Decrypt', '*', {
        Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } },
      }),
    ),
  ];
  const simulate = async (ContextEntries?: ContextEntry[]) =>
    (await iam.simulateCustomPolicy({ PolicyInputList, ActionNames: ['kms:Decrypt'], ContextEntries }))
      .EvaluationResults?.[0];
  expect(await simulate()).toMatchObject({
    EvalResourceName: '*',
    EvalDecision: 'implicitDeny',
    MissingContextValues: ['kms:ViaService'],
  });
  const entry: ContextEntry = {
    ContextKeyName: 'kms:viaservice',
    ContextKeyType: 'string',
    ContextKeyValues: ['dynamodb.us-east-1.amazonaws.com'],
  };
  expect(await simulate([entry])).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] });
});

it('comes in pages', async () => {
  const asked = {
    PolicyInputList: [policy(allow('s3:Get*', '*'))],
    ActionNames: ['s3:GetObject', 's3:PutObject', 's3:GetBucketAcl'],
    MaxItems: 2,
  };
  const first = await iam.simulateCustomPolicy(asked);
  expect(first.IsTruncated).toBe(true);
  const second = await iam.simulateCustomPolicy({ ...asked, Marker: first.Marker });
  expect([...decisions(first), ...decisions(second)]).toEqual([
    's3:GetObject * allowed',
    's3:PutObject * implicitDeny',
    's3:GetBucketAcl * allowed',
  ]);
});

it.each([
  [{ PolicySourceArn: 'arn:aws:iam::123456789012:role/nobody' }, 'NoSuchEntityException'],
  [{ PolicySourceArn: 'arn:aws:iam::123456789012:user/somebody' }, 'InvalidInputException'],
  [{ PolicySourceArn, ResourcePolicy: '{}' }, 'InvalidInputException'],
  [{ PolicySourceArn, PolicyInputList: ['{'] }, 'MalformedPolicyDocumentException'],
])('%j is refused', async (input, name) => {
  await expect(
    iam.simulatePrincipalPolicy({ ActionNames: ['s3:GetObject'], ...input }),
  ).rejects.toMatchObject({ name });
});

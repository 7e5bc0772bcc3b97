// The policies of a table's role, word for word.
import { expect, it } from 'vitest';
import { crawlerPolicy, policyCharacters, POLICY_CHARACTERS_MAX, trustPolicy } from './least-privilege.js';

const PLACE = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const TABLE = { TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders', kmsKeyArn: undefined };
const CATALOG = { DatabaseName: 'ddb_tables', TableName: 'orders' };

it('lets Glue of this account assume the role, and nobody else', () => {
  expect(trustPolicy(PLACE).Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'glue.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    },
  ]);
});

it('allows one table, one catalog table and one log group', () => {
  expect(crawlerPolicy(TABLE, CATALOG, PLACE)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadTable',
        Effect: 'Allow',
        Action: ['dynamodb:DescribeTable', 'dynamodb:Scan'],
        Resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders',
      },
      {
        Sid: 'WriteCatalogTable',
        Effect: 'Allow',
        Action: ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
        Resource: [
          'arn:aws:glue:us-east-1:123456789012:catalog',
          'arn:aws:glue:us-east-1:123456789012:database/ddb_tables',
          'arn:aws:glue:us-east-1:123456789012:table/ddb_tables/orders',
        ],
      },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [
          'arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/crawlers',
          'arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/crawlers:*',
        ],
      },
    ],
  });
});

it.each([
  ['aws', 'us-east-1', 'dynamodb.us-east-1.amazonaws.com'],
  ['aws-us-gov', 'us-gov-west-1', 'dynamodb.us-gov-west-1.amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'dynamodb.cn-north-1.amazonaws.com.cn'],
])(
  'in %s lets the table’s own key decrypt for DynamoDB only, with ARNs of the partition',
  (partition, region, via) => {
    const kmsKeyArn = `arn:${partition}:kms:${region}:123456789012:key/k`;
    const { Statement } = crawlerPolicy({ ...TABLE, kmsKeyArn }, CATALOG, { ...PLACE, partition, region });
    expect(Statement).toContainEqual({
      Sid: 'DecryptTable',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey'],
      Resource: kmsKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': via } },
    });
    const own = JSON.stringify(
      Statement.filter(({ Sid }) => Sid === 'WriteCatalogTable' || Sid === 'WriteLog'),
    );
    expect(own.match(/arn:[a-z-]+:/g)?.every((start) => start === `arn:${partition}:`)).toBe(true);
  },
);

it('has only actions that there are: no dynamodb:Read*, no wildcard', () => {
  const { Statement } = crawlerPolicy(TABLE, CATALOG, PLACE);
  expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
});

it('stays far below what IAM allows a role, with the longest names there are', () => {
  const TableArn = `arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/${'x'.repeat(255)}`;
  const kmsKeyArn = `arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/${'k'.repeat(36)}`;
  const names = { DatabaseName: 'd'.repeat(255), TableName: 't'.repeat(128) };
  expect(policyCharacters(crawlerPolicy({ TableArn, kmsKeyArn }, names, PLACE))).toBeLessThan(
    POLICY_CHARACTERS_MAX / 4,
  );
});

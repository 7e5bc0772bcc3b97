// The least that a table's crawler needs: who may assume its role, and what the role may do.
import type { DynamodbTable } from './dynamodb-table.js';

export interface PolicyPlace {
  partition: string;
  region: string;
  accountId: string;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow';
  Principal?: { Service: string };
  Action: string | readonly string[];
  Resource?: string | readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The one name that the inline policy of every role has. */
export const POLICY_NAME = 'crawl-one-table';

/** AWS docs, IAM quotas: all inline policies of a role together, white space not counted. */
export const POLICY_CHARACTERS_MAX = 10_240;

/** AWS docs, "Logging crawlers": where crawlers without a security configuration log. */
const CRAWLER_LOG_GROUP = '/aws-glue/crawlers';

/**
 * Only Glue, and only for this account. A condition on aws:SourceArn is left out: what Glue gives there when it checks the
 * role in CreateCrawler, before the crawler is there, is not documented.
 */
export function trustPolicy({ accountId }: PolicyPlace): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'glue.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
    ],
  };
}

/**
 * Reads exactly `table` with its key, writes exactly one table of one catalog database, and one log group. That these
 * actions are enough for AWS's crawlers is our reading of the documentation, which lists more than a crawler of DynamoDB uses.
 */
export function crawlerPolicy(
  table: Pick<DynamodbTable, 'TableArn' | 'kmsKeyArn'>,
  catalog: { DatabaseName: string; TableName: string },
  place: PolicyPlace,
): PolicyDocument {
  const { partition, region, accountId } = place;
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const logGroup = arn('logs', `log-group:${CRAWLER_LOG_GROUP}`);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadTable',
        Effect: 'Allow',
        Action: ['dynamodb:DescribeTable', 'dynamodb:Scan'],
        Resource: table.TableArn,
      },
      ...(table.kmsKeyArn === undefined ? [] : [decryption(table.kmsKeyArn, place)]),
      {
        Sid: 'WriteCatalogTable',
        Effect: 'Allow',
        Action: ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
        Resource: [
          arn('glue', 'catalog'),
          arn('glue', `database/${catalog.DatabaseName}`),
          arn('glue', `table/${catalog.DatabaseName}/${catalog.TableName}`),
        ],
      },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [logGroup, `${logGroup}:*`],
      },
    ],
  };
}

function decryption(kmsKeyArn: string, { partition, region }: PolicyPlace): PolicyStatement {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    Sid: 'DecryptTable',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey'],
    Resource: kmsKeyArn,
    Condition: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.${suffix}` } },
  };
}

/** As IAM counts them against its quota. */
export function policyCharacters(document: PolicyDocument): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}

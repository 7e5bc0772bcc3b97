// DynamoDB operations on tables, and what else a client asks of a table.
import type { ContinuousBackupsDescription } from '@aws-sdk/client-dynamodb';
import type { DynamoDb } from '../../dynamodb/open-dynamodb.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';

// AWS docs: ListTables, "a maximum of 100 table names".
const PAGE_MAX = 100;

// AWS says that every table has them; nothing backs one up here.
const NO_BACKUPS: ContinuousBackupsDescription = {
  ContinuousBackupsStatus: 'DISABLED',
  PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
};

export function tableOperations({ tables, timeToLive }: DynamoDb) {
  const nameOf = (nameOrArn: string) => tables.describe(nameOrArn).TableName as string;
  return {
    CreateTable: (input, context) => ({ TableDescription: tables.create(input, context) }),
    DescribeTable: ({ TableName }) => ({ Table: tables.describe(TableName) }),
    UpdateTable: (input, context) => ({ TableDescription: tables.update(input, context) }),
    DeleteTable: ({ TableName }, context) => ({ TableDescription: tables.delete(TableName, context) }),
    ListTables({ ExclusiveStartTableName, Limit = PAGE_MAX }) {
      const after = ExclusiveStartTableName === undefined ? {} : { after: ExclusiveStartTableName };
      const names = tables.names({ ...after, count: Limit + 1 });
      const page = names.slice(0, Limit);
      return {
        TableNames: page,
        ...(names.length > Limit ? { LastEvaluatedTableName: page.at(-1) } : {}),
      };
    },
    DescribeTimeToLive: ({ TableName }) => ({
      TimeToLiveDescription: timeToLive.describe(nameOf(TableName)),
    }),
    UpdateTimeToLive({ TableName, TimeToLiveSpecification }) {
      timeToLive.update(nameOf(TableName), TimeToLiveSpecification);
      return { TimeToLiveSpecification };
    },
    DescribeContinuousBackups({ TableName }) {
      nameOf(TableName);
      return { ContinuousBackupsDescription: NO_BACKUPS };
    },
    UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification }) {
      nameOf(TableName);
      if (PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled) {
        throw new AwsError(
          'ValidationException',
          'PointInTimeRecoveryEnabled true is not supported here: nothing could be restored. Leave it out; gluepot local backup saves the whole data directory.',
        );
      }
      return { ContinuousBackupsDescription: NO_BACKUPS };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-dynamodb')>;
}

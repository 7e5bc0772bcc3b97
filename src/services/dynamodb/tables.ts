// DynamoDB operations on tables, and what else a client asks of a table.
import type { DynamoDb } from '../../dynamodb/open-dynamodb.js';
import type { Operations } from '../../wire/service.js';

// AWS docs: ListTables, "a maximum of 100 table names".
const PAGE_MAX = 100;

export function tableOperations({ tables }: DynamoDb) {
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
    DescribeTimeToLive({ TableName }) {
      tables.describe(TableName);
      return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
    },
    // AWS says that every table has them; nothing backs one up here (see gluepot local backup).
    DescribeContinuousBackups({ TableName }) {
      tables.describe(TableName);
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'DISABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-dynamodb')>;
}

// DynamoDB tables as the catalog sees them: what DescribeTable says that matters to a crawl.
import type { TableDescription } from '@aws-sdk/client-dynamodb';

export interface DynamodbTable {
  TableName: string;
  TableArn: string;
  /** `CREATING`, `ACTIVE`, ... */
  TableStatus: string;
  keys: readonly { AttributeName: string; KeyType: 'HASH' | 'RANGE'; AttributeType: 'S' | 'N' | 'B' }[];
  /** Both as AWS counts them, about every six hours. */
  ItemCount: number;
  TableSizeBytes: number;
  billing: 'provisioned' | 'on-demand';
  /** Provisioned read capacity units, or the maximum that an on-demand table was given; undefined without one. */
  readUnitsPerSecond: number | undefined;
  /** ARN of the KMS key; undefined when DynamoDB's own key encrypts the table. */
  kmsKeyArn: string | undefined;
}

/** @param table as DescribeTable answers it */
export function toDynamodbTable(table: TableDescription): DynamodbTable {
  const types = new Map(
    (table.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [
      AttributeName,
      AttributeType,
    ]),
  );
  const isOnDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const onDemandMax = table.OnDemandThroughput?.MaxReadRequestUnits;
  const units = isOnDemand ? onDemandMax : table.ProvisionedThroughput?.ReadCapacityUnits;
  return {
    TableName: table.TableName as string,
    TableArn: table.TableArn as string,
    TableStatus: table.TableStatus ?? 'ACTIVE',
    keys: (table.KeySchema ?? []).map(({ AttributeName, KeyType }) => ({
      AttributeName: AttributeName as string,
      KeyType: KeyType as 'HASH' | 'RANGE',
      AttributeType: types.get(AttributeName) ?? 'S',
    })),
    ItemCount: table.ItemCount ?? 0,
    TableSizeBytes: table.TableSizeBytes ?? 0,
    billing: isOnDemand ? 'on-demand' : 'provisioned',
    // DescribeTable says 0 or -1 where there is none.
    readUnitsPerSecond: units !== undefined && units > 0 ? units : undefined,
    kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn,
  };
}

// What a table is described as: made by CreateTable, altered by UpdateTable.
import type {
  BillingMode,
  CreateTableInput,
  GlobalSecondaryIndexDescription,
  ProvisionedThroughput,
  ProvisionedThroughputDescription,
  SSESpecification,
  TableClass,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../wire/aws-error.js';
import { tableArn } from './table-name.js';

/** As it is stored: without what is counted. */
export type StoredDescription = TableDescription &
  Required<Pick<TableDescription, 'TableName' | 'TableArn' | 'KeySchema' | 'AttributeDefinitions'>>;

export interface DescriptionContext {
  region: string;
  accountId: string;
  now: Date;
}

/** Members of CreateTable and UpdateTable that would be a promise which is not kept here. */
const UNSUPPORTED = [
  'StreamSpecification',
  'ReplicaUpdates',
  'ResourcePolicy',
  'WarmThroughput',
  'OnDemandThroughput',
  'MultiRegionConsistency',
  'GlobalTableWitnessUpdates',
  'GlobalTableSettingsReplicationMode',
  'GlobalTableSourceArn',
] as const;

/** @throws AwsError ValidationException naming a member that is not supported here */
export function refuseUnsupported(operation: string, input: object): void {
  for (const name of UNSUPPORTED) {
    const value = (input as Record<string, unknown>)[name];
    if (value === undefined || isStreamOff(name, value)) continue;
    throw new AwsError(
      'ValidationException',
      `${name} of ${operation} is not supported here yet: ${JSON.stringify(value)}. Leave it out.`,
    );
  }
}

function isStreamOff(name: string, value: unknown): boolean {
  return name === 'StreamSpecification' && (value as { StreamEnabled?: boolean }).StreamEnabled === false;
}

/** `input` has been checked. */
export function describeNew(
  input: CreateTableInput,
  { region, accountId, now, tableId }: DescriptionContext & { tableId: string },
): StoredDescription {
  const TableName = input.TableName as string;
  const TableArn = tableArn(region, accountId, TableName);
  const { AttributeDefinitions = [], KeySchema = [], BillingMode, TableClass, SSESpecification } = input;
  return {
    AttributeDefinitions,
    TableName,
    KeySchema,
    TableStatus: 'ACTIVE',
    CreationDateTime: now,
    ProvisionedThroughput: throughput(input.ProvisionedThroughput),
    TableArn,
    TableId: tableId,
    ...billing(BillingMode, now),
    ...(input.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: input.LocalSecondaryIndexes.map((index) => ({
        ...index,
        IndexArn: `${TableArn}/index/${index.IndexName}`,
      })),
    }),
    ...(input.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: input.GlobalSecondaryIndexes.map((index) => describeIndex(index, TableArn)),
    }),
    ...encryption(SSESpecification, region, accountId),
    ...tableClass(TableClass, undefined),
    DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
  };
}

export function describeIndex(
  index: Pick<GlobalSecondaryIndexDescription, 'IndexName' | 'KeySchema' | 'Projection'> & {
    ProvisionedThroughput?: ProvisionedThroughput | undefined;
  },
  arnOfTable: string,
): GlobalSecondaryIndexDescription {
  const { IndexName, KeySchema, Projection } = index;
  return {
    IndexName,
    KeySchema,
    Projection,
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: throughput(index.ProvisionedThroughput),
    IndexArn: `${arnOfTable}/index/${IndexName}`,
  };
}

/** A table on demand says 0 units. */
export function throughput(
  given: ProvisionedThroughput | undefined,
  before?: ProvisionedThroughputDescription,
): ProvisionedThroughputDescription {
  return {
    ...before,
    NumberOfDecreasesToday: before?.NumberOfDecreasesToday ?? 0,
    ReadCapacityUnits: given?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: given?.WriteCapacityUnits ?? 0,
  };
}

/** A table that was always provisioned has no summary. */
export function billing(
  mode: BillingMode | undefined,
  now: Date,
): Pick<TableDescription, 'BillingModeSummary'> {
  if (mode !== 'PAY_PER_REQUEST') return {};
  return {
    BillingModeSummary: { BillingMode: mode, LastUpdateToPayPerRequestDateTime: now },
  };
}

/** What is told of the key; nothing is encrypted here. AWS: with `Enabled` false the key is AWS's own, and not told. */
export function encryption(
  specification: SSESpecification | undefined,
  region: string,
  accountId: string,
): Pick<TableDescription, 'SSEDescription'> {
  if (!specification?.Enabled) return {};
  const key = specification.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  return {
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: keyArn(key, region, accountId) },
  };
}

// AWS tells the key that an alias leads to; there are no keys here, so that the alias stands for it. A guess of form only.
function keyArn(key: string, region: string, accountId: string): string {
  if (key.startsWith('arn:')) return key;
  return `arn:aws:kms:${region}:${accountId}:${key.startsWith('alias/') ? key : `key/${key}`}`;
}

export function tableClass(
  given: TableClass | undefined,
  updatedAt: Date | undefined,
): Pick<TableDescription, 'TableClassSummary'> {
  return given
    ? { TableClassSummary: { TableClass: given, ...(updatedAt && { LastUpdateDateTime: updatedAt }) } }
    : {};
}

// What UpdateTable makes of a table's description: decided here, done in tables.ts.
import type { GlobalSecondaryIndexDescription, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../wire/aws-error.js';
import {
  billing,
  describeIndex,
  encryption,
  tableClass,
  throughput,
  type DescriptionContext,
  type StoredDescription,
} from './table-description.js';

export interface TableUpdate {
  description: StoredDescription;
  createdIndexes: GlobalSecondaryIndexDescription[];
  /** Names. */
  deletedIndexes: string[];
}

/** @throws AwsError ValidationException, ResourceNotFoundException for an index that is not there */
export function decideUpdate(
  before: StoredDescription,
  input: UpdateTableInput,
  context: DescriptionContext,
): TableUpdate {
  const { now, region, accountId } = context;
  requireChange(input);
  const isOnDemand = before.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const mode = input.BillingMode ?? (isOnDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED');
  if (input.ProvisionedThroughput && mode === 'PAY_PER_REQUEST') {
    throw invalid(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (input.BillingMode === 'PROVISIONED' && !input.ProvisionedThroughput) {
    throw invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  refuseSameThroughput(before, input, mode !== 'PAY_PER_REQUEST' && !isOnDemand);
  const indexes = new Map(
    (before.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName as string, index]),
  );
  const createdIndexes: GlobalSecondaryIndexDescription[] = [];
  const deletedIndexes: string[] = [];
  for (const { Create, Update, Delete } of input.GlobalSecondaryIndexUpdates ?? []) {
    if (Create) {
      const index = describeIndex(Create, before.TableArn);
      if (indexes.has(Create.IndexName as string)) {
        throw new AwsError(
          'ValidationException',
          `One or more parameter values were invalid: Duplicate index name: ${Create.IndexName}`,
        );
      }
      requireDefined(index, input.AttributeDefinitions ?? before.AttributeDefinitions);
      indexes.set(Create.IndexName as string, index);
      createdIndexes.push(index);
    }
    const named = Update?.IndexName ?? Delete?.IndexName;
    if (named !== undefined && !indexes.has(named)) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
    if (Update) {
      const index = indexes.get(Update.IndexName as string);
      indexes.set(Update.IndexName as string, {
        ...index,
        ProvisionedThroughput: throughput(Update.ProvisionedThroughput, index?.ProvisionedThroughput),
      });
    }
    if (Delete) {
      indexes.delete(Delete.IndexName as string);
      deletedIndexes.push(Delete.IndexName as string);
    }
  }
  const description: StoredDescription = {
    ...before,
    AttributeDefinitions: usedDefinitions(before, input, [...indexes.values()]),
    ...(input.ProvisionedThroughput || mode === 'PAY_PER_REQUEST'
      ? { ProvisionedThroughput: throughput(input.ProvisionedThroughput, before.ProvisionedThroughput) }
      : {}),
    ...(mode === 'PAY_PER_REQUEST' && !isOnDemand ? billing(mode, now) : {}),
    ...(mode === 'PROVISIONED' && isOnDemand
      ? { BillingModeSummary: { ...before.BillingModeSummary, BillingMode: mode } }
      : {}),
    ...(indexes.size > 0 ? { GlobalSecondaryIndexes: [...indexes.values()] } : {}),
    ...tableClass(input.TableClass, now),
    ...encryption(input.SSESpecification, region, accountId),
    ...(input.DeletionProtectionEnabled === undefined
      ? {}
      : { DeletionProtectionEnabled: input.DeletionProtectionEnabled }),
  };
  if (indexes.size === 0) delete description.GlobalSecondaryIndexes;
  if (input.SSESpecification?.Enabled === false) delete description.SSEDescription;
  return { description, createdIndexes, deletedIndexes };
}

const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'GlobalSecondaryIndexUpdates',
  'SSESpecification',
  'TableClass',
  'DeletionProtectionEnabled',
] as const;

function requireChange(input: UpdateTableInput): void {
  if (CHANGES.some((name) => input[name] !== undefined)) return;
  throw new AwsError('ValidationException', `At least one of ${CHANGES.join(', ')} is required`);
}

function invalid(why: string): AwsError {
  return new AwsError('ValidationException', `One or more parameter values were invalid: ${why}`);
}

// DynamoDB refuses an update of the throughput to what it is.
function refuseSameThroughput(
  { ProvisionedThroughput: before }: StoredDescription,
  { ProvisionedThroughput: given }: UpdateTableInput,
  isProvisioned: boolean,
): void {
  const isSame =
    given?.ReadCapacityUnits === before?.ReadCapacityUnits &&
    given?.WriteCapacityUnits === before?.WriteCapacityUnits;
  if (!given || !isProvisioned || !isSame) return;
  throw new AwsError(
    'ValidationException',
    'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
      `Current ReadCapacityUnits provisioned for the table: ${before?.ReadCapacityUnits}. ` +
      `Requested ReadCapacityUnits: ${given.ReadCapacityUnits}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${before?.WriteCapacityUnits}. ` +
      `Requested WriteCapacityUnits: ${given.WriteCapacityUnits}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  );
}

function requireDefined(
  index: GlobalSecondaryIndexDescription,
  definitions: StoredDescription['AttributeDefinitions'],
): void {
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const keys = (index.KeySchema ?? []).map(({ AttributeName }) => AttributeName);
  if (keys.every((key) => defined.includes(key))) return;
  throw invalid(
    'Some index key attributes are not defined in AttributeDefinitions. ' +
      `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
  );
}

// Definitions are of keys only: those of an index go with it.
function usedDefinitions(
  before: StoredDescription,
  input: UpdateTableInput,
  globalIndexes: GlobalSecondaryIndexDescription[],
): StoredDescription['AttributeDefinitions'] {
  const schemas = [before, ...(before.LocalSecondaryIndexes ?? []), ...globalIndexes];
  const used = new Set(
    schemas.flatMap(({ KeySchema = [] }) => KeySchema.map(({ AttributeName }) => AttributeName)),
  );
  const given = new Map(
    [...before.AttributeDefinitions, ...(input.AttributeDefinitions ?? [])].map((definition) => [
      definition.AttributeName,
      definition,
    ]),
  );
  return [...given.values()].filter(({ AttributeName }) => used.has(AttributeName));
}

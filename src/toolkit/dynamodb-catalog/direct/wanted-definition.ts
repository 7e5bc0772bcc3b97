// The catalog table that a sample asks for, and what of the table that is there stays. Pure.
import { createHash } from 'node:crypto';
import type { Column, TableInput } from '@aws-sdk/client-glue';
import { CATALOG_PARAMETER, SCHEMA_PARAMETERS } from '../catalog-table.js';
import type { CatalogScope } from '../catalog-scope.js';
import type { DynamodbTable } from '../dynamodb-table.js';
import type { SampledTable } from './sample-table.js';

/** Hash of the definition as it was last written here: whoever changes the table does not know to change this. */
export const DEFINITION_PARAMETER = 'gluepot.definition';

/**
 * @param current the table as it is, when it is ours: columns that the sample does not have stay, for a sample does not
 *   prove that an attribute is gone; so do the parameters that link it to its schema
 */
export function wantedDefinition(
  Name: string,
  table: DynamodbTable,
  sampled: SampledTable,
  { stack }: Pick<CatalogScope, 'stack'>,
  current?: TableInput,
): TableInput {
  const keyOf = (type: 'HASH' | 'RANGE') => table.keys.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const [hashKey, rangeKey] = [keyOf('HASH'), keyOf('RANGE')];
  const before = current?.StorageDescriptor;
  const definition: TableInput = {
    Name,
    Description: `DynamoDB table ${table.TableName}`,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [],
    Parameters: {
      ...current?.Parameters,
      classification: 'dynamodb',
      typeOfData: 'table',
      ...(hashKey === undefined ? {} : { hashKey }),
      ...(rangeKey === undefined ? {} : { rangeKey }),
      [CATALOG_PARAMETER]: stack,
    },
    StorageDescriptor: {
      Columns: mergeColumns(columnsOf(sampled), before?.Columns ?? []),
      Location: table.TableArn,
      Compressed: false,
      NumberOfBuckets: -1,
      SerdeInfo: { Parameters: {} },
      Parameters: { classification: 'dynamodb' },
      StoredAsSubDirectories: false,
    },
  };
  return signed(definition);
}

function columnsOf({ attributes, items }: SampledTable): Column[] {
  return attributes.map(({ column, hiveType, types, presence }) => ({
    Name: column,
    Type: hiveType,
    Comment: `${types.join(', ')}; in ${presence} % of ${items} items`,
  }));
}

/** How often an attribute was seen changes with every sample; by itself that is no reason to write the table anew. */
function mergeColumns(sampled: readonly Column[], before: readonly Column[]): Column[] {
  const old = new Map(before.map((column) => [column.Name, column]));
  const columns = sampled.map((column) => {
    const known = old.get(column.Name);
    old.delete(column.Name);
    return known && isSameColumn(known, column) ? known : column;
  });
  return [...columns, ...old.values()];
}

function isSameColumn(one: Column, other: Column): boolean {
  const typesOf = ({ Comment = '' }: Column) => Comment.split(';')[0];
  return one.Type === other.Type && typesOf(one) === typesOf(other);
}

/** The definition with the hash of all the rest in it. */
export function signed(definition: TableInput): TableInput {
  const Parameters = { ...definition.Parameters, [DEFINITION_PARAMETER]: signatureOf(definition) };
  return { ...definition, Parameters };
}

/** True when the table is as it was last written here. */
export function isAsWritten(definition: TableInput): boolean {
  return definition.Parameters?.[DEFINITION_PARAMETER] === signatureOf(definition);
}

function signatureOf({ StorageDescriptor, Description, Parameters }: TableInput): string {
  const own = Object.entries(Parameters ?? {}).filter(
    ([name]) => name !== DEFINITION_PARAMETER && !name.startsWith(SCHEMA_PARAMETERS),
  );
  const { Columns = [], Location } = StorageDescriptor ?? {};
  const columns = Columns.map(({ Name, Type, Comment }) => [Name, Type, Comment ?? '']);
  const text = JSON.stringify([Description, Location, columns, own.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

// Decide: the table that a crawler writes for a DynamoDB table.
//
// No table that AWS's crawlers made of one is published: names of parameters are from AWS's documentation, what stands
// where is a guess. It has no formats, as nothing reads it as files.
import type { Column } from '@aws-sdk/client-glue';
import { mergeHiveTypes } from '../../tabular/merge-hive-types.js';
import { formatHiveType, type HiveType } from '../../tabular/hive-type.js';
import type { ScannedTable } from '../observe/scan-table.js';
import { filelessTable } from './fileless-table-input.js';
import { identityParameters, type CrawledTable, type CrawlIdentity } from './table-input.js';

export function crawledDynamodbTable(
  found: ScannedTable,
  name: string,
  identity: CrawlIdentity,
): CrawledTable {
  const { location, description, itemCount } = found;
  const keyOf = (type: string) =>
    description.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const [hashKey, rangeKey] = [keyOf('HASH'), keyOf('RANGE')];
  const { ItemCount = 0, TableSizeBytes = 0 } = description;
  const parameters: Record<string, string> = {
    ...identityParameters(identity),
    classification: 'dynamodb',
    compressionType: 'none',
    typeOfData: 'table',
    averageRecordSize: String(ItemCount === 0 ? 0 : Math.floor(TableSizeBytes / ItemCount)),
    recordCount: String(ItemCount),
    sizeKey: String(TableSizeBytes),
    ...(hashKey === undefined ? {} : { hashKey }),
    ...(rangeKey === undefined ? {} : { rangeKey }),
  };
  return filelessTable({
    name,
    columns: columnsOf(found, [hashKey, rangeKey]),
    location,
    parameters,
    reason: `${itemCount} items of ${location} were read, ${found.attributes.size} attributes seen.`,
  });
}

/** Attributes that differ only in case are one column, of a type that holds both. */
function columnsOf(found: ScannedTable, keys: readonly (string | undefined)[]): Column[] {
  const types = new Map<string, HiveType>();
  for (const [attribute, type] of [...keyTypes(found), ...observedTypes(found)]) {
    const name = columnName(attribute);
    const known = types.get(name);
    types.set(name, known ? mergeHiveTypes(known, type) : type);
  }
  const keyNames = keys.flatMap((key) => (key === undefined ? [] : [columnName(key)]));
  return columnOrder([...types.keys()], keyNames).map((name) => ({
    Name: name,
    Type: formatHiveType(types.get(name) as HiveType),
  }));
}

/** DynamoDB's items have no order: keys first, then by name, so that the same attributes make the same table. A guess. */
function columnOrder(names: readonly string[], keyNames: readonly string[]): string[] {
  const others = names.filter((name) => !keyNames.includes(name)).sort();
  return [...new Set(keyNames), ...others];
}

// A table has its keys even when it is empty; their numbers are known to be such and no more.
function keyTypes({ description, itemCount }: ScannedTable): [string, HiveType][] {
  if (itemCount > 0) return [];
  return (description.AttributeDefinitions ?? [])
    .filter(({ AttributeName }) => description.KeySchema?.some((key) => key.AttributeName === AttributeName))
    .map(({ AttributeName, AttributeType }) => [
      AttributeName as string,
      { kind: 'primitive', name: KEY_TYPES[AttributeType as keyof typeof KEY_TYPES] },
    ]);
}

const KEY_TYPES = { S: 'string', N: 'bigint', B: 'binary' } as const;

function observedTypes({ attributes }: ScannedTable): [string, HiveType][] {
  return [...attributes].map(([name, observation]) => [name, observation.toHiveType()]);
}

// The catalog takes one line of up to 255 characters as a name, which an attribute may exceed; the cut is a guess.
function columnName(attribute: string): string {
  return attribute
    .toLowerCase()
    .replace(/\p{Cc}/gu, '_')
    .slice(0, COLUMN_NAME_LENGTH_MAX);
}

const COLUMN_NAME_LENGTH_MAX = 255;

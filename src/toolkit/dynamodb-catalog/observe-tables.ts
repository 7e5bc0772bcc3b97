// What DynamoDB tables there are, and which of them are asked for.
import {
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../../aws/aws-failure.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogScope } from './catalog-scope.js';
import { toDynamodbTable, type DynamodbTable } from './dynamodb-table.js';
import { tableMatcher, type CatalogSettings } from './settings.js';

export interface ObservedTables {
  /** In the order of their names. */
  tables: DynamodbTable[];
  /** Names of tables that are there and were not asked for. */
  excluded: string[];
  /** Names of all tables that names ask for, whatever their tags. */
  named: string[];
}

/**
 * Tables that are deleted while they are looked at are neither in `tables` nor in `excluded`.
 * @param only looks at these tables alone
 */
export async function observeTables(
  scope: CatalogScope,
  settings: Pick<CatalogSettings, 'include' | 'exclude' | 'tags' | 'concurrency'>,
  only?: ReadonlySet<string>,
): Promise<ObservedTables> {
  const isNamed = tableMatcher(settings);
  const isAskedFor = (name: string) => isNamed(name) && (only?.has(name) ?? true);
  const names = await listTableNames(scope);
  const found = await mapConcurrently(names.filter(isAskedFor), settings.concurrency, async (name) => {
    const table = await describeTable(scope, name);
    const isTagged = table && (await hasTags(scope, table, settings.tags));
    return { name, table, isTagged };
  });
  return {
    tables: found.flatMap(({ table, isTagged }) => (table && isTagged ? [table] : [])),
    named: names.filter(isNamed),
    excluded: [
      ...names.filter((name) => !isAskedFor(name)),
      ...found.filter(({ table, isTagged }) => table && !isTagged).map(({ name }) => name),
    ],
  };
}

/** All there are, in order. */
export async function listTableNames({ clients, signal }: CatalogScope): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListTables({ client: clients.dynamodb }, {}, { abortSignal: signal });
  for await (const page of pages) names.push(...(page.TableNames ?? []));
  return names.sort();
}

/** Undefined only when DynamoDB says that there is no such table. */
export async function describeTable(
  { clients, signal }: CatalogScope,
  TableName: string,
): Promise<DynamodbTable | undefined> {
  try {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName }), {
      abortSignal: signal,
    });
    return Table && toDynamodbTable(Table);
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

async function hasTags(
  { clients, signal }: CatalogScope,
  { TableArn }: DynamodbTable,
  wanted: Readonly<Record<string, string>>,
): Promise<boolean> {
  const left = new Map(Object.entries(wanted));
  if (left.size === 0) return true;
  let NextToken: string | undefined;
  do {
    const page = await clients.dynamodb.send(
      new ListTagsOfResourceCommand({ ResourceArn: TableArn, NextToken }),
      { abortSignal: signal },
    );
    for (const { Key = '', Value } of page.Tags ?? []) if (left.get(Key) === Value) left.delete(Key);
    NextToken = page.NextToken;
  } while (NextToken);
  return left.size === 0;
}

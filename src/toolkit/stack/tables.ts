// Tables of a stack's database as a crawler left them.
import { GetTableCommand, paginateGetTables, type Table } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import type { StackScope } from './stack-scope.js';

export interface TableSummary {
  Name: string;
  classification: string | undefined;
  recordCount: number | undefined;
  averageRecordSize: number | undefined;
  Location: string | undefined;
  columns: { Name: string; Type: string }[];
  partitionKeys: { Name: string; Type: string }[];
}

export async function findTable(
  scope: StackScope,
  DatabaseName: string,
  Name: string,
): Promise<Table | undefined> {
  try {
    const { Table } = await scope.clients.glue.send(new GetTableCommand({ DatabaseName, Name }), {
      abortSignal: scope.signal,
    });
    return Table;
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return undefined;
    throw error;
  }
}

/** All tables of a database; none when it is not there. */
export async function listTables(scope: StackScope, DatabaseName: string): Promise<Table[]> {
  const tables: Table[] = [];
  try {
    for await (const page of paginateGetTables(
      { client: scope.clients.glue },
      { DatabaseName },
      { abortSignal: scope.signal },
    )) {
      tables.push(...(page.TableList ?? []));
    }
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
  }
  return tables;
}

export function summarizeTable(table: Table): TableSummary {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const columns = (list: NonNullable<Table['PartitionKeys']> = []) =>
    list.map((column) => ({ Name: column.Name as string, Type: column.Type ?? '' }));
  return {
    Name: table.Name as string,
    classification: table.Parameters?.classification,
    recordCount: number(table.Parameters?.recordCount),
    averageRecordSize: number(table.Parameters?.averageRecordSize),
    Location: table.StorageDescriptor?.Location,
    columns: columns(table.StorageDescriptor?.Columns),
    partitionKeys: columns(table.PartitionKeys),
  };
}

// The peer of crawl undo: the algorithm of AWS's sample script, one call after the other, as a boto3 script would make them.
// Its comparison of partitions' times is turned round, for as published it deletes those that are to stay.
import { writeFileSync } from 'node:fs';
import {
  paginateGetPartitions,
  paginateGetTables,
  paginateGetTableVersions,
  type Glue,
  type Partition,
  type Table,
  type TableInput,
} from '@aws-sdk/client-glue';

/** Reads all, keeps a backup of the crawler's tables, writes each table's newest version from before, deletes what is newer. */
export async function undoAsOriginal(
  client: Glue,
  {
    crawlerName,
    DatabaseName,
    since,
    backupFile,
  }: { crawlerName: string; DatabaseName: string; since: Date; backupFile: string },
): Promise<void> {
  const backup: object[] = [];
  const toWrite: Table[] = [];
  const tablesToDelete: string[] = [];
  const partitionsToDelete: [TableName: string, Values: string[]][] = [];
  const tables: Table[] = [];
  for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName })) {
    tables.push(...TableList.filter(isOfCrawler));
  }
  for (const table of tables) {
    const TableName = table.Name as string;
    backup.push({ type: 'table', database: DatabaseName, item: table });
    const versions: Table[] = [];
    const pages = paginateGetTableVersions({ client }, { DatabaseName, TableName });
    for await (const { TableVersions = [] } of pages) {
      versions.push(...TableVersions.map((version) => version.Table as Table).filter(isOfCrawler));
    }
    const before = versions.filter(({ UpdateTime = new Date(0) }) => UpdateTime <= since);
    const newest = before.sort((one, other) => timeOf(other) - timeOf(one))[0];
    if (newest) toWrite.push(newest);
    else tablesToDelete.push(TableName);
    const partitions: Partition[] = [];
    for await (const page of paginateGetPartitions({ client }, { DatabaseName, TableName })) {
      partitions.push(...(page.Partitions ?? []));
    }
    for (const partition of partitions) {
      backup.push({ type: 'partition', database: DatabaseName, item: partition });
      if ((partition.CreationTime as Date) > since) {
        partitionsToDelete.push([TableName, partition.Values ?? []]);
      }
    }
  }
  writeFileSync(backupFile, backup.map((line) => `${JSON.stringify(line)}\n`).join(''));
  for (const table of toWrite) await client.updateTable({ DatabaseName, TableInput: inputOf(table) });
  for (const Name of tablesToDelete) await client.deleteTable({ DatabaseName, Name });
  const gone = new Set(tablesToDelete);
  for (const [TableName, PartitionValues] of partitionsToDelete) {
    if (!gone.has(TableName)) await client.deletePartition({ DatabaseName, TableName, PartitionValues });
  }

  function isOfCrawler({ Parameters }: Table): boolean {
    return Parameters?.['UPDATED_BY_CRAWLER'] === crawlerName;
  }
}

function timeOf({ UpdateTime }: Table): number {
  return UpdateTime?.getTime() ?? 0;
}

function inputOf(table: Table): TableInput {
  const { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters } =
    table;
  return { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters };
}

// Makes, updates and removes tables.
import {
  BatchDeleteTableCommand,
  CreateTableCommand,
  UpdateTableCommand,
  type TableInput,
} from '@aws-sdk/client-glue';
import { sentOnce } from '../../aws/sent-once.js';
import type { WriteObjects } from './object-writer.js';
import { tableWithEmptyMembers } from './with-empty-members.js';
import { itemFailure } from './write-failure.js';

/** AWS's model: BatchDeleteTable takes so many. */
export const TABLES_DELETED_MAX = 100;

/** One at a time. The update is of the version that was read: AWS refuses it when there is another by now. */
export const writeTable: WriteObjects = async ({ glue, CatalogId }, items) => {
  for (const { change, found } of items) {
    const { DatabaseName } = change.key;
    const TableInput = tableWithEmptyMembers(change.wanted as TableInput);
    const VersionId = found?.provenance.VersionId;
    if (found) await glue.send(new UpdateTableCommand({ CatalogId, DatabaseName, TableInput, VersionId }));
    else await glue.send(new CreateTableCommand({ CatalogId, DatabaseName, TableInput }));
  }
  return items.map(() => undefined);
};

/** Tables of one database, at most TABLES_DELETED_MAX. */
export const deleteTables: WriteObjects = async ({ glue, CatalogId }, items) => {
  const names = items.map(({ change: { key } }) => ('TableName' in key ? key.TableName : ''));
  const DatabaseName = items[0]?.change.key.DatabaseName;
  const { Errors = [] } = await glue.send(
    sentOnce(new BatchDeleteTableCommand({ CatalogId, DatabaseName, TablesToDelete: names })),
  );
  const details = new Map(Errors.map(({ TableName, ErrorDetail }) => [TableName, ErrorDetail ?? {}]));
  return names.map((name) => (details.has(name) ? itemFailure(details.get(name)) : undefined));
};

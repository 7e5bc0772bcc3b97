// DynamoDB's tables: made, described, changed, deleted, tagged. They are ready at once, as nothing has to be provided.
import type { CreateTableInput, TableDescription, Tag, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { EmitEvent } from '../events/event.js';
import { parseDocument, stringifyDocument } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { wireForm } from './attribute-value.js';
import type { Collections } from './collection.js';
import { validated } from './dynalite.js';
import { indexesOf, type IndexedTable } from './index-entries.js';
import { describeNew, refuseUnsupported, type StoredDescription } from './table-description.js';
import { tableEvent, type Caller } from './table-event.js';
import { fillIndex } from './table-items.js';
import { tableName, tableNotFound } from './table-name.js';
import { decideUpdate } from './update-table.js';

/** Tables by name or ARN. @throws AwsError ResourceNotFoundException for a table that is not there */
export interface Tables {
  /** @throws AwsError ResourceInUseException, ValidationException */
  create(input: CreateTableInput, caller: Caller): TableDescription;
  /** With the items that it has now, and their bytes. */
  describe(nameOrArn: string): TableDescription;
  find(name: string): StoredDescription | undefined;
  /** @throws AwsError ValidationException */
  update(input: UpdateTableInput, caller: Caller): TableDescription;
  /** @throws AwsError ValidationException when it is protected */
  delete(nameOrArn: string, caller: Caller): TableDescription;
  /** In order of names, those after `after`. */
  names(options?: { after?: string; count?: number }): string[];
  tags(nameOrArn: string): Record<string, string>;
  /** @throws AwsError ValidationException for too many */
  setTags(nameOrArn: string, tags: Record<string, string>): void;
}

/** AWS docs: at most so many tags on one table. */
const TAGS_MAX = 50;

export interface TablesContext {
  collections: Collections;
  clock: Clock;
  ids: Ids;
  accountId: string;
  region: string;
  emit: EmitEvent;
}

export function openTables(state: State, context: TablesContext): Tables {
  const { collections, clock, ids, accountId, region, emit } = context;

  const find = (name: string): StoredDescription | undefined => {
    const row = state.sql('SELECT description FROM dynamodb_tables WHERE name = ?').get(name) as
      { description: string } | undefined;
    return row && parseDocument<StoredDescription>(row.description);
  };
  const require = (nameOrArn: string): StoredDescription => {
    const name = tableName(nameOrArn);
    const found = find(name);
    if (found) return found;
    throw tableNotFound(name);
  };
  const counted = (table: StoredDescription): TableDescription => {
    const sizeOf = (index: string) => collections.open(table.TableName, index).size();
    const withSize = <T extends { IndexName?: string | undefined }>(index: T) => {
      const { itemCount, byteCount } = sizeOf(index.IndexName as string);
      return { ...index, ItemCount: itemCount, IndexSizeBytes: byteCount };
    };
    const { itemCount, byteCount } = sizeOf('');
    const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global } = table;
    return {
      ...table,
      ItemCount: itemCount,
      TableSizeBytes: byteCount,
      ...(local && { LocalSecondaryIndexes: local.map(withSize) }),
      ...(global && { GlobalSecondaryIndexes: global.map(withSize) }),
    };
  };
  const check = (input: CreateTableInput) =>
    validated('createTable', wireForm(input) as object, {
      options: { maxItemSize: 0 },
      tableDb: { awsAccountId: accountId, awsRegion: region },
    });
  const tell = (
    eventName: 'CreateTable' | 'UpdateTable' | 'DeleteTable',
    caller: Caller,
    told: { input: object; tableName: string; tableStatus: string },
  ) =>
    emit(
      tableEvent(eventName, { ...caller, ...told, eventId: ids.uuid(), now: clock.now(), accountId, region }),
    );

  return {
    create(input, caller) {
      refuseUnsupported('CreateTable', input);
      const name = tableName(input.TableName as string);
      const named = { ...input, TableName: name };
      check(named);
      const tags = checkedTags(asRecord(input.Tags ?? []));
      if (find(name)) throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
      const description = describeNew(named, {
        region,
        accountId,
        now: clock.now(),
        tableId: ids.uuid(),
      });
      return state.transaction(() => {
        state
          .sql("INSERT INTO dynamodb_tables VALUES (?, ?, '{}', ?)")
          .run(name, stringifyDocument(description), JSON.stringify(tags));
        for (const index of [
          '',
          ...indexesOf(description as IndexedTable).map(({ IndexName }) => IndexName),
        ]) {
          collections.create(name, index as string);
        }
        tell('CreateTable', caller, { input, tableName: name, tableStatus: 'CREATING' });
        return { ...counted(description), TableStatus: 'CREATING' };
      });
    },
    describe: (nameOrArn) => counted(require(nameOrArn)),
    find,
    update(input, caller) {
      refuseUnsupported('UpdateTable', input);
      const before = require(input.TableName as string);
      const name = before.TableName;
      const { description, createdIndexes, deletedIndexes } = decideUpdate(before, input, {
        region,
        accountId,
        now: clock.now(),
      });
      return state.transaction(() => {
        state
          .sql('UPDATE dynamodb_tables SET description = ? WHERE name = ?')
          .run(stringifyDocument(description), name);
        for (const index of deletedIndexes) collections.delete(name, index);
        for (const index of createdIndexes) {
          collections.create(name, index.IndexName as string);
          fillIndex(collections, name, description as IndexedTable, index);
        }
        tell('UpdateTable', caller, { input, tableName: name, tableStatus: 'UPDATING' });
        return { ...counted(description), TableStatus: 'UPDATING' };
      });
    },
    delete(nameOrArn, caller) {
      const table = require(nameOrArn);
      if (table.DeletionProtectionEnabled) {
        throw new AwsError(
          'ValidationException',
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      }
      return state.transaction(() => {
        const last = counted(table);
        state.sql('DELETE FROM dynamodb_tables WHERE name = ?').run(table.TableName);
        tell('DeleteTable', caller, {
          input: { TableName: table.TableName },
          tableName: table.TableName,
          tableStatus: 'DELETING',
        });
        return { ...last, TableStatus: 'DELETING' };
      });
    },
    names: ({ after = '', count = -1 } = {}) =>
      (
        state
          .sql('SELECT name FROM dynamodb_tables WHERE name > ? ORDER BY name LIMIT ?')
          .all(after, count) as { name: string }[]
      ).map(({ name }) => name),
    tags(nameOrArn) {
      const { TableName } = require(nameOrArn);
      const row = state.sql('SELECT tags FROM dynamodb_tables WHERE name = ?').get(TableName);
      return JSON.parse((row as { tags: string }).tags) as Record<string, string>;
    },
    setTags(nameOrArn, tags) {
      const { TableName } = require(nameOrArn);
      state
        .sql('UPDATE dynamodb_tables SET tags = ? WHERE name = ?')
        .run(JSON.stringify(checkedTags(tags)), TableName);
    },
  };
}

function asRecord(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function checkedTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length <= TAGS_MAX) return tags;
  throw new AwsError(
    'ValidationException',
    `A table has at most ${TAGS_MAX} tags, not ${Object.keys(tags).length}.`,
  );
}

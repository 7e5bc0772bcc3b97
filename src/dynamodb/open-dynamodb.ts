// DynamoDB over the state file: tables, and dynalite's actions on their items.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { actionStore, type StoreContext } from './action-store.js';
import { wireForm, type Item } from './attribute-value.js';
import { openCollections } from './collection.js';
import { runAction, validated, type ItemAction } from './dynalite.js';
import type { IndexedTable } from './index-entries.js';
import { tableName } from './table-name.js';
import { openTables, type Tables } from './tables.js';

export type ReadAction = 'getItem' | 'batchGetItem' | 'query' | 'scan';
export type WriteAction = Exclude<ItemAction, ReadAction>;

export interface DynamoDb {
  tables: Tables;
  /**
   * Inputs are in the SDK's form, or with bytes as base64 text; answers are as on the wire.
   * @throws AwsError as DynamoDB: ValidationException, ResourceNotFoundException
   */
  read(action: ReadAction, input: object): Promise<object>;
  /** All of it is written or nothing. @throws AwsError as `read`, and ConditionalCheckFailedException */
  write(action: WriteAction, input: object): object;
}

/** The state must have been opened with dynamodbSchema. */
export function openDynamodb(
  state: State,
  parts: { clock: Clock; ids: Ids; accountId: string; region: string; emit: EmitEvent },
): DynamoDb {
  const { accountId, region } = parts;
  const collections = openCollections(state);
  const tables = openTables(state, { ...parts, collections });
  const context: StoreContext = {
    collections,
    accountId,
    region,
    requireTable(name) {
      const table = tables.find(name);
      if (table) return table as IndexedTable;
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    },
  };

  /** What an action takes, and the store it works on. */
  const prepare = (action: ItemAction, input: object) => {
    const named = withNames(wireForm(input) as Record<string, unknown>);
    const startKey = named['ExclusiveStartKey'] as Item | undefined;
    const store = actionStore(context, startKey);
    return { store, data: validated(action, named, store) };
  };

  return {
    tables,
    async read(action, input) {
      const { store, data } = prepare(action, input);
      return new Promise((resolve, reject) => {
        runAction<object>(action, store, data, (error, result = {}) => {
          if (error) reject(error);
          else resolve(result);
        });
      });
    },
    write(action, input) {
      const { store, data } = prepare(action, input);
      return state.transaction(() => {
        let outcome: { error: Error | null | undefined; result: object } | undefined;
        runAction<object>(action, store, data, (error, result = {}) => (outcome ??= { error, result }));
        // A transaction ends when its body returns, so that an action which is still waiting is a defect.
        if (!outcome) throw new Error(`${action} did not end at once.`);
        if (outcome.error) throw outcome.error;
        return outcome.result;
      });
    },
  };
}

/** The input with names of tables in the place of their ARNs. */
function withNames(input: Record<string, unknown>): Record<string, unknown> {
  const { TableName, RequestItems } = input;
  return {
    ...input,
    ...(typeof TableName === 'string' && { TableName: tableName(TableName) }),
    ...(RequestItems !== undefined && {
      RequestItems: Object.fromEntries(
        Object.entries(RequestItems as object).map(([name, requests]) => [
          tableName(name),
          requests as unknown,
        ]),
      ),
    }),
  };
}

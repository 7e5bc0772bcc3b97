// DynamoDB over the state file: tables, and dynalite's actions on their items.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { silentLog, type Log } from '../base/log.js';
import type { EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { StoreContext } from './action-store.js';
import { openCollections } from './collection.js';
import type { ItemAction } from './dynalite.js';
import type { IndexedTable } from './index-entries.js';
import { prepareAction } from './item-actions.js';
import { openTables, type Tables } from './tables.js';
import { openTimeToLive, type TimeToLive } from './time-to-live.js';
import { openTransactions, type Transactions } from './transactions.js';

export type ReadAction = 'getItem' | 'batchGetItem' | 'query' | 'scan';
export type WriteAction = Exclude<ItemAction, ReadAction>;

export interface DynamoDb {
  tables: Tables;
  transactions: Transactions;
  timeToLive: TimeToLive;
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
  parts: { clock: Clock; ids: Ids; accountId: string; region: string; emit: EmitEvent; log?: Log },
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

  const prepare = (action: ItemAction, input: object) => prepareAction(context, action, input);

  return {
    tables,
    transactions: openTransactions(state, parts.clock, prepare),
    timeToLive: openTimeToLive(state, context, { clock: parts.clock, log: parts.log ?? silentLog }),
    read: async (action, input) => prepare(action, input).start(),
    write(action, input) {
      const prepared = prepare(action, input);
      return state.transaction(() => prepared.run());
    },
  };
}

// One action of dynalite's on the items of a table: prepared from its input, then carried out.
import { AwsError } from '../wire/aws-error.js';
import { actionStore, type StoreContext } from './action-store.js';
import { sdkForm, wireForm, type Item } from './attribute-value.js';
import {
  asAwsError,
  checkCondition,
  dynaliteKeys,
  runAction,
  validated,
  type ItemAction,
} from './dynalite.js';
import { tableItems } from './table-items.js';
import { tableName } from './table-name.js';

/** Which item an action is about. */
export interface ItemPlace {
  TableName: string;
  /** Of the item, the same for all spellings of a number; unlike all others when the input's key is not one of the table. */
  key: string;
}

export interface ActionAnswer {
  Item?: Item;
  ConsumedCapacity?: { CapacityUnits: number };
}

export interface PreparedAction {
  /** Of actions on one item. @throws AwsError ResourceNotFoundException */
  place(): ItemPlace;
  /**
   * What the action answers, at its end at once: all but `query` and `scan`, which are read in turns. Call within a transaction
   * where it writes. @throws AwsError of the action; of a condition that fails, with the item when that was asked for
   */
  run(): ActionAnswer;
  /** Only looks at the action's key and condition. @throws as `run` */
  check(): ActionAnswer;
  /** What the action answers, read in turns. @throws as `run` */
  start(): Promise<object>;
}

/** Inputs are in the SDK's form, or with bytes as base64 text. @throws AwsError ValidationException with DynamoDB's words */
export function prepareAction(context: StoreContext, action: ItemAction, input: object): PreparedAction {
  const given = withNames(wireForm(input) as Record<string, unknown>);
  const { TableName, ReturnValuesOnConditionCheckFailure: onFailure, ...rest } = given;
  const named = { ...rest, ...(TableName === undefined ? {} : { TableName }) };
  const keyHolder = (given['Key'] ?? given['Item'] ?? {}) as Item;
  const store = actionStore(context, given['ExclusiveStartKey'] as Item | undefined);
  const data = validated(action, named, store);
  const table = () => context.requireTable(TableName as string);
  const existing = () => {
    const items = tableItems(context.collections, TableName as string, table());
    return items.get(dynaliteKeys().createKey(keyHolder, table()));
  };
  const withItem = (error: Error): Error => {
    const isWanted = onFailure === 'ALL_OLD' && error.name === 'ConditionalCheckFailedException';
    const item = isWanted ? existing() : undefined;
    return item
      ? new AwsError(error.name, error.message, { members: { Item: sdkForm(item) }, cause: error })
      : error;
  };
  return {
    place() {
      const { validateItem, createKey } = dynaliteKeys();
      const isKey = !validateItem(keyHolder, table());
      return {
        TableName: TableName as string,
        key: isKey ? createKey(keyHolder, table()) : JSON.stringify(keyHolder),
      };
    },
    run() {
      let outcome: { error: Error | null | undefined; result: ActionAnswer } | undefined;
      runAction<ActionAnswer>(action, store, data, (error, result = {}) => (outcome ??= { error, result }));
      // A transaction ends when its body returns, so that an action which is still waiting is a defect.
      if (!outcome) throw new Error(`${action} did not end at once.`);
      if (outcome.error) throw withItem(outcome.error);
      return outcome.result;
    },
    check() {
      const { validateKey } = dynaliteKeys();
      const failure = asAwsError(validateKey(keyHolder, table())) ?? checkCondition(data, existing());
      if (failure) throw withItem(failure);
      return {};
    },
    start: () =>
      new Promise((resolve, reject) => {
        runAction<object>(action, store, data, (error, result = {}) => {
          if (error) reject(error);
          else resolve(result);
        });
      }),
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

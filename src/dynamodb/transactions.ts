// Transactions: up to a hundred actions on items of any tables, all of them or none.
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Item } from './attribute-value.js';
import type { ItemAction } from './dynalite.js';
import type { ActionAnswer, ItemPlace, PreparedAction } from './item-actions.js';

type TransactWriteItem = Partial<Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', object | undefined>>;

/** What both kinds of transactions take; items in the SDK's form, or with bytes as base64 text. */
export interface TransactionInput<T> {
  TransactItems: readonly T[];
  ClientRequestToken?: string | undefined;
  ReturnConsumedCapacity?: string | undefined;
}

export interface Transactions {
  /** @throws AwsError TransactionCanceledException with a reason for each action, IdempotentParameterMismatchException, ValidationException */
  write(input: TransactionInput<TransactWriteItem>): object;
  /** @throws AwsError as the reads of the items */
  get(input: TransactionInput<{ Get: object | undefined }>): object;
}

/** AWS docs, TransactWriteItems: "client token is valid for 10 minutes after the first request that uses it is completed". */
const TOKEN_VALID_MS = 10 * 60_000;

const ACTIONS: Readonly<Record<keyof TransactWriteItem, ItemAction>> = {
  Put: 'putItem',
  Update: 'updateItem',
  Delete: 'deleteItem',
  ConditionCheck: 'deleteItem',
};

/** One action: what it does when it is its turn, and to which item. */
interface Step {
  place: ItemPlace;
  run(): ActionAnswer;
}

interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export function openTransactions(
  state: State,
  clock: Clock,
  prepare: (action: ItemAction, input: object) => PreparedAction,
): Transactions {
  const stepOf = (item: TransactWriteItem, ReturnConsumedCapacity: string | undefined): Step => {
    const given = Object.entries(item).filter(([, action]) => action !== undefined);
    const [kind, input] = (given[0] ?? []) as [keyof TransactWriteItem, object];
    if (given.length !== 1) {
      throw new AwsError(
        'ValidationException',
        'TransactItems can only contain one of Check, Put, Update or Delete',
      );
    }
    const prepared = prepare(ACTIONS[kind], { ...input, ReturnConsumedCapacity });
    return {
      place: prepared.place(),
      run: () => (kind === 'ConditionCheck' ? prepared.check() : prepared.run()),
    };
  };

  const apply = (steps: readonly Step[]): { TableName: string; units: number }[] => {
    const reasons: Reason[] = [];
    const consumed = steps.map(({ place, run }) => {
      try {
        const { ConsumedCapacity } = run();
        reasons.push({ Code: 'None' });
        return { TableName: place.TableName, units: ConsumedCapacity?.CapacityUnits ?? 0 };
      } catch (error) {
        reasons.push(reasonOf(error));
        return { TableName: place.TableName, units: 0 };
      }
    });
    if (reasons.every(({ Code }) => Code === 'None')) return consumed;
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
      { members: { CancellationReasons: reasons } },
    );
  };

  const isRepeated = (token: string, request: string): boolean => {
    const sinceMs = clock.now().getTime() - TOKEN_VALID_MS;
    state.sql('DELETE FROM dynamodb_tokens WHERE used_at <= ?').run(sinceMs);
    const row = state.sql('SELECT request FROM dynamodb_tokens WHERE token = ?').get(token) as
      { request: string } | undefined;
    if (row && row.request !== request) {
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
      );
    }
    if (!row) {
      state.sql('INSERT INTO dynamodb_tokens VALUES (?, ?, ?)').run(token, request, clock.now().getTime());
    }
    return row !== undefined;
  };

  return {
    write({ TransactItems, ClientRequestToken, ReturnConsumedCapacity }) {
      const steps = TransactItems.map((item) => stepOf(item, ReturnConsumedCapacity));
      const places = steps.map(({ place }) => JSON.stringify([place.TableName, place.key]));
      if (new Set(places).size < places.length) {
        throw new AwsError(
          'ValidationException',
          'Transaction request cannot include multiple operations on one item',
        );
      }
      return state.transaction(() => {
        const request = createHash('sha256').update(JSON.stringify(TransactItems)).digest('hex');
        if (ClientRequestToken !== undefined && isRepeated(ClientRequestToken, request)) return {};
        const consumed = apply(steps);
        return consumedCapacity(consumed, ReturnConsumedCapacity, 'WriteCapacityUnits');
      });
    },
    get({ TransactItems, ReturnConsumedCapacity }) {
      const gets = TransactItems.map(({ Get }) => {
        const input = { ...Get, ConsistentRead: true, ReturnConsumedCapacity };
        const prepared = prepare('getItem', input);
        return { TableName: prepared.place().TableName, run: () => prepared.run() };
      });
      const answers = gets.map(({ TableName, run }) => ({ TableName, ...run() }));
      const consumed = answers.map(({ TableName, ConsumedCapacity }) => ({
        TableName,
        units: ConsumedCapacity?.CapacityUnits ?? 0,
      }));
      return {
        Responses: answers.map(({ Item }) => (Item ? { Item } : {})),
        ...consumedCapacity(consumed, ReturnConsumedCapacity, 'ReadCapacityUnits'),
      };
    },
  };
}

const REASON_CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
};

/** @throws what is no reason to cancel, but a failure of its own */
function reasonOf(error: unknown): Reason {
  const Code = error instanceof AwsError ? REASON_CODES[error.name] : undefined;
  if (Code === undefined) throw error;
  const { message, members } = error as AwsError;
  return { Code, Message: message, ...members };
}

/** AWS docs, "Capacity management for transactions": each item is read or written twice, to prepare and to commit. */
function consumedCapacity(
  consumed: readonly { TableName: string; units: number }[],
  asked: string | undefined,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): object {
  if (asked === undefined || asked === 'NONE') return {};
  const units = new Map<string, number>();
  for (const one of consumed) units.set(one.TableName, (units.get(one.TableName) ?? 0) + one.units * 2);
  const ConsumedCapacity = [...units].map(([TableName, CapacityUnits]) => ({
    TableName,
    CapacityUnits,
    [kind]: CapacityUnits,
    ...(asked === 'INDEXES' ? { Table: { CapacityUnits, [kind]: CapacityUnits } } : {}),
  }));
  return { ConsumedCapacity };
}

// The parts of dynalite that are used here: what it knows of DynamoDB's inputs, expressions and actions on items.
//
// Not used: its HTTP server, its LevelDB store and its timers. See docs/decisions/0010.
import { createRequire } from 'node:module';
import { AwsError } from '../wire/aws-error.js';
import type { AttributeValue, Item } from './attribute-value.js';

export type ItemAction =
  'batchGetItem' | 'batchWriteItem' | 'deleteItem' | 'getItem' | 'putItem' | 'query' | 'scan' | 'updateItem';

export type Callback<T> = (error: Error | null | undefined, result?: T) => void;

/** What an index or a table says of itself to dynalite's functions on keys. */
export interface KeyedTable {
  KeySchema: { AttributeName: string }[];
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
}

/** A collection of items by keys, as dynalite's actions use one. */
export interface ActionCollection {
  lock(key: string, act: (release: <T>(callback: T) => T) => void): void;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, item: Item, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  createValueStream(range: KeyRange): NodeJS.EventEmitter;
}

export interface KeyRange {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  /** -1 for all. */
  limit?: number;
  reverse?: boolean;
}

/** The store that dynalite's actions work on. */
export interface ActionStore {
  options: { maxItemSize: number };
  tableDb: { awsAccountId: string; awsRegion: string };
  getTable(name: string, ...rest: [boolean, Callback<object>] | [Callback<object>]): void;
  getItemDb(table: string): ActionCollection;
  getIndexDb(kind: string, table: string, index: string): ActionCollection;
}

interface Validation {
  types: object;
  custom?: (data: object, store: unknown) => string | undefined;
}

interface Keys {
  createKey(item: Item, table: KeyedTable): string;
  createIndexKey(item: Item, table: KeyedTable, keySchema: { AttributeName: string }[]): string;
  itemSize(item: Item): number;
  /** Whether it has the table's key, of the right types. */
  validateItem(item: Item, table: KeyedTable): Error | undefined;
  /** Whether it is a key of the table and nothing more. */
  validateKey(key: Item, table: KeyedTable): Error | undefined;
  checkConditional(data: object, existing: Item | undefined): Error | null | undefined;
}

const require = createRequire(import.meta.url);
const load = (path: string): unknown => require(`dynalite/${path}`);

/** Keys sort as DynamoDB sorts items; sizes are in bytes, as DynamoDB counts them. */
export const dynaliteKeys = (): Keys => load('db') as Keys;

/**
 * The input as an action takes it, with its expressions parsed. `input` is used up.
 * @throws AwsError ValidationException with DynamoDB's words
 */
export function validated(
  name: ItemAction | 'createTable',
  input: object,
  store: Pick<ActionStore, 'options' | 'tableDb'>,
): object {
  const { types, custom } = load(`validations/${name}`) as Validation;
  const { checkTypes, checkValidations } = load('validations') as {
    checkTypes(data: object, types: object): object;
    checkValidations(data: object, types: object, custom: unknown, store: unknown): void;
  };
  try {
    const data = checkTypes(input, types);
    checkValidations(data, types, custom, store);
    return data;
  } catch (error) {
    throw asAwsError(error as Error);
  }
}

export function runAction<T>(
  name: ItemAction,
  store: ActionStore,
  data: object,
  callback: Callback<T>,
): void {
  const action = load(`actions/${name}`) as (store: ActionStore, data: object, callback: Callback<T>) => void;
  action(store, data, (error, result) => callback(error ? asAwsError(error) : undefined, result));
}

/** `data` as `validated` gives it. @returns undefined when its condition holds for the item that is there */
export function checkCondition(data: object, existing: Item | undefined): Error | undefined {
  return asAwsError(dynaliteKeys().checkConditional(data, existing) ?? undefined);
}

/** Errors of dynalite have the body of an answer; anything else is a defect and stays as it is. */
export function asAwsError<T extends Error | undefined>(error: T): T | AwsError {
  const { body, statusCode } = (error ?? {}) as { body?: Record<string, unknown>; statusCode?: number };
  if (typeof body?.['__type'] !== 'string') return error;
  const { __type, message, Message, ...members } = body as Record<string, AttributeValue | string>;
  const name = (__type as string).slice((__type as string).indexOf('#') + 1);
  const text = (message ?? Message ?? name) as string;
  return new AwsError(name, text, { statusCode: statusCode ?? 400, members, cause: error });
}

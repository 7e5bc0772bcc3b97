// Definitions as the API takes them back: picked from its answers, written as canonical JSON, compared by hash.
import { hash } from 'node:crypto';
import type {
  ColumnStatistics,
  Database,
  DatabaseInput,
  Partition,
  PartitionIndex,
  PartitionIndexDescriptor,
  PartitionInput,
  Table,
  TableInput,
} from '@aws-sdk/client-glue';
import type { CatalogObjectKind, DefinitionOfKind } from './catalog-object.js';
import { DEFINITION_SHAPES, walkShape } from './definition-shape.js';

/** What of a GetDatabase answer CreateDatabase and UpdateDatabase take. */
export function databaseDefinition(database: Database): DatabaseInput {
  return picked('database', database);
}

/** What of a GetTable answer CreateTable and UpdateTable take. */
export function tableDefinition(table: Table): TableInput {
  return withoutSchemaColumns(picked('table', table));
}

/** What of a GetPartition answer CreatePartition and UpdatePartition take. */
export function partitionDefinition(partition: Partition): PartitionInput {
  return withoutSchemaColumns(picked('partition', partition));
}

/** What of a GetPartitionIndexes answer CreatePartitionIndex takes. */
export function partitionIndexDefinition({ IndexName, Keys = [] }: PartitionIndexDescriptor): PartitionIndex {
  return { IndexName, Keys: Keys.map((key) => key.Name as string) };
}

/** Statistics in the order of their columns' names. */
export function statisticsDefinition(list: readonly ColumnStatistics[]): ColumnStatistics[] {
  return [...picked('table-statistics', list)].sort((one, other) =>
    (one.ColumnName as string) < (other.ColumnName as string) ? -1 : 1,
  );
}

// AWS answers a schema's columns beside the reference to it, and refuses to take both: "Both SchemaReference and Columns
// are populated, only one of them should be populated." (seen in aws-sdk-pandas#2027).
function withoutSchemaColumns<T extends TableInput | PartitionInput>(definition: T): T {
  const { StorageDescriptor } = definition;
  if (StorageDescriptor?.SchemaReference) delete StorageDescriptor.Columns;
  return definition;
}

/** Definitions that JSON writes as `encodeDefinition` would: their members are in its order, and of their leaves only times are no JSON. */
const inOrder = new WeakSet<object>();

function picked<Kind extends CatalogObjectKind>(kind: Kind, answer: unknown): DefinitionOfKind[Kind] {
  const definition = walkShape(DEFINITION_SHAPES[kind], answer, (_, leaf) => leaf) as DefinitionOfKind[Kind];
  if (!isStatistics(kind)) inOrder.add(definition);
  return definition;
}

/** The only definitions with bytes, and with numbers that JSON has not. */
function isStatistics(kind: CatalogObjectKind): boolean {
  return kind === 'table-statistics' || kind === 'partition-statistics';
}

/**
 * A definition as plain JSON: members in alphabetical order, times in ISO 8601, bytes in base64, nothing that is empty.
 * Two definitions that AWS would answer alike are written alike.
 */
export function encodeDefinition<Kind extends CatalogObjectKind>(
  kind: Kind,
  definition: DefinitionOfKind[Kind],
): unknown {
  return walkShape(DEFINITION_SHAPES[kind], definition, (leaf, value) => {
    if (leaf === 'timestamp') return (value as Date).toISOString();
    // JSON has no NaN and no infinities, and statistics of floating columns do.
    if (leaf === 'number') return Number.isFinite(value) ? value : String(value);
    return leaf === 'blob' ? Buffer.from(value as Uint8Array).toString('base64') : value;
  });
}

/** The inverse of `encodeDefinition`. Members that the API does not take are left out. */
export function decodeDefinition<Kind extends CatalogObjectKind>(
  kind: Kind,
  json: unknown,
): DefinitionOfKind[Kind] {
  return walkShape(DEFINITION_SHAPES[kind], json, (leaf, value) => {
    if (leaf === 'timestamp') return new Date(value as string);
    if (leaf === 'number') return Number(value);
    return leaf === 'blob' ? new Uint8Array(Buffer.from(value as string, 'base64')) : value;
  }) as DefinitionOfKind[Kind];
}

const texts = new WeakMap<object, string>();

/** Canonical JSON text: equal texts, equal definitions. Made once, for what was observed or is wanted is never altered. */
export function definitionText<Kind extends CatalogObjectKind>(
  kind: Kind,
  definition: DefinitionOfKind[Kind],
): string {
  let text = texts.get(definition);
  if (text === undefined) {
    text = JSON.stringify(inOrder.has(definition) ? definition : encodeDefinition(kind, definition));
    texts.set(definition, text);
  }
  return text;
}

/** SHA-256 of the canonical JSON, 64 lower-case hexadecimal digits. */
export function definitionHash<Kind extends CatalogObjectKind>(
  kind: Kind,
  definition: DefinitionOfKind[Kind],
): string {
  return sha256(definitionText(kind, definition));
}

/** Whether two definitions of a kind are the same to AWS; undefined stands for an object that is not there. */
export function isSameDefinition<Kind extends CatalogObjectKind>(
  kind: Kind,
  one: DefinitionOfKind[Kind] | undefined,
  other: DefinitionOfKind[Kind] | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  // Most that is compared is equal, and was picked the same way: writing both out would cost five times as much.
  return isSameValue(one, other) || definitionText(kind, one) === definitionText(kind, other);
}

/** True only for what is written alike in any case; bytes are left to be written out. */
function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Date) return other instanceof Date && one.getTime() === other.getTime();
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isSameValue(item, other[index]))
    );
  }
  if (Object.getPrototypeOf(one) !== Object.prototype || Object.getPrototypeOf(other) !== Object.prototype) {
    return false;
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        isSameValue((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
    )
  );
}

/** 64 lower-case hexadecimal digits. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** The same as 32 bytes. */
export function sha256Bytes(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

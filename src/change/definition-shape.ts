// Which members a definition has, at every depth, as the SDK's own schemas say; walks a value along them.
import {
  ColumnStatistics$,
  DatabaseInput$,
  PartitionIndex$,
  PartitionInput$,
  TableInput$,
} from '@aws-sdk/client-glue';
import { NormalizedSchema } from '@smithy/core/schema';
import type { CatalogObjectKind } from './catalog-object.js';

type Schema = Parameters<typeof NormalizedSchema.of>[0];

export type DefinitionShape =
  | { kind: 'structure'; members: () => readonly Member[] }
  | { kind: 'list' | 'map'; item: () => DefinitionShape }
  | { kind: LeafKind };

interface Member {
  name: string;
  shape: DefinitionShape;
  /** See `DEFAULTS`; undefined when AWS answers none. */
  defaultValue: unknown;
  isMeantWhenEmpty: boolean;
}

type LeafKind = 'timestamp' | 'blob' | 'number' | 'plain';

/** Members that the API takes in are the members of its input shapes, here in alphabetical order. */
function shapeOf(schema: NormalizedSchema): DefinitionShape {
  if (schema.isStructSchema()) {
    const members = once(() =>
      [...schema.structIterator()]
        .map(([name, member]): Member => ({
          name,
          shape: shapeOf(member),
          defaultValue: DEFAULTS[name],
          isMeantWhenEmpty: MEANT_WHEN_EMPTY.has(name),
        }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    );
    return { kind: 'structure', members };
  }
  if (schema.isListSchema()) return { kind: 'list', item: once(() => shapeOf(schema.getValueSchema())) };
  if (schema.isMapSchema()) return { kind: 'map', item: once(() => shapeOf(schema.getValueSchema())) };
  if (schema.isTimestampSchema()) return { kind: 'timestamp' };
  if (schema.isNumericSchema()) return { kind: 'number' };
  return { kind: schema.isBlobSchema() ? 'blob' : 'plain' };
}

// Lazy, for a shape may contain itself.
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const structure = (schema: Schema) => shapeOf(NormalizedSchema.of(schema));
const statistics: DefinitionShape = { kind: 'list', item: once(() => structure(ColumnStatistics$)) };

export const DEFINITION_SHAPES: Readonly<Record<CatalogObjectKind, DefinitionShape>> = {
  database: structure(DatabaseInput$),
  table: structure(TableInput$),
  partition: structure(PartitionInput$),
  'partition-index': structure(PartitionIndex$),
  'table-statistics': statistics,
  'partition-statistics': statistics,
};

/** A leaf's new value. */
export type ConvertLeaf = (kind: LeafKind, value: unknown) => unknown;

/** What AWS answers when nobody gave any (seen in GetTable answers; times in tables that Athena makes): the same as nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  Retention: 0,
  Compressed: false,
  NumberOfBuckets: 0,
  StoredAsSubDirectories: false,
  LastAccessTime: 0,
  LastAnalyzedTime: 0,
};

/** An empty list grants nothing, and no list grants AWS's defaults. */
const MEANT_WHEN_EMPTY = new Set(['CreateTableDefaultPermissions']);

/**
 * `value` with the shape's members only, in alphabetical order, its leaves converted. Members that are empty or say what
 * AWS says by itself are left out: nothing, '', [], {} and DEFAULTS. Items of lists and entries of maps all stay.
 */
export function walkShape(shape: DefinitionShape, value: unknown, convert: ConvertLeaf): unknown {
  switch (shape.kind) {
    case 'structure': {
      const given = value as Record<string, unknown>;
      const picked: Record<string, unknown> = {};
      for (const { name, shape: member, defaultValue, isMeantWhenEmpty } of shape.members()) {
        const item = given[name];
        if (item === undefined || item === null || item === '') continue;
        if (defaultValue !== undefined && isDefault(defaultValue, item)) continue;
        const walked = walkShape(member, item, convert);
        if (isMeantWhenEmpty || !isHollow(walked)) picked[name] = walked;
      }
      return picked;
    }
    case 'list':
      return (value as unknown[]).map((item) => walkShape(shape.item(), item, convert));
    case 'map': {
      const given = value as Record<string, unknown>;
      const entries: [string, unknown][] = [];
      for (const key of Object.keys(given).sort()) {
        const item = given[key];
        if (item !== undefined && item !== null) entries.push([key, walkShape(shape.item(), item, convert)]);
      }
      return Object.fromEntries(entries);
    }
    default:
      return convert(shape.kind, value);
  }
}

function isDefault(defaultValue: unknown, value: unknown): boolean {
  return defaultValue === (value instanceof Date ? value.getTime() : value);
}

function isHollow(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

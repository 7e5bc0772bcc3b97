// What a snapshot is made of: one manifest, which names objects by the hash of their content.
import type { PartitionIndex } from '@aws-sdk/client-glue';
import { sha256 } from '../canonical-definition.js';
import type { CatalogHome } from '../catalog-home.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import { DamagedSnapshotError } from './damaged-snapshot-error.js';

/** Grows when a member changes its meaning. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

export interface SnapshotScope {
  /** All when not given. */
  databases?: readonly string[];
  /** A glob over table names: `*` any characters, `?` one, `{a,b}` either; or the names themselves. All when not given. */
  tables?: string | readonly string[];
  /**
   * Column statistics of tables, or also those of partitions, which cost a call or more each. `none` when not given: then
   * a snapshot says nothing about statistics.
   */
  statistics?: 'none' | 'tables' | 'all';
  /** Names of the tables whose partition indexes and statistics are read. Those of all tables when not given. */
  partsOf?: readonly string[];
}

export type SnapshotReason = 'manual' | 'scheduled' | 'pre-crawl' | 'post-crawl' | 'pre-apply' | 'post-apply';

/** An object in the store. */
export interface ObjectReference {
  /** Of the JSON text. */
  sha256: string;
  /** Compressed, in bytes. */
  size: number;
}

export interface ChunkEntry extends ObjectReference {
  /** Partitions in it. */
  count: number;
  /** Values of its first and its last partition, in the order of `partitionOrder`. */
  first: readonly string[];
  last: readonly string[];
}

export interface TableEntry extends ObjectReference {
  TableName: string;
  VersionId?: string;
  /** ISO 8601. */
  UpdateTime?: string;
  /** It was changed each time it was read: its partitions may be older or newer than its definition. */
  isMoving?: true;
  chunks: readonly ChunkEntry[];
}

export interface DatabaseEntry extends ObjectReference {
  DatabaseName: string;
  /** In the order of their names. */
  tables: readonly TableEntry[];
}

export interface SnapshotCounts {
  databases: number;
  tables: number;
  partitions: number;
  /** Tables that were changed each time they were read. */
  moving: number;
}

export interface SnapshotManifest extends CatalogHome {
  schemaVersion: typeof SNAPSHOT_SCHEMA_VERSION;
  id: string;
  /** The snapshot before, whose objects were taken over where nothing had changed. */
  parent?: string;
  /** When reading began, ISO 8601. */
  startedAt: string;
  /** When every table was last seen unchanged, ISO 8601: what this snapshot is a picture of. */
  takenAt: string;
  scope: SnapshotScope;
  reason: SnapshotReason;
  /** What it was taken for, e.g. `crawler`, `crawlId`. */
  labels: Readonly<Record<string, string>>;
  tool: { name: string; version: string };
  counts: SnapshotCounts;
  /** In the order of their names. */
  databases: readonly DatabaseEntry[];
}

/** The JSON of a database's object; definitions as `encodeDefinition` writes them. */
export interface DatabaseObject {
  kind: 'database';
  definition: unknown;
  CreateTime?: string;
}

/** The JSON of a table's object. */
export interface TableObject {
  kind: 'table';
  DatabaseName: string;
  definition: unknown;
  provenance: { VersionId?: string; CreateTime?: string; UpdateTime?: string; CreatedBy?: string };
  /** In the order of their names. */
  indexes: PartitionIndex[];
  /** Only when they were asked for; empty when there were none. */
  statistics?: unknown[];
}

/** One partition, a line of a chunk's object. */
export interface PartitionRecord {
  definition: { Values: string[] };
  CreateTime?: string;
  /** Only when they were asked for; empty when there were none. */
  statistics?: unknown[];
}

export interface ChunkObject {
  kind: 'partitions';
  partitions: PartitionRecord[];
}

/** All objects that a snapshot needs. */
export function* objectsOf(manifest: SnapshotManifest): Generator<ObjectReference> {
  for (const database of manifest.databases) {
    yield database;
    for (const table of database.tables) {
      yield table;
      yield* table.chunks;
    }
  }
}

/** The order of partitions within a table: of their values, as text. */
export function partitionOrder(Values: readonly string[]): string {
  return JSON.stringify(Values);
}

/** Whether a chunk would have a partition, if the table did. */
export function isInChunk({ first, last }: ChunkEntry, Values: readonly string[]): boolean {
  const order = partitionOrder(Values);
  return partitionOrder(first) <= order && order <= partitionOrder(last);
}

/** Readable JSON: a table a line. Its first member is the SHA-256 of the JSON of all the others. */
export function manifestText(manifest: SnapshotManifest): string {
  const { databases, ...head } = manifest;
  const members = Object.entries(head).filter(([, value]) => value !== undefined);
  const lines = [
    `{"checksum":${JSON.stringify(checksumOf(manifest))}`,
    ...members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
    `"databases":[\n${databases.map(databaseText).join(',\n')}\n]}`,
  ];
  return `${lines.join(',\n')}\n`;
}

function databaseText({ tables, ...head }: DatabaseEntry): string {
  const start = JSON.stringify(head).slice(0, -1);
  return `${start},"tables":[${tables.map((table) => `\n${JSON.stringify(table)}`).join(',')}]}`;
}

/** @throws DamagedSnapshotError when it is no manifest, a newer gluepot's, or was altered */
export function parseManifest(name: string, text: string): SnapshotManifest {
  const damaged = (why: string, cause?: unknown) =>
    new DamagedSnapshotError(`The manifest ${name} cannot be used: ${why}.`, { cause });
  let parsed: Omit<SnapshotManifest, 'schemaVersion'> & { schemaVersion: number; checksum: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (error) {
    throw damaged('it is no JSON', error);
  }
  if (typeof parsed !== 'object' || parsed === null) throw damaged('it is no JSON object');
  const { checksum, ...manifest } = parsed;
  const { schemaVersion } = manifest;
  if (schemaVersion !== SNAPSHOT_SCHEMA_VERSION) {
    throw damaged(`its schemaVersion is ${schemaVersion}, and this gluepot knows ${SNAPSHOT_SCHEMA_VERSION}`);
  }
  const known: SnapshotManifest = { ...manifest, schemaVersion: SNAPSHOT_SCHEMA_VERSION };
  if (checksum !== checksumOf(known)) throw damaged('its checksum does not fit its content');
  return known;
}

function checksumOf(manifest: SnapshotManifest): string {
  const { databases, ...head } = manifest;
  return sha256(JSON.stringify({ ...head, databases }));
}

const entriesByName = new WeakMap<readonly DatabaseEntry[], ReadonlyMap<string, TableEntry>>();

/** Undefined for a table that is not in the snapshot. Names match whatever their case: AWS stores them in lower case. */
export function tableEntryOf(
  { databases }: Pick<SnapshotManifest, 'databases'>,
  key: CatalogObjectKey,
): TableEntry | undefined {
  if (key.kind === 'database') return undefined;
  let entries = entriesByName.get(databases);
  if (!entries) {
    entries = new Map(
      databases.flatMap(({ DatabaseName, tables }) =>
        tables.map((table) => [nameOf(DatabaseName, table.TableName), table] as const),
      ),
    );
    entriesByName.set(databases, entries);
  }
  return entries.get(nameOf(key.DatabaseName, key.TableName));
}

function nameOf(DatabaseName: string, TableName: string): string {
  return JSON.stringify([DatabaseName.toLowerCase(), TableName.toLowerCase()]);
}

/** Partitions of a table in a snapshot. */
export function partitionCountOf({ chunks }: TableEntry): number {
  return chunks.reduce((sum, { count }) => sum + count, 0);
}

/** Whether a table and all that was read of it is the same in two snapshots. */
export function isSameEntry(one: TableEntry, other: TableEntry): boolean {
  return (
    one.sha256 === other.sha256 &&
    one.chunks.length === other.chunks.length &&
    one.chunks.every(({ sha256 }, index) => sha256 === other.chunks[index]?.sha256)
  );
}

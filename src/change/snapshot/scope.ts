// What a snapshot covers: only of that can it be evidence, also that something was not there.
import { compileGlob } from '../../base/glob.js';
import { GluepotError } from '../../base/errors.js';
import { sha256 } from '../canonical-definition.js';
import type { CatalogHome } from '../catalog-home.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import type { SnapshotScope } from './manifest.js';

/** True for a database and, when given, a table in it. Names match whatever their case: AWS stores them in lower case. */
export type CoversName = (DatabaseName: string, TableName?: string) => boolean;

/** @throws GluepotError `usage` for a glob that is none */
export function coversName({ databases, tables }: SnapshotScope): CoversName {
  const names = databases && new Set(databases.map((name) => name.toLowerCase()));
  const isCovered = tables === undefined ? () => true : tablesCovered(tables);
  return (DatabaseName, TableName) =>
    (!names || names.has(DatabaseName.toLowerCase())) &&
    (TableName === undefined || isCovered(TableName.toLowerCase()));
}

function tablesCovered(tables: string | readonly string[]): (name: string) => boolean {
  if (typeof tables === 'string') {
    const glob = tableGlob(tables);
    return (name) => glob.test(name);
  }
  const names = new Set(tables.map((name) => name.toLowerCase()));
  return (name) => names.has(name);
}

/** True for a table whose partition indexes and statistics are read. */
export function coversParts({ partsOf }: SnapshotScope): (TableName: string) => boolean {
  const names = partsOf && new Set(partsOf.map((name) => name.toLowerCase()));
  return (TableName) => !names || names.has(TableName.toLowerCase());
}

function tableGlob(pattern: string): RegExp {
  try {
    return compileGlob(pattern.toLowerCase());
  } catch (error) {
    throw new GluepotError('usage', `No table names match ${JSON.stringify(pattern)}: it is no pattern.`, {
      cause: error,
    });
  }
}

/** True when a snapshot of this scope says whether there is such an object. */
export function coversKey(scope: SnapshotScope): (key: CatalogObjectKey) => boolean {
  const covers = coversName(scope);
  const withParts = coversParts(scope);
  const { statistics = 'none' } = scope;
  return (key) => {
    if (!covers(key.DatabaseName, 'TableName' in key ? key.TableName : undefined)) return false;
    switch (key.kind) {
      case 'database':
      case 'table':
      case 'partition':
        return true;
      case 'partition-index':
        return withParts(key.TableName);
      case 'table-statistics':
        return withParts(key.TableName) && statistics !== 'none';
      case 'partition-statistics':
        return withParts(key.TableName) && statistics === 'all';
    }
  };
}

/** False when snapshots of one scope never tell of anything that is in the other. */
export function overlapsScope(one: SnapshotScope, other: SnapshotScope): boolean {
  const names = databaseNames(one);
  return names === undefined || databaseNames(other)?.some((name) => names.includes(name)) !== false;
}

const STATISTICS_LEVELS = ['none', 'tables', 'all'] as const;

/** True only when snapshots of the outer scope tell of all that those of the inner one do. */
export function includesScope(outer: SnapshotScope, inner: SnapshotScope): boolean {
  const names = databaseNames(outer);
  const level = ({ statistics = 'none' }: SnapshotScope) => STATISTICS_LEVELS.indexOf(statistics);
  return (
    (names === undefined || databaseNames(inner)?.every((name) => names.includes(name)) === true) &&
    (outer.tables === undefined || JSON.stringify(outer.tables) === JSON.stringify(inner.tables)) &&
    outer.partsOf === undefined &&
    level(outer) >= level(inner)
  );
}

/** In order, each once; undefined for all that there are. */
function databaseNames({ databases }: SnapshotScope): string[] | undefined {
  return databases && [...new Set(databases.map((name) => name.toLowerCase()))].sort();
}

/** Eight hexadecimal digits: the same for snapshots of the same scope of the same catalog, which follow one another. */
export function seriesOf(home: CatalogHome, scope: SnapshotScope): string {
  const { accountId, region, CatalogId = accountId } = home;
  const databases = databaseNames(scope);
  const { statistics = 'none' } = scope;
  // Snapshots of named tables are of one series whatever the names: each is taken for a purpose of its own.
  const tables = typeof scope.tables === 'object' ? ['named'] : (scope.tables ?? '*');
  return sha256(JSON.stringify([accountId, region, CatalogId, databases ?? '*', tables, statistics])).slice(
    0,
    8,
  );
}

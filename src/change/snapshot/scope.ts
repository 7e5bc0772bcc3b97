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
  const glob = tables === undefined ? undefined : tableGlob(tables);
  return (DatabaseName, TableName) =>
    (!names || names.has(DatabaseName.toLowerCase())) &&
    (TableName === undefined || !glob || glob.test(TableName.toLowerCase()));
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
  const { statistics = 'none' } = scope;
  return (key) => {
    if (!covers(key.DatabaseName, 'TableName' in key ? key.TableName : undefined)) return false;
    if (key.kind === 'table-statistics') return statistics !== 'none';
    return key.kind !== 'partition-statistics' || statistics === 'all';
  };
}

/** Eight hexadecimal digits: the same for snapshots of the same scope of the same catalog, which follow one another. */
export function seriesOf(home: CatalogHome, scope: SnapshotScope): string {
  const { accountId, region, CatalogId = accountId } = home;
  const databases = scope.databases && [...new Set(scope.databases.map((name) => name.toLowerCase()))].sort();
  const { tables, statistics = 'none' } = scope;
  return sha256(
    JSON.stringify([accountId, region, CatalogId, databases ?? '*', tables ?? '*', statistics]),
  ).slice(0, 8);
}

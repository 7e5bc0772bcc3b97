// What a comparison of two snapshots leaves out: of what only one of them covers, the other knows nothing.
import type { CatalogObjectKey, CatalogObjectKind } from '../catalog-object.js';
import type { Snapshot } from './read-snapshot.js';

/** What one of two snapshots has, and the other does not cover. */
export interface LeftOut {
  knownTo: 'before' | 'after';
  databases: readonly string[];
  /** As DATABASE.TABLE, in databases that both cover. */
  tables: readonly string[];
  /** That it covers, of tables that both do. */
  partsOfTables: readonly PartKind[];
}

type PartKind = Extract<CatalogObjectKind, 'partition-index' | 'table-statistics' | 'partition-statistics'>;

/** Nothing is read. Empty where all that either has is compared. */
export function leftOutOf(before: Snapshot, after: Snapshot): LeftOut[] {
  return [leftOutBy(after, before, 'before'), leftOutBy(before, after, 'after')].filter(
    ({ databases, tables, partsOfTables }) => databases.length + tables.length + partsOfTables.length > 0,
  );
}

function leftOutBy(other: Snapshot, one: Snapshot, knownTo: LeftOut['knownTo']): LeftOut {
  const databases: string[] = [];
  const tables: string[] = [];
  const partsOfTables = new Set<PartKind>();
  for (const { DatabaseName, tables: entries } of one.manifest.databases) {
    if (!other.covers({ kind: 'database', DatabaseName })) {
      databases.push(DatabaseName);
      continue;
    }
    for (const { TableName } of entries) {
      if (!other.covers({ kind: 'table', DatabaseName, TableName })) {
        tables.push(`${DatabaseName}.${TableName}`);
        continue;
      }
      for (const key of partKeys(DatabaseName, TableName)) {
        if (one.covers(key) && !other.covers(key)) partsOfTables.add(key.kind);
      }
    }
  }
  return { knownTo, databases, tables, partsOfTables: [...partsOfTables] };
}

function partKeys(DatabaseName: string, TableName: string): (CatalogObjectKey & { kind: PartKind })[] {
  const table = { DatabaseName, TableName };
  return [
    { kind: 'partition-index', ...table, IndexName: '' },
    { kind: 'table-statistics', ...table },
    { kind: 'partition-statistics', ...table, Values: [] },
  ];
}

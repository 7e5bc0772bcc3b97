// Plans the redo that AWS's sample script crawler_redo_from_backup.py is for: what its undo wrote over or deleted comes back.
import { mapConcurrently } from '../../../base/map-concurrently.js';
import {
  buildPlan,
  decideChange,
  isSameDefinition,
  keyText,
  readObjects,
  requireReach,
  type CatalogAccess,
  type CatalogObject,
  type Change,
  type Evidence,
  type Knowledge,
  type ObjectOf,
  type Plan,
  type ThreeWayOptions,
} from '../../../change/index.js';
import { observeTable } from '../../../change/observe-catalog.js';
import type { CatalogHome } from '../../../change/snapshot/index.js';
import { selectTables } from '../../catalog-snapshot/table-selection.js';
import type { RedoAsked } from '../plan-inverse.js';
import type { PlanUndoOptions } from '../plan-undo.js';
import { readVersions } from '../read-versions.js';
import { takenText, type BackupTable, type SampleBackup } from './read-backup.js';

const TABLE_CONCURRENCY = 8;

/** Of a backup only these; all when not given. */
export interface BackupScope {
  crawlerName?: string | undefined;
  DatabaseName?: string | undefined;
}

/**
 * Each object of the backup becomes as it was when the script began its undo. That undo writes a table once and deletes
 * tables and partitions; it never changes a partition. So a table whose only version since is the current one, and what is
 * gone, is as the undo left it; anything else has been changed by somebody since, which is a conflict.
 * @throws GluepotError `usage` when a table that is named is not in the backup
 */
export async function planFromBackup(
  access: CatalogAccess,
  home: CatalogHome,
  backup: SampleBackup,
  { crawlerName, DatabaseName }: BackupScope,
  { tables, except, ...decision }: RedoAsked = {},
  options: PlanUndoOptions = {},
): Promise<Plan> {
  await requireReach(access, home, 'What is to be redone');
  const evidence: Evidence = { from: 'backup-file', location: backup.location };
  const selection = selectTables({ tables, except });
  const chosen = backup.tables.filter(
    ({ table: { key, definition } }) =>
      (DatabaseName === undefined || key.DatabaseName === DatabaseName.toLowerCase()) &&
      (crawlerName === undefined || definition.Parameters?.['UPDATED_BY_CRAWLER'] === crawlerName) &&
      selection.has(key),
  );
  const changes = await mapConcurrently(chosen, TABLE_CONCURRENCY, (table) =>
    planTable(access, table, evidence, decision),
  );
  const databases = [...new Set(chosen.map(({ table }) => table.key.DatabaseName))];
  const subject = {
    operation: 'crawl-redo' as const,
    resolved: {
      ...(crawlerName === undefined ? {} : { crawler: crawlerName }),
      database: databases.join(', '),
      ...selection.resolved(`in the backup ${backup.location}`),
      backup: `${backup.location}${backup.run === '' ? '' : ` ${backup.run}`}`,
      backupTaken: takenText(backup),
      ...(backup.otherRuns.length > 0 ? { runsNotRead: backup.otherRuns.join(', ') } : {}),
    },
  };
  return buildPlan({ ...home, subject, changes: changes.flat() }, options);
}

async function planTable(
  access: CatalogAccess,
  { table, partitions }: BackupTable,
  evidence: Evidence,
  decision: Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'>,
): Promise<Change[]> {
  const { DatabaseName, TableName } = table.key;
  const current = await observeTable(access, DatabaseName, TableName);
  const now = new Map<string, CatalogObject>();
  await readObjects(access, partitions.values(), ({ key }, found) => {
    if (found) now.set(keyText(key), found);
  });
  const decide = (
    object: ObjectOf<'table'> | ObjectOf<'partition'>,
    base: Knowledge,
    found?: CatalogObject,
  ) =>
    decideChange(
      {
        key: object.key,
        base,
        wanted: { known: true, definition: object.definition, evidence: [evidence] },
        current: found,
      },
      { ...decision, making: 'recreate' },
    );
  const absent: Knowledge = { known: true, evidence: [evidence] };
  return [
    decide(table, current ? await leftByScript(access, current, table, evidence) : absent, current),
    ...[...partitions.values()].map((partition) => {
      const found = now.get(keyText(partition.key));
      const untouched: Knowledge = { known: true, definition: partition.definition, evidence: [evidence] };
      return decide(partition, found ? untouched : absent, found);
    }),
  ];
}

async function leftByScript(
  access: CatalogAccess,
  current: ObjectOf<'table'>,
  { definition }: ObjectOf<'table'>,
  evidence: Evidence,
): Promise<Knowledge> {
  const [newest, previous] = await readVersions(access, current.key, (versions) => versions.length >= 2);
  const isOneWriteSince = previous && isSameDefinition('table', previous.definition, definition);
  if (!newest || !isOneWriteSince) return { known: true, definition, evidence: [evidence] };
  const { VersionId = 'unknown' } = newest.provenance;
  return {
    known: true,
    definition: newest.definition,
    evidence: [{ from: 'table-version', VersionId }, evidence],
  };
}

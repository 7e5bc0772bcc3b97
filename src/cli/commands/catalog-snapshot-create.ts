// gluepot catalog snapshot create
import { snapshotCatalog, summaryOf, type SnapshotScope } from '../../toolkit/catalog-snapshot/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import type { Outcome } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { readVersion } from '../version.js';

export interface CreateOptions extends StoreOptions {
  database?: string[];
  table?: string;
  /** True without a value: those of tables. */
  includeStatistics?: true | 'tables' | 'all';
  label?: Record<string, string>;
}

export async function catalogSnapshotCreate(context: CommandContext, given: CreateOptions): Promise<Outcome> {
  const { output, signal } = context;
  return withSnapshotStore(context, given, async ({ connection, store }) => {
    const scope = scopeOf(given);
    context.leaves('No snapshot was taken, unless catalog snapshot list shows one.');
    const { manifest, written } = await withSlowProgress(output.progress, 'snapshot', (at) =>
      snapshotCatalog(connection.clients, {
        store: store.location,
        scope,
        labels: given.label ?? {},
        version: readVersion(),
        clock: connection.clock,
        signal,
        onProgress: ({ tables, partitions }) => at(`${tables} tables, ${partitions} partitions`),
      }),
    );
    const found = new Set(manifest.databases.map(({ DatabaseName }) => DatabaseName.toLowerCase()));
    for (const name of scope.databases ?? []) {
      if (!found.has(name.toLowerCase())) {
        output.warn(`There is no database ${name} in ${connection.description}; the snapshot says so.`);
      }
    }
    if (given.table !== undefined && manifest.counts.tables === 0) {
      output.warn(
        `No table has a name like ${given.table}, and the snapshot says so. Databases are named by --database.`,
      );
    }
    for (const { DatabaseName, tables } of manifest.databases) {
      for (const { TableName, isMoving } of tables) {
        if (isMoving) {
          output.warn(
            `${DatabaseName}.${TableName} was changed each time it was read: its partitions may be older or newer than it.`,
          );
        }
      }
    }
    const { databases, tables, partitions } = manifest.counts;
    output.print(
      `Snapshot ${manifest.id} in ${store.location}: ${countText(databases, 'database')}, ` +
        `${countText(tables, 'table')}, ${countText(partitions, 'partition')}; ` +
        (written.objects === 0
          ? 'nothing new to keep.'
          : `${countText(written.objects, 'new object')}, ${bytesText(written.bytes)}.`),
    );
    return { result: { store: store.location, written, ...summaryOf(manifest) } };
  });
}

function scopeOf({ database, table, includeStatistics }: CreateOptions): SnapshotScope {
  const statistics = includeStatistics === true ? 'tables' : includeStatistics;
  return {
    ...(database ? { databases: database } : {}),
    ...(table === undefined ? {} : { tables: table }),
    ...(statistics ? { statistics } : {}),
  };
}

// gluepot catalog snapshot show SNAPSHOT [DATABASE[.TABLE]]
import { GluepotError } from '../../base/errors.js';
import {
  readSnapshot,
  resolveSnapshotId,
  summaryOf,
  type Snapshot,
  type SnapshotPartition,
} from '../../toolkit/catalog-snapshot/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import type { Outcome } from '../output.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { renderTable } from '../table.js';
import { scopeText } from './catalog-snapshot-list.js';

export async function catalogSnapshotShow(
  context: CommandContext,
  [id, object]: readonly [string, string | undefined],
  given: StoreOptions & { partitions?: boolean },
): Promise<Outcome> {
  const { output } = context;
  if (given.partitions && !object?.includes('.')) {
    throw new GluepotError('usage', '--partitions shows those of one table: say which, as DATABASE.TABLE.');
  }
  return withSnapshotStore(context, given, async ({ store }) => {
    const snapshot = await readSnapshot(store, await resolveSnapshotId(store, id));
    if (object === undefined) {
      output.print(overview(snapshot, output.width));
      const tables = tableRows(snapshot).map(([database, table, version, , partitions]) => ({
        DatabaseName: database,
        TableName: table,
        VersionId: version,
        partitions: Number(partitions),
      }));
      return { result: { ...summaryOf(snapshot.manifest), tables } };
    }
    const result = await objectOf(snapshot, object, given.partitions ?? false);
    output.print(JSON.stringify(result, undefined, 2));
    return { result };
  });
}

function overview(snapshot: Snapshot, width: number): string {
  const { id, parent, startedAt, takenAt, accountId, region, scope, reason, labels, tool, size, counts } =
    summaryOf(snapshot.manifest);
  const lines = [
    `Snapshot ${id}`,
    `  of       account ${accountId}, ${region}: ${scopeText(scope)}`,
    `  taken    ${takenAt}, begun ${startedAt}, by ${tool.name} ${tool.version} (${reason})`,
    `  after    ${parent ?? 'none before it'}`,
    ...Object.entries(labels).map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
    `  has      ${countText(counts.databases, 'database')}, ${countText(counts.tables, 'table')}, ` +
      `${countText(counts.partitions, 'partition')}, ${bytesText(size)}`,
  ];
  const head = ['database', 'table', 'version', 'updated', 'partitions', 'state'];
  const rows = tableRows(snapshot);
  return [...lines, ...(rows.length > 0 ? [renderTable({ head, rows }, width)] : [])].join('\n');
}

function tableRows({ manifest }: Snapshot): string[][] {
  return manifest.databases.flatMap(({ DatabaseName, tables }) =>
    tables.map(({ TableName, VersionId = '', UpdateTime = '', chunks, isMoving }) => [
      DatabaseName,
      TableName,
      VersionId,
      UpdateTime.replace(/\.\d+Z$/, 'Z'),
      String(chunks.reduce((sum, { count }) => sum + count, 0)),
      isMoving ? 'moving' : '',
    ]),
  );
}

/** @param name `database` or `database.table`; names themselves may have dots */
async function objectOf(snapshot: Snapshot, name: string, withPartitions: boolean): Promise<unknown> {
  const database = await snapshot.database(name);
  if (database) return database;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const found = await snapshot.table(name.slice(0, dot), name.slice(dot + 1));
    if (!found) continue;
    const partitions: SnapshotPartition[] = [];
    if (withPartitions) for await (const chunk of found.partitions()) partitions.push(...chunk);
    const { key, definition, provenance } = found.table;
    return {
      key,
      provenance,
      definition,
      indexes: found.indexes.map((index) => index.definition),
      ...(found.statistics ? { statistics: found.statistics.definition } : {}),
      partitionCount: found.partitionCount,
      ...(withPartitions ? { partitions: partitions.map(partitionDocument) } : {}),
    };
  }
  throw new GluepotError(
    'usage',
    `Snapshot ${snapshot.manifest.id} has no ${name}. Give DATABASE or DATABASE.TABLE; without either all tables are listed.`,
  );
}

function partitionDocument({ partition, statistics }: SnapshotPartition) {
  const { CreateTime } = partition.provenance;
  return {
    ...partition.definition,
    ...(CreateTime ? { CreationTime: CreateTime } : {}),
    ...(statistics ? { statistics: statistics.definition } : {}),
  };
}

// gluepot catalog snapshot list
import {
  listSnapshots,
  type ListedSnapshot,
  type SnapshotScope,
} from '../../toolkit/catalog-snapshot/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import type { Outcome } from '../output.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { renderTable } from '../table.js';

export async function catalogSnapshotList(
  context: CommandContext,
  given: StoreOptions & { limit?: number },
): Promise<Outcome> {
  const { output } = context;
  return withSnapshotStore(context, given, async ({ store }) => {
    const listed: ListedSnapshot[] = [];
    for await (const one of listSnapshots(store, given)) listed.push(one);
    for (const one of listed) if ('problem' in one) output.warn(one.problem);
    output.print(
      listed.length === 0
        ? `There is no snapshot in ${store.location}. Take one with: gluepot catalog snapshot create`
        : renderTable({ head: HEAD, rows: listed.map(row) }, output.width),
    );
    const snapshots = listed.map((one) => ('summary' in one ? one.summary : one));
    return { result: { store: store.location, snapshots } };
  });
}

/** The id says when, to the millisecond. */
const HEAD = ['snapshot', 'reason', 'scope', 'tables', 'partitions', 'size'];

function row(one: ListedSnapshot): string[] {
  if ('problem' in one) return [one.id, 'damaged', '', '', '', ''];
  const { id, reason, counts, size, scope } = one.summary;
  return [id, reason, scopeText(scope), String(counts.tables), String(counts.partitions), bytesText(size)];
}

export function scopeText({ databases, tables, statistics = 'none' }: SnapshotScope): string {
  const parts = [
    databases ? databases.join(', ') : 'all databases',
    ...(tables === undefined
      ? []
      : [typeof tables === 'string' ? `tables ${tables}` : `${countText(tables.length, 'table')} by name`]),
    ...(statistics === 'none' ? [] : [`statistics of ${statistics === 'all' ? 'everything' : 'tables'}`]),
  ];
  return parts.join('; ');
}

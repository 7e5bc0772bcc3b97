// What of a snapshot that is to be restored is damaged: named, for what is whole can be restored by itself.
import { GluepotError, messageOf } from '../../base/errors.js';
import { keyLabel, type CatalogObjectKey } from '../../change/index.js';
import { DamagedSnapshotError, type Snapshot } from '../../change/snapshot/index.js';

const NAMED_MAX = 20;

/** What to throw when `cause` was met while `snapshot` was read. Reads all of it that was asked for. */
export async function namingDamage(
  snapshot: Snapshot,
  isAsked: (key: CatalogObjectKey) => boolean,
  cause: DamagedSnapshotError,
): Promise<GluepotError> {
  const { id, databases } = snapshot.manifest;
  const damaged: string[] = [];
  const look = async (key: CatalogObjectKey, read: () => Promise<unknown>) => {
    if (!isAsked(key)) return;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof DamagedSnapshotError)) throw error;
      damaged.push(`${keyLabel(key)} (${messageOf(error).replace(/\.$/, '')})`);
    }
  };
  for (const { DatabaseName, tables } of databases) {
    await look({ kind: 'database', DatabaseName }, () => snapshot.database(DatabaseName));
    for (const { TableName } of tables) {
      await look({ kind: 'table', DatabaseName, TableName }, async () => {
        const table = await snapshot.table(DatabaseName, TableName);
        for (const chunk of table?.entry.chunks ?? []) await table?.partitionsOf(chunk);
      });
    }
  }
  // Of the snapshot nothing is damaged: then it is the one that it is compared with.
  if (damaged.length === 0) return cause;
  const more = damaged.length > NAMED_MAX ? `, and ${damaged.length - NAMED_MAX} more` : '';
  return new GluepotError(
    'failed',
    `Nothing was done: of snapshot ${id}, what was asked for is damaged: ${damaged.slice(0, NAMED_MAX).join(', ')}${more}. ` +
      'What is whole can be restored by itself, with --database, --table or --except; these can come from another snapshot.',
    { cause },
  );
}

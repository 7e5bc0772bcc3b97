// Backups that AWS's sample script crawler_undo.py wrote below a prefix: files of JSON lines, of one run or of many.
import { GluepotError } from '../../../base/errors.js';
import {
  isSameDefinition,
  keyLabel,
  type CatalogObjectKind,
  type DocumentStore,
  type ObjectOf,
} from '../../../change/index.js';
import { parseBackupRecord, type BackupObject } from './backup-record.js';

export interface BackupTable {
  table: ObjectOf<'table'>;
  /** By the JSON text of their values. */
  partitions: ReadonlyMap<string, ObjectOf<'partition'>>;
}

export interface SampleBackup {
  location: string;
  /** What the names of its files begin with: Glue's sink names each run; '' for files that bear no run. */
  run: string;
  /** Other runs in the same place, which are not read. */
  otherRuns: readonly string[];
  /**
   * When its first file was written, which the script does before it changes anything; of a copy when that was made. Never before
   * the newest of its records.
   */
  takenAt: Date;
  /** When the newest of its tables and partitions was made or changed: it was written no earlier. Undefined when none tells. */
  newestRecord?: Date;
  tables: readonly BackupTable[];
}

/** Folders and documents of gluepot's own that may lie beside. */
const OWN = /^(?:manifests|objects|journals|plans|writing|applying)\/|^pruning\.json$/;

/**
 * The newest run's backup. Files are read one after the other; all of it is held in memory.
 * @throws GluepotError `usage` when there is none, or a file is torn, foreign or contradicts another
 */
export async function readSampleBackup(store: DocumentStore): Promise<SampleBackup> {
  const runs = new Map<string, { takenAt: Date; names: string[] }>();
  for await (const { name, size, lastModified } of store.list()) {
    if (OWN.test(name) || size === 0) continue;
    const run = /(?:^|\/)(run-\d+)-/.exec(name)?.[1] ?? '';
    const found = runs.get(run) ?? { takenAt: lastModified, names: [] };
    found.names.push(name);
    if (lastModified < found.takenAt) found.takenAt = lastModified;
    runs.set(run, found);
  }
  const [newest, ...others] = [...runs].sort(
    ([, one], [, other]) => other.takenAt.getTime() - one.takenAt.getTime(),
  );
  if (!newest) throw new GluepotError('usage', `There is no backup in ${store.location}.`);
  const [run, { takenAt: fileTime, names }] = newest;
  const objects = new Map<string, BackupObject>();
  for (const name of names) {
    const text = Buffer.from((await store.get(name))?.bytes ?? new Uint8Array()).toString('utf8');
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const where = `Line ${index + 1} of ${store.location}/${name}`;
      for (const object of parseBackupRecord(line, where)) add(objects, object, where);
    }
  }
  const newestRecord = latestOf(objects.values());
  return {
    location: store.location,
    run,
    otherRuns: others.map(([id]) => id),
    takenAt: newestRecord && newestRecord > fileTime ? newestRecord : fileTime,
    ...(newestRecord ? { newestRecord } : {}),
    tables: tablesOf(objects),
  };
}

/** For people: when it was written, and on what that rests. */
export function takenText({ takenAt, newestRecord }: SampleBackup): string {
  const record = newestRecord
    ? `Its newest record is of ${newestRecord.toISOString()}.`
    : 'None of its records tells a time.';
  return `${takenAt.toISOString()}, as its files say; those of a copy say when that was made. ${record}`;
}

function latestOf(objects: Iterable<BackupObject>): Date | undefined {
  let latest: Date | undefined;
  for (const { provenance } of objects) {
    for (const time of [provenance.CreateTime, provenance.UpdateTime]) {
      if (time && !(latest && latest >= time)) latest = time;
    }
  }
  return latest;
}

function add(objects: Map<string, BackupObject>, object: BackupObject, where: string): void {
  const label = keyLabel(object.key);
  const known = objects.get(label);
  if (known && !isSameDefinition<CatalogObjectKind>(object.key.kind, known.definition, object.definition)) {
    throw new GluepotError(
      'usage',
      `${where} has the ${label} for a second time, and not alike: these are backups of several runs. ` +
        'Move those that are not meant elsewhere.',
    );
  }
  objects.set(label, object);
}

/** Partitions whose table is not in the backup are left out: nothing tells whose they are. */
function tablesOf(objects: ReadonlyMap<string, BackupObject>): BackupTable[] {
  const tables = new Map<string, BackupTable & { partitions: Map<string, ObjectOf<'partition'>> }>();
  const all = [...objects.values()];
  const nameOf = ({ key }: BackupObject) => JSON.stringify([key.DatabaseName, key.TableName]);
  for (const object of all) {
    if (object.key.kind === 'table') {
      tables.set(nameOf(object), { table: object as ObjectOf<'table'>, partitions: new Map() });
    }
  }
  for (const object of all) {
    if (object.key.kind !== 'partition') continue;
    const partition = object as ObjectOf<'partition'>;
    tables.get(nameOf(object))?.partitions.set(JSON.stringify(partition.key.Values), partition);
  }
  return [...tables.values()];
}

// A Delta table at its newest version: what its log adds up to.
import { readActions, type DeltaAction, type DeltaFile } from './delta-actions.js';
import { deltaColumns, type DeltaColumn } from './delta-schema.js';
import { DeltaError, newestVersion, type DeltaLogFiles, type DeltaVersion } from './delta-log.js';

export interface DeltaSnapshot {
  version: number;
  /** Of the newest commit, by its own words where it has any, else when its file was written. */
  timestampMs: number;
  /** The schema as the log has it, JSON. */
  schemaString: string;
  columns: DeltaColumn[];
  /** Names of those columns by which the table is partitioned, in their order. */
  partitionColumns: string[];
}

/** What readers must know, and this one does: none of it changes names and types of columns. */
const READER_FEATURES = new Set([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
]);
const READER_VERSION_MAX = 3;

/** Reads as little of the log as tells the schema. @throws DeltaError; the signal's reason when it aborts */
export async function readDeltaSnapshot(log: DeltaLogFiles, signal: AbortSignal): Promise<DeltaSnapshot> {
  const newest = newestVersion(log);
  let protocol: DeltaAction['protocol'];
  let metaData: DeltaAction['metaData'];
  for (const name of [...newest.commits.toReversed(), ...newest.checkpoint]) {
    let found: Pick<DeltaAction, 'protocol' | 'metaData'> = {};
    for await (const action of readActions(log, name, ['protocol', 'metaData'])) {
      signal.throwIfAborted();
      found = { protocol: action.protocol ?? found.protocol, metaData: action.metaData ?? found.metaData };
    }
    protocol ??= found.protocol;
    metaData ??= found.metaData;
    if (protocol && metaData) break;
  }
  if (!protocol || !metaData) {
    throw new DeltaError(
      `its log up to version ${newest.version} has no ${protocol ? 'metaData' : 'protocol'}`,
    );
  }
  requireReadable(protocol);
  const columns = deltaColumns(metaData.schemaString);
  const partitionColumns = metaData.partitionColumns ?? [];
  const unknown = partitionColumns.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new DeltaError(`it is partitioned by ${unknown}, which is no column of it`);
  return {
    version: newest.version,
    timestampMs: await readTimestamp(log, newest),
    schemaString: metaData.schemaString,
    columns,
    partitionColumns,
  };
}

/** The files that the newest version consists of, by path. @throws DeltaError; the signal's reason when it aborts */
export async function readDeltaFiles(
  log: DeltaLogFiles,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DeltaFile>> {
  const newest = newestVersion(log);
  const files = new Map<string, DeltaFile>();
  const replay = async (name: string): Promise<void> => {
    for await (const { add, remove, sidecar } of readActions(log, name, ['add', 'remove', 'sidecar'])) {
      signal.throwIfAborted();
      if (add) files.set(add.path, add);
      // With a new deletion vector a file is removed and added again, in no order that counts.
      else if (remove && isSameFile(files.get(remove.path), remove)) files.delete(remove.path);
      if (sidecar) await replay(`_sidecars/${sidecar.path}`);
    }
  };
  for (const name of [...newest.checkpoint, ...newest.commits]) await replay(name);
  return files;
}

async function readTimestamp(log: DeltaLogFiles, newest: DeltaVersion): Promise<number> {
  if (newest.newestCommit !== undefined) {
    for await (const { commitInfo } of readActions(log, newest.newestCommit, ['commitInfo'])) {
      const timestampMs = commitInfo?.inCommitTimestamp ?? commitInfo?.timestamp;
      if (timestampMs !== undefined) return timestampMs;
    }
  }
  return newest.lastModified.getTime();
}

function isSameFile(known: DeltaFile | undefined, removed: Pick<DeltaFile, 'deletionVector'>): boolean {
  const [one, other] = [known?.deletionVector, removed.deletionVector];
  return one?.pathOrInlineDv === other?.pathOrInlineDv && (one?.offset ?? null) === (other?.offset ?? null);
}

function requireReadable({ minReaderVersion, readerFeatures }: NonNullable<DeltaAction['protocol']>): void {
  if (minReaderVersion > READER_VERSION_MAX) {
    throw new DeltaError(
      `it asks for reader version ${minReaderVersion}; versions up to ${READER_VERSION_MAX} are read here`,
    );
  }
  const unknown = readerFeatures?.find((feature) => !READER_FEATURES.has(feature));
  if (unknown !== undefined)
    throw new DeltaError(`it asks readers for the feature ${unknown}, which is not here`);
}

// Files become part of an Iceberg table when the catalog points to metadata that names them: all at once, or not at all.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Table, TableInput } from '@aws-sdk/client-glue';
import { messageOf } from '../../base/errors.js';
import { tableInputOf } from '../../catalog/stored-definition.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import { readAvroRecords } from '../../tabular/avro/avro-json.js';
import {
  appendSnapshot,
  type Append,
  type NewDataFile,
  type NewDeleteFile,
} from '../../tabular/iceberg/append-snapshot.js';
import { currentSchemaFields } from '../../tabular/iceberg/evolve-schema.js';
import { icebergGlueColumns } from '../../tabular/iceberg/iceberg-columns.js';
import {
  currentSnapshot,
  exactMetadataText,
  parseExactMetadata,
  type ExactMetadata,
  metadataLog,
} from '../../tabular/iceberg/exact-metadata.js';
import { metadataVersion } from '../../tabular/iceberg/read-iceberg-metadata.js';
import { AwsError } from '../../wire/aws-error.js';
import type { StatementRun } from '../execution/statement-run.js';
import { placeOf } from '../results/result-files.js';
import { QueryFailure } from '../statement/query-failure.js';

/** As often as Iceberg's libraries try a commit that others were faster than: once, and four times more. */
const ATTEMPTS_MAX = 5;

export interface IcebergVersion {
  metadata: ExactMetadata;
  location: string;
}

/** @throws QueryFailure for metadata that is not there, and for tables of another version than 2 */
export function readIcebergVersion(table: Table, storage: ObjectStorage): IcebergVersion {
  const name = `${table.DatabaseName}.${table.Name}`;
  const location = table.Parameters?.metadata_location ?? '';
  const metadata = readMetadata(location, name, storage);
  if (metadata['format-version'] !== 2) {
    throw new QueryFailure(
      `NOT_SUPPORTED: ${name} is an Iceberg table of version ${metadata['format-version']}; queries write version 2 here`,
    );
  }
  return { metadata, location };
}

function readMetadata(location: string, name: string, storage: ObjectStorage): ExactMetadata {
  try {
    const stored = readFileSync(pathOf(location, storage));
    const isGzip = stored[0] === 0x1f && stored[1] === 0x8b;
    return parseExactMetadata((isGzip ? gunzipSync(stored) : stored).toString('utf8'));
  } catch (error) {
    throw new QueryFailure(
      `ICEBERG_INVALID_METADATA: Table ${name} cannot be read: ${location || 'no metadata_location'}: ${messageOf(error)}`,
      'execution',
      2,
      1000,
      { cause: error },
    );
  }
}

/** The file behind an S3 location. */
export function pathOf(location: string, storage: ObjectStorage): string {
  const { bucket, key } = placeOf(location);
  return storage.path(bucket, key);
}

/** What a commit adds to a table. */
export interface AddedFiles {
  files: readonly NewDataFile[];
  deletes?: readonly NewDeleteFile[];
}

/**
 * Adds files to a table. When somebody else's commit comes first, it is tried again on top of theirs, unless rows are
 * deleted: which these are was seen in the snapshot before.
 * @param target as it was when the files were made
 * @throws QueryFailure: then the table is as it was
 */
export async function commitChange(
  { database, name, metadata: expected, partition }: CommitTarget,
  added: AddedFiles,
  run: StatementRun,
): Promise<void> {
  const { catalog, storage } = run;
  const failed = (why: string) =>
    new QueryFailure(
      `ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: ${database}.${name}: ${why}`,
    );
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const current = catalog.getTable(database, name);
    const { metadata, location } = readIcebergVersion(current, storage);
    if (!isAlike(metadata, expected)) throw failed('its schema or partitions were changed meanwhile');
    if (
      added.deletes &&
      currentSnapshot(metadata)?.['snapshot-id'] !== currentSnapshot(expected)?.['snapshot-id']
    )
      throw failed('its rows were changed meanwhile; run the statement again');
    const manifests = await manifestsOf(metadata, storage);
    const next = nextVersion(metadata, { ...added, partition, manifests, previous: location }, run);
    const hasWon = await written(next.files, storage, () => swapped(current, next.location, location, run));
    if (hasWon) return;
  }
  throw failed(`others changed it ${ATTEMPTS_MAX} times meanwhile`);
}

export interface CommitTarget {
  database: string;
  name: string;
  metadata: ExactMetadata;
  partition: Append['partition'];
}

/** The entries of the current snapshot's list. @throws AvroError */
export async function manifestsOf(
  metadata: ExactMetadata,
  storage: ObjectStorage,
): Promise<Record<string, unknown>[]> {
  const list = currentSnapshot(metadata)?.['manifest-list'];
  const manifests: Record<string, unknown>[] = [];
  if (list !== undefined)
    for await (const entry of readAvroRecords(pathOf(list, storage))) manifests.push(entry);
  return manifests;
}

const isAlike = (a: ExactMetadata, b: ExactMetadata) =>
  a['current-schema-id'] === b['current-schema-id'] &&
  a['default-spec-id'] === b['default-spec-id'] &&
  a['table-uuid'] === b['table-uuid'];

type CommitScope = Pick<StatementRun, 'catalog' | 'storage' | 'clock' | 'ids'>;

/**
 * Gives a table other metadata, and the catalog the columns of it. When somebody else's commit comes first, it is changed
 * again from theirs.
 * @throws QueryFailure, and what `change` throws: then the table is as it was
 */
export async function commitMetadata(
  { database, name }: Pick<CommitTarget, 'database' | 'name'>,
  change: (
    metadata: ExactMetadata,
    table: Table,
  ) => { metadata: ExactMetadata; parameters?: Record<string, string> },
  scope: CommitScope,
): Promise<void> {
  const { catalog, storage, clock, ids } = scope;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const table = catalog.getTable(database, name);
    const { metadata, location: previous } = readIcebergVersion(table, storage);
    const changed = change(metadata, table);
    const next: ExactMetadata = {
      ...changed.metadata,
      'last-updated-ms': Math.max(clock.now().getTime(), metadata['last-updated-ms']),
      'metadata-log': metadataLog(metadata, previous),
    };
    const location = metadataLocation(metadata, previous, ids.uuid());
    const files = [{ location, bytes: Buffer.from(exactMetadataText(next)) }];
    const input: Partial<TableInput> = {
      Parameters: { ...(changed.parameters ?? table.Parameters) },
      StorageDescriptor: {
        ...table.StorageDescriptor,
        Columns: icebergGlueColumns(currentSchemaFields(next)),
      },
    };
    const hasWon = await written(files, storage, () => swapped(table, location, previous, scope, input));
    if (hasWon) return;
  }
  throw new QueryFailure(
    `ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: ${database}.${name}: others changed it ${ATTEMPTS_MAX} times meanwhile`,
  );
}

/** The name of the metadata file behind `previous`; of the first when there is none. */
function metadataLocation({ location }: ExactMetadata, previous: string | undefined, uuid: string): string {
  const version = previous === undefined ? 0 : (metadataVersion(nameOf(previous)) ?? 0) + 1;
  return `${location}/metadata/${String(version).padStart(5, '0')}-${uuid}.metadata.json`;
}

/** The objects of a table's next version; the last of them is its metadata. */
export function nextVersion(
  metadata: ExactMetadata,
  append: Pick<Append, 'files' | 'deletes' | 'partition' | 'manifests' | 'previous'>,
  { ids, clock }: Pick<StatementRun, 'ids' | 'clock'>,
): { location: string; files: { location: string; bytes: Buffer }[] } {
  const uuid = ids.uuid();
  const snapshotId = String(BigInt.asUintN(63, BigInt(`0x${ids.hex(8)}`)));
  // A new table without rows has no snapshot.
  const appended =
    append.files.length === 0 && !append.deletes?.length
      ? { metadata, files: [] }
      : appendSnapshot(metadata, { ...append, snapshotId, uuid, now: clock.now() });
  const location = metadataLocation(metadata, append.previous, uuid);
  const bytes = Buffer.from(exactMetadataText(appended.metadata));
  return { location, files: [...appended.files, { location, bytes }] };
}

const nameOf = (location: string) => location.slice(location.lastIndexOf('/') + 1);

/** Writes objects and does what needs them; when that fails or answers false, none stays. */
export async function written(
  files: readonly { location: string; bytes: Buffer }[],
  storage: ObjectStorage,
  use: () => boolean,
): Promise<boolean> {
  const done: { bucket: string; key: string }[] = [];
  let isUsed = false;
  try {
    for (const { location, bytes } of files) {
      const { bucket, key } = placeOf(location);
      await storage.put(bucket, key, bytes);
      done.push({ bucket, key });
    }
    isUsed = use();
  } finally {
    if (!isUsed) for (const { bucket, key } of done) storage.delete(bucket, key);
  }
  return isUsed;
}

/** False when the table is no longer the version that was read. */
function swapped(
  table: Table,
  next: string,
  previous: string,
  { catalog }: Pick<StatementRun, 'catalog'>,
  change: Partial<TableInput> = {},
): boolean {
  try {
    catalog.updateTable(
      table.DatabaseName as string,
      {
        ...tableInputOf(table),
        ...change,
        Parameters: {
          ...(change.Parameters ?? table.Parameters),
          metadata_location: next,
          previous_metadata_location: previous,
        },
      },
      { ...(table.VersionId !== undefined && { versionId: table.VersionId }), skipArchive: true },
    );
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.name === 'ConcurrentModificationException') return false;
    throw error;
  }
}

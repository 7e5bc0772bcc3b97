// From a committed manifest to what readers see: copies, tracker, catalog. Each step may be done twice, and by anybody.
import type { S3Client } from '@aws-sdk/client-s3';
import {
  CreateTableCommand,
  GetTableCommand,
  UpdateTableCommand,
  type GlueClient,
  type Table,
  type TableInput,
} from '@aws-sdk/client-glue';
import { asGluepotError, isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { unlessAbsent } from '../../change/catalog-access.js';
import type { DocumentStore } from '../../change/index.js';
import { copyFiles } from './copy-files.js';
import { advanceTracker, readManifest, type Generation, type TrackerState } from './tracker.js';

export interface OutputTable {
  glue: GlueClient;
  s3: S3Client;
  store: DocumentStore;
  DatabaseName: string;
  Name: string;
  /** `database.table` that it is made from. */
  source: string;
}

/** Parameters of output tables that say whose they are and which generation they show. */
export const SEQUENCE_PARAMETER = 'gluepot.ingest.sequence';
const RUN_PARAMETER = 'gluepot.ingest.run';
const SOURCE_PARAMETER = 'gluepot.ingest.source';

const RACES_MAX = 5;

/** Brings readers to `generation`, whose manifest is written. @param tracker as it was read before */
export async function publish(
  output: OutputTable,
  generation: Generation,
  tracker: TrackerState,
): Promise<void> {
  await advanceTracker(output.store, generation, tracker.ETag);
  const table = await findOutputTable(output);
  if (shownSequence(table) >= generation.sequence) return;
  const sizes = new Map(generation.files.map(({ uri, bytes }) => [uri, bytes]));
  await copyFiles(
    output.s3,
    generation.copies.map((copy) => ({ ...copy, bytes: sizes.get(copy.to) ?? 0 })),
  );
  await pointTable(output, generation);
}

/** True when the catalog shows `generation` or a later one. */
export async function isPublished(output: OutputTable, generation: Generation): Promise<boolean> {
  return shownSequence(await findOutputTable(output)) >= generation.sequence;
}

export async function findOutputTable({ glue, DatabaseName, Name }: OutputTable): Promise<Table | undefined> {
  return (await unlessAbsent(glue.send(new GetTableCommand({ DatabaseName, Name }))))?.Table;
}

/**
 * @param table as its manifests call it
 * @throws GluepotError `guard-refused` when there is a table of that name which is none of ours, or shows what these trackers do
 *   not know of: runs that count from another number would write, and never be shown
 */
export async function requireOwnTable(output: OutputTable, table: string): Promise<void> {
  const shown = await findOutputTable(output);
  if (!shown) return;
  const place = `${output.DatabaseName}.${output.Name}`;
  const { [SOURCE_PARAMETER]: source, [RUN_PARAMETER]: runId } = shown.Parameters ?? {};
  if (source !== output.source) {
    throw new GluepotError(
      'guard-refused',
      `${place} was not made by an ingest of ${output.source}, and is not overwritten. ` +
        'Choose another outputDatabase, or remove the table.',
    );
  }
  const manifest = await readManifest(output.store, table, shownSequence(shown));
  if (manifest && manifest.runId === runId) return;
  throw new GluepotError(
    'guard-refused',
    `${place} shows what the run ${runId ?? 'unknown'} made, of which ${output.store.location} knows nothing. ` +
      `Let trackerPath be where that ingest keeps its trackers, or remove the table ${place} to load it anew.`,
  );
}

// A table that shows a later generation stays; one that others change meanwhile is read again.
async function pointTable(output: OutputTable, generation: Generation, racesLeft = RACES_MAX): Promise<void> {
  const { glue, DatabaseName } = output;
  const table = await findOutputTable(output);
  if (shownSequence(table) >= generation.sequence) return;
  try {
    if (!table) {
      await glue.send(new CreateTableCommand({ DatabaseName, TableInput: tableInput(output, generation) }));
    } else {
      const TableInput = tableInput(output, generation, table);
      await glue.send(new UpdateTableCommand({ DatabaseName, TableInput, VersionId: table.VersionId }));
    }
  } catch (error) {
    const isRace = isAwsError(error, 'AlreadyExistsException', 'ConcurrentModificationException');
    if (!isRace || racesLeft === 0) throw asGluepotError(error);
    await pointTable(output, generation, racesLeft - 1);
  }
}

function shownSequence(table: Table | undefined): number {
  const text = table?.Parameters?.[SEQUENCE_PARAMETER] ?? '-1';
  return /^\d+$/.test(text) ? Number(text) : -1;
}

/** What people wrote into the table stays: description, comments, other parameters. */
function tableInput({ Name, source }: OutputTable, generation: Generation, table?: Table): TableInput {
  const rows = generation.files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = generation.files.reduce((sum, file) => sum + file.bytes, 0);
  const comments = new Map((table?.StorageDescriptor?.Columns ?? []).map((column) => [column.Name, column]));
  return {
    Name,
    Description: table?.Description,
    Owner: table?.Owner,
    Retention: table?.Retention,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [],
    Parameters: {
      ...table?.Parameters,
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      compressionType: 'none',
      typeOfData: 'file',
      recordCount: String(rows),
      numRows: String(rows),
      sizeKey: String(bytes),
      objectCount: String(generation.files.length),
      averageRecordSize: String(rows === 0 ? 0 : Math.round(bytes / rows)),
      [SOURCE_PARAMETER]: source,
      [RUN_PARAMETER]: generation.runId,
      [SEQUENCE_PARAMETER]: String(generation.sequence),
    },
    StorageDescriptor: {
      Location: generation.location,
      Columns: generation.columns.map(({ name, type }) => ({
        ...comments.get(name),
        Name: name,
        Type: type,
      })),
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        Parameters: { 'serialization.format': '1' },
      },
    },
  };
}

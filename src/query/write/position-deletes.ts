// Rows that are gone from an Iceberg table, as files of their places: one for each partition that they are in.
// Source: the Iceberg table specification, "Position Delete Files"; the numbers are its reserved field ids.
import { duckdbText } from '../../tabular/duckdb-text.js';
import type { NewDeleteFile } from '../../tabular/iceberg/append-snapshot.js';
import type { ExactMetadata } from '../../tabular/iceberg/exact-metadata.js';
import {
  type FilePartition,
  partitionsOfFiles,
  type PlacedInPartition,
} from '../../tabular/iceberg/file-partitions.js';
import type { StatementRun } from '../execution/statement-run.js';
import { placeOf } from '../results/result-files.js';
import { QueryFailure } from '../statement/query-failure.js';
import { readingIceberg } from '../tables/iceberg-scan.js';
import { manifestsOf, pathOf } from './iceberg-commit.js';

const FIELD_IDS = '{file_path: 2147483546, pos: 2147483545}';
/** AWS docs: a query writes to at most so many partitions. */
const PARTITIONS_MAX = 100;

/** Of a file that is not an object yet: all but what it gets then. */
export type StagedDeletes = Pick<NewDeleteFile, 'rowCount' | 'of'>;

/**
 * @param rows SQL of rows with `uri`, the S3 address of a data file, and `place`, the number of a row in it
 * @param leftovers learns of the files
 * @returns by the paths of the files. @throws QueryFailure for more than 100 partitions, DuckdbError
 */
export async function stagePositionDeletes(
  rows: string,
  { name, metadata }: { name: string; metadata: ExactMetadata },
  { duckdb, storage, signal }: Pick<StatementRun, 'duckdb' | 'storage' | 'signal'>,
  leftovers: string[],
): Promise<Map<string, StagedDeletes>> {
  const found = await duckdb.rows(`SELECT DISTINCT uri FROM (${rows})`, signal);
  const wanted = found.map(({ uri }) => uri as string);
  const partitions = await readingIceberg(name, async () =>
    partitionsOfFiles(await manifestsOf(metadata, storage), wanted, {
      uriOf,
      pathOf: (location) => pathOf(location, storage),
    }),
  );
  const groups = groupedByPartition(partitions);
  if (groups.length > PARTITIONS_MAX) {
    throw new QueryFailure(
      `ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${PARTITIONS_MAX} open writers for partitions`,
    );
  }
  const staged = new Map<string, StagedDeletes>();
  for (const { of, files } of groups) {
    const path = storage.temporaryPath();
    leftovers.push(path);
    const named = files.map(({ uri, location }) => `(${duckdbText(uri)}, ${duckdbText(location)})`);
    const select =
      `SELECT files.location AS file_path, gone.place AS pos FROM (${rows}) AS gone ` +
      `JOIN (VALUES ${named.join(', ')}) AS files(uri, location) ON files.uri = gone.uri ORDER BY file_path, pos`;
    const options = `FORMAT parquet, COMPRESSION zstd, FIELD_IDS ${FIELD_IDS}`;
    const rowCount = await duckdb.run(`COPY (${select}) TO ${duckdbText(path)} (${options})`, signal);
    staged.set(path, { rowCount, of });
  }
  return staged;
}

interface PartitionGroup {
  of: FilePartition;
  files: { uri: string; location: string }[];
}

function groupedByPartition(partitions: ReadonlyMap<string, PlacedInPartition>): PartitionGroup[] {
  const groups = new Map<string, PartitionGroup>();
  for (const [uri, { location, ...of }] of partitions) {
    const key = JSON.stringify([of.specId, of.values]);
    const group = groups.get(key) ?? { of, files: [] };
    group.files.push({ uri, location });
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What queries call a file, whatever its writer called it. */
function uriOf(location: string): string {
  const { bucket, key } = placeOf(location);
  return `s3://${bucket}/${key}`;
}

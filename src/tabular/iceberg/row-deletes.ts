// Rows of an Iceberg table that other files say are gone. Source: the Iceberg table specification, "Row-level Deletes".
import { duckdbName, duckdbText } from '../duckdb-text.js';
import { FILE_COLUMN } from '../file-column.js';
import type { ParquetField } from '../parquet-fields.js';
import { IcebergError } from './iceberg-error.js';
import type { IcebergFile } from './read-iceberg-files.js';
import { stageVectors } from './stage-vectors.js';

/** A file of a table on this disk. */
export type PlacedFile = IcebergFile & { path: string };

export interface RowDeletes {
  /** Parquet files of deletes. */
  files: readonly (PlacedFile & { fields: readonly ParquetField[] })[];
  vectors: readonly PlacedFile[];
  /** Where the vectors' places are as text; there when there are vectors. */
  vectorsPath: string;
}

/**
 * @param fieldsOf of Parquet files on this disk, by their paths
 * @param temporaryPath of a file that is not there yet
 * @returns undefined when nothing is deleted. @throws IcebergError for vectors that are damaged
 */
export async function openRowDeletes(
  files: readonly PlacedFile[],
  {
    fieldsOf,
    temporaryPath,
    signal,
  }: {
    fieldsOf(paths: readonly string[]): Promise<ReadonlyMap<string, readonly ParquetField[]>>;
    temporaryPath(): string;
    signal: AbortSignal;
  },
): Promise<RowDeletes | undefined> {
  if (files.length === 0) return undefined;
  const vectors = files.filter(({ vector }) => vector !== undefined);
  const tables = files.filter(({ vector }) => vector === undefined);
  const fields = await fieldsOf(tables.map(({ path }) => path));
  const vectorsPath = vectors.length === 0 ? '' : temporaryPath();
  if (vectors.length > 0) await stageVectors(vectors.map(asVector), vectorsPath, signal);
  return {
    files: tables.map((file) => ({ ...file, fields: fields.get(file.path) ?? [] })),
    vectors,
    vectorsPath,
  };
}

const asVector = ({ vector, path, rowCount }: PlacedFile) => ({
  vector: vector as NonNullable<PlacedFile['vector']>,
  path,
  rowCount,
});

/**
 * The rows of data files that are left, as a relation with the files' columns, FILE_COLUMN, `file_row_number` and `file_index`.
 * @param from `read_parquet(...)` of these files with FILE_COLUMN and `file_row_number`
 * @throws IcebergError for deletes by columns that their files do not have
 */
export function remainingRows(
  from: string,
  {
    data,
    inFile,
    deletes,
    absent,
  }: {
    data: readonly PlacedFile[];
    /** The columns of all these files. */
    inFile: readonly ParquetField[];
    deletes: RowDeletes;
    /** SQL of a field that they do not have, by its id. */
    absent(id: number): string;
  },
): string {
  const oldest = Math.min(...data.map(({ sequenceNumber }) => sequenceNumber));
  const conditions: string[] = ['true'];
  const byPlace = deletes.files.filter(
    (file) => file.equalityIds === undefined && file.sequenceNumber >= oldest,
  );
  if (byPlace.length > 0) {
    conditions.push(
      `NOT EXISTS (SELECT 1 FROM ${deleting(byPlace)} WHERE gone.file_path = data_files.location AND gone.pos = rows.file_row_number AND data_files.number <= deletes.number)`,
    );
  }
  if (deletes.vectors.length > 0) {
    conditions.push(
      `NOT EXISTS (SELECT 1 FROM ${vectorPlaces(deletes)} WHERE deletes.location = data_files.location AND gone.pos = rows.file_row_number AND data_files.number <= deletes.number)`,
    );
  }
  for (const group of byValues(deletes.files, oldest)) {
    const [first] = group as [RowDeletes['files'][number]];
    const equal = (first.equalityIds ?? []).map((id) => {
      const gone = memberSql(first.fields, id, (name) => `gone.${duckdbName(name)}`);
      const there = memberSql(inFile, id, (name) => `rows.${duckdbName(name)}`) ?? absent(id);
      if (gone !== undefined) return `${there} IS NOT DISTINCT FROM ${gone}`;
      throw new IcebergError(`${first.location} deletes rows by the field ${id}, which it has no column of`);
    });
    conditions.push(
      `NOT EXISTS (SELECT 1 FROM ${deleting(group)} WHERE ${equal.join(' AND ')} AND data_files.number < deletes.number AND (deletes.part IS NULL OR deletes.part = data_files.part))`,
    );
  }
  const named = `(VALUES ${data.map(valuesOf).join(', ')}) AS data_files(path, location, number, part)`;
  return (
    `(SELECT rows.*, rows.file_index AS file_index FROM ${from} AS rows ` +
    `JOIN ${named} ON data_files.path = rows.${FILE_COLUMN} WHERE ${conditions.join(' AND ')})`
  );
}

const valuesOf = ({ path, location, sequenceNumber, partition }: PlacedFile) =>
  `(${duckdbText(path)}, ${duckdbText(location)}, ${sequenceNumber}, ${partition === undefined ? 'CAST(NULL AS VARCHAR)' : duckdbText(partition)})`;

/** The rows of files of deletes as `gone`, each with what is known of its file as `deletes`. */
function deleting(files: RowDeletes['files']): string {
  const paths = files.map(({ path }) => duckdbText(path)).join(', ');
  return (
    `read_parquet([${paths}], hive_partitioning = false, filename = 'deleting_file') AS gone ` +
    `JOIN (VALUES ${files.map(valuesOf).join(', ')}) AS deletes(path, location, number, part) ON deletes.path = gone.deleting_file`
  );
}

/** Places as `gone`, each with the data file that it is in as `deletes`. */
function vectorPlaces({ vectors, vectorsPath }: RowDeletes): string {
  const values = vectors.map(
    ({ vector, sequenceNumber }, index) => `(${index}, ${duckdbText(vector?.of ?? '')}, ${sequenceNumber})`,
  );
  return (
    `read_csv([${duckdbText(vectorsPath)}], auto_detect = false, header = false, delim = ',', quote = '', escape = '', ` +
    `columns = {'vector': 'INTEGER', 'pos': 'BIGINT'}) AS gone ` +
    `JOIN (VALUES ${values.join(', ')}) AS deletes(vector, location, number) ON deletes.vector = gone.vector`
  );
}

/** Files that delete by the same fields and have the same columns. */
function byValues(files: RowDeletes['files'], oldest: number): RowDeletes['files'][number][][] {
  const groups = new Map<string, RowDeletes['files'][number][]>();
  for (const file of files) {
    // A delete by values holds for files of earlier commits alone.
    if (file.equalityIds === undefined || file.sequenceNumber <= oldest) continue;
    const key = JSON.stringify([file.equalityIds, file.fields]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

/** SQL of the field with an id, which may be inside of structs; undefined when there is none. */
function memberSql(
  fields: readonly ParquetField[],
  id: number,
  sqlOf: (name: string) => string,
): string | undefined {
  for (const { name, id: own, children } of fields) {
    if (own === id) return sqlOf(name);
    const inside = memberSql(
      children,
      id,
      (member) => `struct_extract(${sqlOf(name)}, ${duckdbText(member)})`,
    );
    if (inside !== undefined) return inside;
  }
  return undefined;
}

// Data files of an Iceberg table that have the same columns, as rows of the table as it is now.
// Source: the Iceberg table specification, "Column Projection".
import { duckdbName, duckdbText } from '../duckdb-text.js';
import { FILE_COLUMN } from '../file-column.js';
import type { ParquetField } from '../parquet-fields.js';
import { IcebergError } from './iceberg-error.js';
import { defaultSql } from './iceberg-literal.js';
import type { IcebergField } from './iceberg-schema.js';
import { icebergValue } from './iceberg-value.js';
import type { IcebergFiles } from './read-iceberg-files.js';
import { remainingRows, type PlacedFile, type RowDeletes } from './row-deletes.js';

export interface IcebergRows {
  /** What stands behind FROM: a call of read_parquet, or a subquery of the rows of one that are left. */
  from: string;
  /** SQL of a field in these rows. */
  valueOf(field: IcebergField): string;
}

export interface DataFiles {
  data: readonly PlacedFile[];
  /** Columns of all these files, with ids: see fieldsWithIds. */
  inFile: readonly ParquetField[];
  /** Of the table. */
  fields: readonly IcebergField[];
  deletes: RowDeletes | undefined;
  /** What the statement calls the rows; nothing when not given. */
  alias?: string;
  /** Whether rows must have the path of their file, as FILE_COLUMN, and their place in it, as `file_row_number`. */
  wantsFile?: boolean;
}

/** @throws IcebergError for deletes and defaults that cannot be read */
export function icebergRows({ data, inFile, fields, deletes, alias, wantsFile }: DataFiles): IcebergRows {
  const options = [
    `[${data.map(({ path }) => duckdbText(path)).join(', ')}]`,
    'hive_partitioning = false',
    ...(deletes || wantsFile ? [`filename = '${FILE_COLUMN}'`, 'file_row_number = true'] : []),
  ];
  const all = `read_parquet(${options.join(', ')})`;
  const absent = (id: number, of: string) =>
    absentSql(
      data,
      id,
      fields.find((field) => field.id === id),
      of,
    );
  const of = alias === undefined ? '' : `${alias}.`;
  return {
    from: deletes ? remainingRows(all, { data, inFile, deletes, absent: (id) => absent(id, 'rows.') }) : all,
    valueOf(field) {
      const found = inFile.find(({ id }) => id === field.id);
      return found ? icebergValue(`${of}${duckdbName(found.name)}`, field.type, found) : absent(field.id, of);
    },
  };
}

/** What rows have of a column that their files have not: what their partition says, or the field's default. */
function absentSql(
  data: readonly PlacedFile[],
  id: number,
  field: IcebergField | undefined,
  of: string,
): string {
  const otherwise = field ? defaultSql(field) : 'NULL';
  const values = data.map(({ constants }) => constants.get(id) ?? otherwise);
  const [first = otherwise] = values;
  if (values.every((value) => value === first)) return first;
  return `list_extract([${values.join(', ')}], CAST(${of}file_index AS BIGINT) + 1)`;
}

/** Files that were added to a table and not written by Iceberg have names alone. @throws IcebergError when these say nothing */
export function fieldsWithIds(
  inFile: readonly ParquetField[],
  { idsByName }: Pick<IcebergFiles, 'idsByName'>,
  location: string,
): readonly ParquetField[] {
  if (inFile.some(({ id }) => id !== undefined)) return inFile;
  if (idsByName.size > 0)
    return inFile.map((field) => ({ ...field, id: idsByName.get(field.name.toLowerCase()) }));
  throw new IcebergError(
    `${location} was not written by Iceberg: it has no field ids, and the table has no schema.name-mapping.default that says ` +
      'which column is which. Set it, or rewrite the data files',
    { isUnsupported: true },
  );
}

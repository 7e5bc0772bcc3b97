// Rows of Parquet files with their places, so that a decision about rows is a list of places.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import type { SourceColumn } from './source/relation.js';

/** A place is the file's number and the row's number in it; rows a file stay below 2^34, places below 2^54. */
const ROWS_PER_FILE = 2n ** 34n;
const PLACES = 2n ** 54n;
export const PLACE = 'gluepot_place';

/** An order below every cursor's: that of rows without one. */
const NO_ORDER = `(-9223372036854775808)`;

/** A subquery with all `columns` and the place. */
export function placedRows(
  from: string,
  values: readonly string[],
  columns: readonly SourceColumn[],
  fileNumber = 'file_index',
): string {
  const items = columns.map(
    ({ name, duckdbType }, index) => `CAST(${values[index]} AS ${duckdbType}) AS ${duckdbName(name)}`,
  );
  const place = `CAST(${fileNumber} AS BIGINT) * ${ROWS_PER_FILE} + file_row_number AS ${PLACE}`;
  return `(SELECT ${[...items, place].join(', ')} FROM ${from})`;
}

/** SQL: which of the files a place is in. */
export function fileNumberOf(place: string): string {
  return `CAST(${place} // ${ROWS_PER_FILE} AS INTEGER)`;
}

/** SQL: the cursor, or something before all. */
export function orderOrLeast(order: string): string {
  return `coalesce(${order}, ${NO_ORDER})`;
}

/**
 * One row a key: the place of the newest, of equally new ones the one that stands last, and whether there were several.
 * Aggregates whole numbers only, and takes none apart again: dividing 128 bits costs ten times as much.
 */
export function newestPlaces(rows: string, key: readonly string[], order: string, condition: string): string {
  const ranked = `CAST(${orderOrLeast(order)} AS HUGEINT) * ${PLACES}`;
  return (
    `SELECT place, place <> first AS is_tie FROM (SELECT arg_max(${PLACE}, ${ranked} + ${PLACE}) AS place, ` +
    `arg_max(${PLACE}, ${ranked} - ${PLACE}) AS first FROM ${rows} WHERE ${condition} GROUP BY ${key.map(duckdbName).join(', ')})`
  );
}

/** Rows of a file that share an entry of marks: as many as DuckDB computes with at a time. */
const BLOCK_BITS = 11n;
const BLOCK_LAST = 2n ** BLOCK_BITS - 1n;

/**
 * The places of newestPlaces as bits, block by block, with how many there are. A row is looked up in a few bytes a block
 * of them, which stay in the processor's cache, and not in a table with an entry a key.
 */
export function newestMarks(rows: string, key: readonly string[], order: string, condition: string): string {
  return (
    `SELECT place >> ${BLOCK_BITS} AS block, bitstring_agg(CAST(place & ${BLOCK_LAST} AS INTEGER), 0, ${BLOCK_LAST}) AS marks, ` +
    `count(*) AS keys, count(*) FILTER (is_tie) AS ties FROM (${newestPlaces(rows, key, order, condition)}) GROUP BY block`
  );
}

/** A subquery of the rows that a table of `newestMarks` marks. */
export function markedRows(rows: string, marks: string): string {
  const bit = `get_bit(m.marks, CAST(r.${PLACE} & ${BLOCK_LAST} AS INTEGER))`;
  return `(SELECT r.* FROM ${rows} AS r JOIN ${marks} AS m ON r.${PLACE} >> ${BLOCK_BITS} = m.block WHERE ${bit} = 1)`;
}

/** SQL: equal in every column, nulls equal to nulls. */
export function isSameRow(columns: readonly SourceColumn[], one: string, other: string): string {
  return columns
    .map(({ name }) => `${one}.${duckdbName(name)} IS NOT DISTINCT FROM ${other}.${duckdbName(name)}`)
    .join(' AND ');
}

export function isSameKey(key: readonly string[], one: string, other: string): string {
  return key.map((name) => `${one}.${duckdbName(name)} = ${other}.${duckdbName(name)}`).join(' AND ');
}

export function columnList(columns: readonly { name: string }[], of = ''): string {
  return columns.map(({ name }) => `${of === '' ? '' : `${of}.`}${duckdbName(name)}`).join(', ');
}

/** A COPY to Parquet whose rows say which files came out. */
export function copyToParquet(query: string, path: string, fileBytes?: number): string {
  const options = ['FORMAT parquet', 'COMPRESSION snappy', 'RETURN_STATS'];
  if (fileBytes !== undefined) options.push(`FILE_SIZE_BYTES ${fileBytes}`);
  return `COPY (${query}) TO ${duckdbText(path)} (${options.join(', ')})`;
}

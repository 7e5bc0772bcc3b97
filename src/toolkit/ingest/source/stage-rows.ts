// Rows of a database as Parquet files in a table's folder: in pieces, so that neither memory nor disk holds them all as text.
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { GluepotError, messageOf } from '../../../base/errors.js';
import type { ValueEncoding } from '../../../databases/database.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import { DuckdbError } from '../../../tabular/duckdb.js';
import { copyToParquet } from '../placed-rows.js';
import type { SourceColumn } from './relation.js';
import type { ReadTools } from './source-kind.js';

export interface StagedColumn extends SourceColumn {
  encoding: ValueEncoding;
}

/** Bytes of text that become one file. While one is made, the next one is gathered, and no more. */
const PIECE_BYTES = 64 * 1024 * 1024;
/** DuckDB's own limit for a line; a longer one has to be announced. */
const LINE_BYTES_USUAL = 2_000_000;
const NEWLINE = 10;

/**
 * @param produce hands lines of COPY's text format to its argument, and answers how many there were
 * @returns the paths of the files. @throws GluepotError `failed` when a value is none of its column's type, or rows are missing
 */
export async function stageRows(
  { files, duckdb, signal }: Pick<ReadTools, 'files' | 'duckdb' | 'signal'>,
  table: string,
  columns: readonly StagedColumn[],
  produce: (take: (chunk: Buffer) => Promise<void>) => Promise<number>,
): Promise<string[]> {
  const folder = join(files.folder, 'database');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  let rows = 0;
  let piece: { path: string; file: FileHandle; bytes: number } | undefined;
  let lineBytes = 0;
  let longestLine = 0;
  let converting = Promise.resolve();

  const convert = async (text: string, path: string, lineBytesMax: number) => {
    try {
      const [written] = await duckdb.rows(
        copyToParquet(selectLines(text, columns, lineBytesMax), path),
        signal,
      );
      rows += Number(written?.count ?? 0);
    } catch (error) {
      if (!(error instanceof DuckdbError)) throw error;
      throw new GluepotError(
        'failed',
        `${table} has a value that is none of its column's type: ${messageOf(error)} Put it right; a date that is none ` +
          'becomes null with "oddDates": "null".',
        { cause: error },
      );
    }
    await rm(text);
  };
  const finishPiece = async () => {
    if (!piece) return;
    const { path: text, file } = piece;
    piece = undefined;
    await file.close();
    await converting;
    const path = join(folder, `rows-${paths.length}.parquet`);
    paths.push(path);
    converting = convert(text, path, longestLine);
    // Looked at before the next piece, and at the end.
    converting.catch(() => {});
    longestLine = lineBytes;
  };
  const write = async (chunk: Buffer) => {
    if (chunk.length === 0) return;
    if (!piece) {
      const path = join(folder, `rows-${paths.length}.txt`);
      piece = { path, file: await open(path, 'w'), bytes: 0 };
    }
    await piece.file.write(chunk);
    piece.bytes += chunk.length;
  };

  try {
    const count = await produce(async (chunk) => {
      signal.throwIfAborted();
      const last = chunk.lastIndexOf(NEWLINE);
      longestLine = Math.max(longestLine, lineBytes + chunk.length);
      lineBytes = last < 0 ? lineBytes + chunk.length : chunk.length - last - 1;
      if (last < 0 || (piece?.bytes ?? 0) + last < PIECE_BYTES) return write(chunk);
      await write(chunk.subarray(0, last + 1));
      await finishPiece();
      await write(chunk.subarray(last + 1));
    });
    await finishPiece();
    await converting;
    if (rows === count) return paths;
    throw new GluepotError(
      'failed',
      `The database sent ${count} rows of ${table}, and ${rows} were read. Nothing was written; run it again.`,
    );
  } finally {
    await piece?.file.close();
    await converting.catch(() => {});
  }
}

/** One column alone would make an empty line of an empty text, which is no row. */
export const FILLER = 'gluepot_filler';

function selectLines(path: string, columns: readonly StagedColumn[], lineBytesMax: number): string {
  const fields = [
    ...columns.map((column) => `${duckdbText(column.name)}: ${duckdbText(fieldType(column))}`),
    ...(columns.length === 1 ? [`'${FILLER}': 'VARCHAR'`] : []),
  ];
  const options = [
    duckdbText(path),
    'auto_detect = false',
    'header = false',
    `delim = '\t'`,
    `quote = ''`,
    `escape = ''`,
    `comment = ''`,
    `new_line = '\\n'`,
    `nullstr = '\\N'`,
    // Without a word on buffers they hold sixteen such lines.
    ...(lineBytesMax > LINE_BYTES_USUAL
      ? [`max_line_size = ${lineBytesMax}`, `buffer_size = ${lineBytesMax}`]
      : []),
    `columns = {${fields.join(', ')}}`,
  ];
  const values = columns.map((column) => `${valueOf(column)} AS ${duckdbName(column.name)}`);
  return `SELECT ${values.join(', ')} FROM read_csv(${options.join(', ')})`;
}

/** Numbers and dates are read as such, which is quickest, and names the column that one is not of. */
function fieldType({ encoding, duckdbType }: StagedColumn): string {
  const isPlain = /^(TINYINT|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DATE|TIMESTAMP|DECIMAL\(\d+,\d+\))$/.test(
    duckdbType,
  );
  return encoding === 'text' && isPlain ? duckdbType : 'VARCHAR';
}

function valueOf(column: StagedColumn): string {
  const { name, encoding, duckdbType } = column;
  const field = duckdbName(name);
  if (encoding === 'hex') return `unhex(${field})`;
  if (fieldType(column) !== 'VARCHAR') return field;
  if (encoding === 'text')
    return duckdbType === 'VARCHAR' ? unescaped(field) : `CAST(${field} AS ${duckdbType})`;
  // Items are texts in the array, so that none of them is read as a double.
  const texts = duckdbType.replace(/^[^[]+/, 'VARCHAR');
  return `CAST(CAST(CAST(${unescaped(field)} AS JSON) AS ${texts}) AS ${duckdbType})`;
}

/** PostgreSQL docs, COPY: "File Formats", text; and \0, which PostgreSQL's texts cannot have. */
const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '0': 0 };

/** Between two backslashes that stand for one, each other backslash begins an escape. */
function unescaped(field: string): string {
  const plain = Object.entries(ESCAPES).reduce(
    (text, [letter, code]) => `replace(${text}, '\\${letter}', chr(${code}))`,
    'piece',
  );
  const pieces = `list_transform(string_split(${field}, '\\\\'), lambda piece : ${plain})`;
  return `CASE WHEN contains(${field}, '\\') THEN array_to_string(${pieces}, '\\') ELSE ${field} END`;
}

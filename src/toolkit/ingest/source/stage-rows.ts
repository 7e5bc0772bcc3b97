// Rows of a database, in the text format of PostgreSQL's COPY, as Parquet files in a table's folder.
import { GluepotError, messageOf } from '../../../base/errors.js';
import type { ValueEncoding } from '../../../databases/database.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { SourceColumn } from './relation.js';
import { stagePieces, type StagingTools } from './stage-pieces.js';

export interface StagedColumn extends SourceColumn {
  encoding: ValueEncoding;
}

/** DuckDB's own limit for a line; a longer one has to be announced. */
const LINE_BYTES_USUAL = 2_000_000;

/**
 * @param produce hands lines of COPY's text format to its argument, and answers how many there were
 * @returns the paths of the files. @throws GluepotError `failed` when a value is none of its column's type, or rows are missing
 */
export function stageRows(
  tools: StagingTools,
  table: string,
  columns: readonly StagedColumn[],
  produce: (take: (chunk: Buffer) => Promise<void>) => Promise<number>,
): Promise<string[]> {
  return stagePieces(
    tools,
    {
      name: 'database',
      select: (path, lineBytesMax) => selectLines(path, columns, lineBytesMax),
      explain: (cause) =>
        new GluepotError(
          'failed',
          `${table} has a value that is none of its column's type: ${messageOf(cause)} Put it right; a date that is none ` +
            'becomes null with "oddDates": "null".',
          { cause },
        ),
    },
    (take) =>
      produce(async (chunk) => {
        tools.progress.add({ bytes: chunk.length });
        await take(chunk);
      }),
  );
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

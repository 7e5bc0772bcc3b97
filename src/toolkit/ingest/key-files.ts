// Keys by table, of the newest key file: CSV with the columns table_name and primary_key_column.
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { listObjects, parseS3Place, s3Uri } from './s3-place.js';

/**
 * The columns of each table's key, by lower-case table name, in the order of the rows: several rows of one table, or
 * names with `,`, `;`, `|` or `+` between them, make a composite key. The file is the .csv whose key comes last in order.
 * @throws GluepotError `usage` when there is no such file or it has other columns
 */
export async function readKeyFile(s3: S3Client, location: string): Promise<Map<string, string[]>> {
  // The original takes the prefix as it stands: a part of a name will do.
  const { bucket } = parseS3Place(location, 'The place of key files');
  const prefix = location.replace(/^s3[an]?:\/\/[^/]+\/?/, '');
  const files = (await listObjects(s3, { bucket, prefix })).filter(({ key }) => key.endsWith('.csv'));
  const newest = files.sort((one, other) => (one.key < other.key ? -1 : 1)).at(-1);
  if (!newest) {
    throw new GluepotError('usage', `There is no .csv below ${location}, so no table's key is known.`);
  }
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: newest.key }));
    return parseKeys((await Body?.transformToString()) ?? '', s3Uri(newest));
  } catch (error) {
    throw asGluepotError(error);
  }
}

/** @throws GluepotError `usage` naming the line */
export function parseKeys(content: string, source: string): Map<string, string[]> {
  const [header = [], ...rows] = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  const [table, column] = ['table_name', 'primary_key_column'].map((name) =>
    header.findIndex((cell) => cell.toLowerCase() === name),
  ) as [number, number];
  if (table < 0 || column < 0) {
    throw new GluepotError(
      'usage',
      `${source} has the columns ${header.join(', ')}; needed are table_name and primary_key_column.`,
    );
  }
  const keys = new Map<string, string[]>();
  for (const [index, cells] of rows.entries()) {
    const name = cells[table]?.toLowerCase() ?? '';
    const columns = (cells[column] ?? '').split(/[,;|+]/).map((each) => each.trim().toLowerCase());
    if (name === '' || columns.some((each) => each === '')) {
      throw new GluepotError(
        'usage',
        `${source}, row ${index + 1}: a table's name and its key's columns are needed.`,
      );
    }
    keys.set(name, [...new Set([...(keys.get(name) ?? []), ...columns])]);
  }
  return keys;
}

function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  // The last match is the empty one at the line's end.
  return (line.endsWith(',') ? cells : cells.slice(0, -1)).map((cell) =>
    cell
      .replace(/,$/, '')
      .trim()
      .replace(/^"([^]*)"$/, '$1')
      .replaceAll('""', '"')
      .trim(),
  );
}

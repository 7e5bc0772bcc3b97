// Large files of made-up readings, the same in every run: DuckDB writes them, each value hashed from its row's number.
import { statSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/** A value between 0 and `below` that depends on the row and on what it is for. */
const hashed = (purpose: string, below: number) => `(hash(n, '${purpose}') % ${below})::BIGINT`;

const COLUMNS: Record<string, string> = {
  id: 'n',
  station: `'station-' || ${hashed('station', 5000)}`,
  city: `list_extract(['Lisbon','Oslo','Lagos','Lima','Osaka','Perth'], 1 + ${hashed('city', 6)})`,
  day: `(DATE '2020-01-01' + ${hashed('day', 2000)}::INTEGER)`,
  temperature: `(${hashed('temperature', 80000)} / 1000.0 - 30)`,
  humidity: hashed('humidity', 101),
  pressure: `(950 + ${hashed('pressure', 100000)} / 1000.0)`,
  wind: `(${hashed('wind', 40000)} / 1000.0)`,
  direction: `list_extract(['N','NE','E','SE','S','SW','W','NW'], 1 + ${hashed('direction', 8)})`,
  rain: hashed('rain', 300),
  voltage: `(3 + ${hashed('voltage', 1000)} / 1000.0)`,
  firmware: `'v' || ${hashed('firmware', 9)} || '.' || ${hashed('patch', 40)}`,
  remark: `'reading ' || hex(hash(n, 'remark')) || ' taken at ' || ${hashed('place', 1000000)}`,
};

const list = (names: readonly string[]) => names.map((name) => `${COLUMNS[name]} AS ${name}`).join(', ');

/** As CSV with a header. */
const CSV_ROW = list(Object.keys(COLUMNS));

/** As JSON, with one structure and one list. */
const JSON_ROW = `${list(['id', 'station', 'city', 'day', 'temperature', 'humidity', 'rain', 'remark'])},
  struct_pack(lat := ${hashed('lat', 180000)} / 1000.0 - 90, lon := ${hashed('lon', 360000)} / 1000.0 - 180) AS position,
  [${COLUMNS.direction}, ${COLUMNS.city}] AS labels`;

const SAMPLE_ROWS = 10_000;

/** Writes files of together about `sizeMB` million bytes into `folder`, and answers how many rows they have. */
export async function writeLargeFiles(
  duckdb: DuckDBConnection,
  options: { folder: string; format: 'csv' | 'json'; sizeMB: number; fileCount: number },
): Promise<number> {
  const { folder, format, sizeMB, fileCount } = options;
  mkdirSync(folder, { recursive: true });
  const write = async (from: number, to: number, path: string) => {
    const row = format === 'csv' ? CSV_ROW : JSON_ROW;
    const as = format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT json';
    await duckdb.run(`COPY (SELECT ${row} FROM range(${from}, ${to}) AS r(n)) TO '${path}' (${as})`);
    return statSync(path).size;
  };
  const firstPath = join(folder, `part-0.${format}`);
  const rowBytes = (await write(0, SAMPLE_ROWS, firstPath)) / SAMPLE_ROWS;
  const rowsPerFile = Math.ceil((sizeMB * 1e6) / rowBytes / fileCount);
  for (let index = 0; index < fileCount; index++) {
    await write(index * rowsPerFile, (index + 1) * rowsPerFile, join(folder, `part-${index}.${format}`));
  }
  return rowsPerFile * fileCount;
}

// Cursors of every type in DuckDB: a row's position is exact, and a bound takes the rows from it on and no others.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cursorOf, parseCursor } from './cursor.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  // As ingests set it.
  await connection.run(`SET TimeZone = 'UTC'`);
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();

/** Microseconds of the years 1900 to 2200. */
const MICROS = { min: -2_208_988_800_000_000n, max: 7_258_118_400_000_000n };
const iso = (micros: bigint, zoneMinutes: number) => {
  const local = micros + BigInt(zoneMinutes) * 60_000_000n;
  const fraction = ((local % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((local - fraction) / 1_000_000n);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}`;
};
const zoned = (sign: string, hours: number, minutes: number, text: string) => (micros: bigint) =>
  `'${iso(micros, (sign === '-' ? -1 : 1) * (hours * 60 + minutes))}${text}'`;

/** By the type: SQL of a value at a position, and where positions lie. */
const TYPES: [
  name: string,
  type: string,
  literal: (position: bigint) => string,
  range: { min: bigint; max: bigint },
][] = [
  ['timestamp', 'TIMESTAMP', (at) => `make_timestamp(${at})`, MICROS],
  [
    'timestamp of seconds',
    'TIMESTAMP_S',
    (at) => `make_timestamp(${at * 1_000_000n})::TIMESTAMP_S`,
    { min: MICROS.min / 1_000_000n, max: MICROS.max / 1_000_000n },
  ],
  [
    'timestamp of milliseconds',
    'TIMESTAMP_MS',
    (at) => `make_timestamp(${at * 1000n})::TIMESTAMP_MS`,
    { min: MICROS.min / 1000n, max: MICROS.max / 1000n },
  ],
  [
    'timestamp of nanoseconds',
    'TIMESTAMP_NS',
    (at) => `make_timestamp_ns(${at})`,
    { min: MICROS.min * 1000n, max: MICROS.max * 1000n },
  ],
  ['timestamp with a zone', 'TIMESTAMP WITH TIME ZONE', (at) => `make_timestamptz(${at})`, MICROS],
  ['date', 'DATE', (at) => `(DATE '1970-01-01' + CAST(${at} AS INTEGER))`, { min: -25_567n, max: 84_006n }],
  ['int', 'INTEGER', (at) => `CAST(${at} AS INTEGER)`, { min: -2_147_483_647n, max: 2_147_483_646n }],
  ['bigint', 'BIGINT', (at) => `CAST(${at} AS BIGINT)`, { min: -(2n ** 62n), max: 2n ** 62n }],
  ['decimal', 'DECIMAL(20,0)', (at) => `CAST(${at} AS DECIMAL(20,0))`, { min: -(2n ** 62n), max: 2n ** 62n }],
  ['text without a zone', 'VARCHAR', (at) => `'${iso(at, 0).replace('T', ' ')}'`, MICROS],
  ['text in UTC', 'VARCHAR', (at) => `' ${iso(at, 0)}Z '`, MICROS],
  ['text with hours and minutes', 'VARCHAR', zoned('-', 3, 30, '-03:30'), MICROS],
  ['text with hours', 'VARCHAR', zoned('+', 2, 0, '+02'), MICROS],
];
/** Positions of a value of the type, for types that count in another unit than their cursor. */
const UNITS: Record<string, bigint> = { TIMESTAMP_S: 1_000_000n, TIMESTAMP_MS: 1000n };

it.each(TYPES)('%s: a bound takes the rows from it on', async (_, type, literal, range) => {
  const cursor = cursorOf('c', 'c', type);
  const unit = UNITS[type] ?? 1n;
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt(range),
      fc.array(fc.bigInt(range), { maxLength: 5 }),
      async (bound, others) => {
        const positions = [...new Set([bound - 1n, bound, bound + 1n, ...others])];
        const values = positions.map((at) => `(${literal(at)})`).join(', ');
        const found = await rows(
          `SELECT CAST(${cursor.order} AS VARCHAR), ${cursor.atLeast(bound * unit)} FROM (VALUES ${values}, (NULL)) AS t(c)`,
        );
        const expected = positions.map((at) => [String(at * unit), at >= bound]);
        // A row without a cursor has no position, and is in no range.
        expect(found).toEqual([...expected, [null, null]]);
      },
    ),
    { numRuns: 25 },
  );
});

it('a text is read as the position that it has for people', async () => {
  const { order } = cursorOf('c', 'c', 'VARCHAR');
  for (const text of [
    '2024-05-01',
    '2024-05-01 10:00:00',
    '2024-05-01T10:00:00.5+02:00',
    '1969-12-31T23:59:59.999999Z',
  ]) {
    const [[position] = []] = await rows(`SELECT CAST(${order} AS VARCHAR) FROM (SELECT '${text}' AS c)`);
    expect(position).toBe(String(parseCursor('text', text)));
  }
  expect(await rows(`SELECT ${order} FROM (SELECT ' ' AS c)`)).toEqual([[null]]);
  await expect(rows(`SELECT ${order} FROM (SELECT 'soon' AS c)`)).rejects.toThrow('soon');
});

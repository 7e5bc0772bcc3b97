// Every function by itself: DuckDB takes what it is turned into, for arguments of each type that it is declared with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuckdb, type Duckdb } from '../../../tabular/duckdb.js';
import { translateQuery } from '../analyze-query.js';
import { TRINO_MACROS } from '../macros.js';
import { parseQuery } from '../parse-query.js';
import { duckdbTypeOf } from '../trino-type.js';
import { FUNCTIONS } from './index.js';
import type { FunctionDefinition } from './function-definition.js';

const SAMPLES: Readonly<Record<string, string>> = {
  varchar: `'a'`,
  varbinary: `X'61'`,
  bigint: "BIGINT '2'",
  integer: '2',
  double: '5E-1',
  boolean: 'true',
  json: `JSON '[1]'`,
  date: `DATE '2024-01-02'`,
  time: `TIME '01:02:03'`,
  'interval day to second': `INTERVAL '1' DAY`,
  'interval year to month': `INTERVAL '1' MONTH`,
  N: '2',
  I: '2',
  D: `TIMESTAMP '2024-01-02 03:04:05'`,
  S: `TIMESTAMP '2024-01-02 03:04:05'`,
  Z: `TIMESTAMP '2024-01-02 03:04:05 UTC'`,
  J: `'{"a":1}'`,
};

/** Texts that must be of a form. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  date_trunc: ['month'],
  date_add: ['day'],
  date_diff: ['day'],
  normalize: ['a', 'NFC'],
  regexp_extract_all: ['a', '((a))'],
  date_format: ['', '%Y'],
  date_parse: ['2024', '%Y'],
  format_datetime: ['', 'yyyy'],
  parse_datetime: ['2024', 'yyyy'],
  from_unixtime: ['', 'UTC'],
  at_timezone: ['', 'UTC'],
  with_timezone: ['', 'UTC'],
  from_iso8601_timestamp: ['2024-01-02T03:04:05Z'],
  from_iso8601_date: ['2024-01-02'],
  from_hex: ['61'],
  from_base: ['10'],
  format: ['%s'],
  from_base64: ['YQ=='],
  from_base64url: ['YQ=='],
  json_parse: ['{}'],
  json_extract: ['{}', '$.a'],
  json_extract_scalar: ['{}', '$.a'],
  json_size: ['{}', '$.a'],
};

function sample(type: string, definition: FunctionDefinition, index: number): string {
  if (type === 'varchar') return `'${TEXTS[definition.name]?.[index] ?? 'a'}'`;
  const inside = /^(array|map|function)\((.*)\)$/.exec(type);
  const parts = inside?.[2]?.split(/,\s*(?![^(]*\))/) ?? [];
  const inner = (text: string) => sample(text, definition, -1);
  if (/^(multi)?map_from_entries$/.test(definition.name)) return `ARRAY[ROW('k', 1)]`;
  switch (inside?.[1]) {
    case 'array':
      return `ARRAY[${inner(parts[0] as string)}]`;
    case 'map':
      return `MAP(ARRAY[${inner(parts[0] as string)}], ARRAY[${inner(parts[1] as string)}])`;
    case 'function': {
      const names = parts.slice(0, -1).map((_, place) => `p${place}`);
      return `(${names.join(', ')}) -> ${parts.at(-1) === 'boolean' ? 'true' : (names[0] as string)}`;
    }
    default:
      return SAMPLES[type] ?? '2';
  }
}

function parametersOf({ parameters }: FunctionDefinition): string[] {
  return parameters === ''
    ? []
    : parameters.replace(/\.\.\.$/, '').split(/,\s*(?![^(]*\))(?![^(]*\([^)]*\)\))/);
}

let duckdb: Duckdb;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-functions-'));
  duckdb = openDuckdb({ folders: [folder], temporaryDirectory: folder, prelude: TRINO_MACROS });
});
afterAll(async () => {
  await duckdb.close();
  rmSync(folder, { recursive: true });
});

const ALL = [...FUNCTIONS.values()].flat().map((definition) => ({
  definition,
  call: `${definition.name}(${definition.parameters})`,
}));

it.each(ALL)(
  '$call is taken by DuckDB, and its value is one of the declared type',
  async ({ definition }) => {
    const args = parametersOf(definition).map((type, index) => sample(type, definition, index));
    const over = definition.kind === 'window' ? ' OVER (ORDER BY 1)' : '';
    const isWord = /^(current_(date|time|timestamp)|localtime|localtimestamp)$/.test(definition.name);
    const text = `SELECT ${definition.name}${isWord ? '' : `(${args.join(', ')})`}${over}`;
    const { sql, columns } = translateQuery(parseQuery(text).query, {
      text,
      session: { catalog: 'awsdatacatalog', database: 'default', now: new Date('2024-01-02T03:04:05Z') },
      tables: { hasDatabase: () => true, find: () => undefined },
      parameters: [],
    });
    const [column] = columns;
    const rows = await duckdb.rows(
      `SELECT typeof(c0) AS type, CAST(c0 AS ${duckdbTypeOf(column!.type)}) AS value FROM (${sql}) AS q`,
    );
    expect(rows).toHaveLength(1);
  },
);

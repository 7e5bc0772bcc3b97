// What the log of a Delta table adds up to.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatHiveType } from '../hive-type.js';
import type { DeltaLogFiles } from './delta-log.js';
import { deltaColumns } from './delta-schema.js';
import { readDeltaFiles, readDeltaSnapshot } from './delta-snapshot.js';
import { symlinkManifests } from './symlink-manifests.js';

const WRITTEN = new Date('2026-03-01T00:00:00Z');
const signal = new AbortController().signal;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'delta-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const commitName = (version: number) => `${String(version).padStart(20, '0')}.json`;

function commit(version: number, ...actions: object[]): void {
  writeFileSync(
    join(folder, commitName(version)),
    actions.map((action) => JSON.stringify(action)).join('\n'),
  );
}

function log(): DeltaLogFiles {
  return {
    objects: readdirSync(folder).map((name) => ({ name, lastModified: WRITTEN })),
    pathOf: (name) => join(folder, name),
  };
}

function metaData(columns: Record<string, unknown>, partitionColumns: string[] = []): object {
  const fields = Object.entries(columns).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    metadata: {},
  }));
  const schemaString = JSON.stringify({ type: 'struct', fields });
  return {
    metaData: { id: 'x', format: { provider: 'parquet' }, schemaString, partitionColumns, configuration: {} },
  };
}

const PROTOCOL = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } };
const add = (path: string, partitionValues: Record<string, string | null> = {}) => ({
  add: { path, partitionValues, size: 1, modificationTime: 1, dataChange: true },
});

/** A checkpoint as Spark writes it: one row an action, a struct column a kind. */
async function checkpoint(name: string, rows: { kind: string; sql: string }[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const select = rows.map(({ kind, sql }) => `SELECT ${sql} AS ${kind}`).join(' UNION ALL BY NAME ');
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
const PROTOCOL_ROW = { kind: 'protocol', sql: `{minReaderVersion: 1::INT, minWriterVersion: 2::INT}` };
const metaDataRow = (schema: string) => ({
  kind: '"metaData"',
  sql: `{id: 'x', schemaString: '${schema}', partitionColumns: ['day'], configuration: MAP {'a': 'b'}}`,
});
const addRow = (path: string, day: string) => ({
  kind: '"add"',
  sql: `{path: '${path}', partitionValues: MAP {'day': '${day}'}, size: 1::BIGINT}`,
});
const DAYS = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'day', type: 'string' },
  ],
});

describe('the newest version of a Delta table', () => {
  it('has the schema of the newest metaData, and the time of the newest commit', async () => {
    commit(0, { commitInfo: { timestamp: 100 } }, PROTOCOL, metaData({ id: 'integer' }), add('a'));
    commit(1, { commitInfo: { timestamp: 200 } }, metaData({ id: 'long', Name: 'string' }));
    commit(2, { commitInfo: { timestamp: 300 } }, add('b'));
    const snapshot = await readDeltaSnapshot(log(), signal);
    expect(snapshot).toMatchObject({ version: 2, timestampMs: 300, partitionColumns: [] });
    expect(snapshot.columns.map(({ name, type }) => `${name} ${formatHiveType(type)}`)).toEqual([
      'id bigint',
      'Name string',
    ]);
  });

  it('takes the time from its file where the commit tells none, and in-commit timestamps first', async () => {
    commit(0, PROTOCOL, metaData({ id: 'long' }));
    expect((await readDeltaSnapshot(log(), signal)).timestampMs).toBe(WRITTEN.getTime());
    commit(1, { commitInfo: { timestamp: 200, inCommitTimestamp: 201 } });
    expect((await readDeltaSnapshot(log(), signal)).timestampMs).toBe(201);
  });

  it('is read from a checkpoint and the commits after it, whose predecessors are gone', async () => {
    await checkpoint('00000000000000000007.checkpoint.parquet', [
      PROTOCOL_ROW,
      metaDataRow(DAYS),
      addRow('day=1/a', '1'),
      addRow('day=2/b', '2'),
    ]);
    commit(7, { commitInfo: { timestamp: 70 } });
    expect(await readDeltaSnapshot(log(), signal)).toMatchObject({
      version: 7,
      timestampMs: 70,
      partitionColumns: ['day'],
    });
    commit(8, { remove: { path: 'day=1/a' } }, add('day=3/c', { day: '3' }));
    const snapshot = await readDeltaSnapshot(log(), signal);
    expect(snapshot.version).toBe(8);
    const files = await readDeltaFiles(log(), signal);
    expect([...files.keys()]).toEqual(['day=2/b', 'day=3/c']);
    expect(symlinkManifests(snapshot, files.values(), 's3://b/t/')).toEqual([
      { values: ['2'], folder: 'day=2/', text: 's3://b/t/day=2/b\n' },
      { values: ['3'], folder: 'day=3/', text: 's3://b/t/day=3/c\n' },
    ]);
  });

  it('takes a checkpoint of several parts only when all of them are there', async () => {
    commit(0, PROTOCOL, metaData({ id: 'long' }));
    const part = (number: number) => `00000000000000000001.checkpoint.000000000${number}.0000000002.parquet`;
    await checkpoint(part(1), [PROTOCOL_ROW, addRow('day=1/a', '1')]);
    expect((await readDeltaSnapshot(log(), signal)).version).toBe(0);
    await checkpoint(part(2), [metaDataRow(DAYS), addRow('day=2/b', '2')]);
    expect(await readDeltaSnapshot(log(), signal)).toMatchObject({ version: 1, partitionColumns: ['day'] });
    expect([...(await readDeltaFiles(log(), signal)).keys()]).toEqual(['day=1/a', 'day=2/b']);
  });

  it('finds files in the sidecars of a checkpoint', async () => {
    const name = '00000000000000000004.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json';
    const actions = [PROTOCOL, metaData({ day: 'string' }, ['day']), { sidecar: { path: 's.parquet' } }];
    writeFileSync(join(folder, name), actions.map((action) => JSON.stringify(action)).join('\n'));
    await checkpoint('_sidecars/s.parquet', [addRow('day=1/a', '1')]);
    expect((await readDeltaSnapshot(log(), signal)).version).toBe(4);
    expect([...(await readDeltaFiles(log(), signal)).keys()]).toEqual(['day=1/a']);
  });

  it.each<[string, () => void, RegExp]>([
    ['an empty log', () => {}, /neither a commit nor a checkpoint/],
    ['a missing commit', () => (commit(0, PROTOCOL, metaData({})), commit(2)), /version 1 is missing/],
    ['no schema', () => commit(0, PROTOCOL), /has no metaData/],
    [
      'a line that is cut',
      () => writeFileSync(join(folder, commitName(0)), '{"protocol":'),
      /0\.json cannot be read/,
    ],
    [
      'a checkpoint that is none',
      () => writeFileSync(join(folder, '00000000000000000000.checkpoint.parquet'), 'PAR1xxxx'),
      /checkpoint\.parquet cannot be read/,
    ],
    [
      'a reader version of the future',
      () => commit(0, { protocol: { minReaderVersion: 4 } }, metaData({})),
      /reader version 4/,
    ],
    [
      'a feature that is not here',
      () => commit(0, { protocol: { minReaderVersion: 3, readerFeatures: ['teleport'] } }, metaData({})),
      /feature teleport/,
    ],
    [
      'a type that Hive does not have',
      () => commit(0, PROTOCOL, metaData({ v: 'variant' })),
      /column v has the type variant/,
    ],
    [
      'a partition column that is none',
      () => commit(0, PROTOCOL, metaData({ a: 'long' }, ['b'])),
      /partitioned by b/,
    ],
  ])('cannot be told of %s', async (_, write, message) => {
    write();
    await expect(readDeltaSnapshot(log(), signal)).rejects.toThrow(message);
  });
});

it('types of Delta are those that Spark gives Hive', () => {
  const nested = {
    type: 'struct',
    fields: [
      { name: 'Tags', type: { type: 'array', elementType: 'string', containsNull: true } },
      { name: 'm', type: { type: 'map', keyType: 'string', valueType: 'decimal(10,2)' } },
    ],
  };
  const fields = ['byte', 'short', 'timestamp_ntz', 'binary', 'decimal(38, 0)', nested].map(
    (type, index) => ({
      name: `c${index}`,
      type,
    }),
  );
  const types = deltaColumns(JSON.stringify({ type: 'struct', fields })).map(({ type }) =>
    formatHiveType(type),
  );
  expect(types).toEqual([
    'tinyint',
    'smallint',
    'timestamp',
    'binary',
    'decimal(38,0)',
    'struct<Tags:array<string>,m:map<string,decimal(10,2)>>',
  ]);
});

describe('manifests', () => {
  const column = (name: string, physicalName = name) => ({
    name,
    physicalName,
    type: { kind: 'primitive' as const, name: 'string' },
    comment: undefined,
  });

  it('list decoded paths and whole URLs, by partition as Hive names it', () => {
    const table = { columns: [column('id'), column('City', 'col-1')], partitionColumns: ['City'] };
    const files = [
      { path: 'City=S%253A1/b%20c.parquet', partitionValues: { 'col-1': 'S:1' } },
      { path: 'City=S%253A1/a.parquet', partitionValues: { 'col-1': 'S:1' } },
      { path: 's3://other/x.parquet', partitionValues: { 'col-1': null } },
    ];
    expect(symlinkManifests(table, files, 's3://b/t/')).toEqual([
      {
        values: ['S:1'],
        folder: 'City=S%3A1/',
        text: 's3://b/t/City=S%3A1/a.parquet\ns3://b/t/City=S%3A1/b c.parquet\n',
      },
      {
        values: ['__HIVE_DEFAULT_PARTITION__'],
        folder: 'City=__HIVE_DEFAULT_PARTITION__/',
        text: 's3://other/x.parquet\n',
      },
    ]);
  });

  it('of an empty table without partitions is one, empty', () => {
    expect(symlinkManifests({ columns: [], partitionColumns: [] }, [], 's3://b/t/')).toEqual([
      { values: [], folder: '', text: '' },
    ]);
  });

  it('cannot be made of files with deleted rows', () => {
    const file = { path: 'a', deletionVector: { pathOrInlineDv: 'ab', offset: 1 } };
    expect(() => symlinkManifests({ columns: [], partitionColumns: [] }, [file], 's3://b/t/')).toThrow(
      /file a has deleted rows/,
    );
  });
});

it('a file that gets a deletion vector stays, whichever of its two actions comes first', async () => {
  const first = { pathOrInlineDv: 'one', offset: 1 };
  commit(0, PROTOCOL, metaData({}), add('a'));
  commit(1, { add: { path: 'a', deletionVector: first } }, { remove: { path: 'a' } });
  expect((await readDeltaFiles(log(), signal)).get('a')?.deletionVector).toEqual(first);
  commit(2, { remove: { path: 'a', deletionVector: first } });
  expect((await readDeltaFiles(log(), signal)).size).toBe(0);
});

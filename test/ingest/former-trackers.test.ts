// Moving over from the original job: its trackers as a text file or a folder of Spark, and the files it left.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { parseIngestSpec, specOfFormerParameters, verifyTables } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const row = (id: number, name: string, updated_at: string): Row => ({ id, name, updated_at });
const run = async (name: string, more: Partial<IngestSpec> = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  return tables[0]!;
};
const putTracker = (name: string, text: string) => {
  const path = join(lake.trackers, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

/** What the original leaves: a file of Spark below <output>/<table>/, with a mark that all was written. */
async function leaveOutput(name: string, rows: readonly Row[]): Promise<void> {
  const values = rows.map((each) => `(${each.id}, '${each.name}', TIMESTAMP '${each.updated_at}')`);
  await lake.putParquet(
    `parquet/${name}/part-00000-3f1c-c000.snappy.parquet`,
    `SELECT CAST(id AS INTEGER) AS id, name, updated_at FROM (VALUES ${values.join(', ')}) AS t(id, name, updated_at)`,
  );
  await lake.put(`parquet/${name}/_SUCCESS`, new Uint8Array());
}

it.each([
  ['a text file', (name: string) => putTracker(`${name}.txt`, '2024-01-02 00:00:00')],
  [
    'a folder of Spark',
    (name: string) => {
      putTracker(`${name}.txt/_SUCCESS`, '');
      putTracker(`${name}.txt/.part-00000-9b.txt.crc`, 'crc');
      putTracker(`${name}.txt/part-00000-9b.txt`, '');
      putTracker(`${name}.txt/part-00001-9b.txt`, '2024-01-02 00:00:00\n');
    },
  ],
])('goes on from the time in %s, with the files that the original left', async (what, track) => {
  const name = what.replaceAll(' ', '_').toLowerCase();
  await lake.defineTable(name);
  await leaveOutput(name, [row(1, 'one', '2024-01-01 00:00:00'), row(2, 'two', '2024-01-02 00:00:00')]);
  track(name);
  // The first is behind the time that the original got to.
  await lake.setRows(name, [
    row(1, 'not read', '2024-01-01 00:00:00'),
    row(2, 'two again', '2024-01-02 00:00:00'),
    row(3, 'three', '2024-01-03 00:00:00'),
  ]);
  const report = await run(name, { formerTracker: 'continue' });
  expect(report).toMatchObject({ load: 'incremental', counts: { read: 2, added: 1, updated: 1 } });
  expect(report.warnings.join()).toContain('Going on from 2024-01-02T00:00:00.000000Z');
  expect(await lake.read(name)).toEqual([
    row(1, 'one', '2024-01-01 00:00:00'),
    row(2, 'two again', '2024-01-02 00:00:00'),
    row(3, 'three', '2024-01-03 00:00:00'),
  ]);
  expect(await run(name, { formerTracker: 'continue' })).toMatchObject({ status: 'unchanged' });
});

it('readers never look where the original wrote: what is added goes to a folder without this run’s others', async () => {
  await lake.defineTable('added');
  await leaveOutput('added', [row(1, 'one', '2024-01-01 00:00:00')]);
  putTracker('added.txt', '2024-01-01 00:00:00');
  await lake.setRows('added', [row(2, 'two', '2024-01-03 00:00:00')]);
  expect(await run('added', { formerTracker: 'continue' })).toMatchObject({
    counts: { added: 1, updated: 0 },
  });
  expect((await lake.read('added')).map(({ id }) => id)).toEqual([1, 2]);
  expect(await verifyTables(lake.spec(), lake.clients, { only: ['added'] })).toMatchObject([
    { problems: [] },
  ]);
  // The original's own files are not this job's to remove.
  await lake.clock.advance(3 * 86_400_000);
  await lake.setRows('added', [row(2, 'two again', '2024-01-04 00:00:00')]);
  await run('added');
  expect(await lake.keys('parquet/added/part-')).toHaveLength(1);
});

it('loads all anew, and says why, when nothing says that the files are whole', async () => {
  await lake.defineTable('anew');
  putTracker('anew.txt', '2024-01-02 00:00:00');
  await lake.setRows('anew', [row(1, 'one', '2024-01-01 00:00:00')]);
  const report = await run('anew');
  expect(report).toMatchObject({ load: 'full', rows: 1 });
  expect(report.warnings.join()).toContain('The original job got to 2024-01-02T00:00:00.000000Z');
});

it('goes on by the cursor’s own type: a date counts days', async () => {
  await lake.defineTable('dated', [
    { Name: 'id', Type: 'int' },
    { Name: 'updated_at', Type: 'date' },
  ]);
  putTracker('dated.txt', '2024-01-02 00:00:00');
  await lake.setRows('dated', [
    { id: 1, updated_at: '2024-01-01' },
    { id: 2, updated_at: '2024-01-02' },
  ]);
  expect(await run('dated', { formerTracker: 'continue' })).toMatchObject({
    rows: 1,
    watermark: '2024-01-02',
  });
});

it.each([
  ['no time', { '.txt': 'None' }, '"None" is no position of a timestamp cursor'],
  ['nothing', { '.txt/part-00000': '' }, 'holds 0 times instead of one'],
  [
    'several times',
    { '.txt/part-0': '2024-01-02 00:00:00', '.txt/part-1': '2024-01-03 00:00:00' },
    'holds 2 times instead of one',
  ],
])(
  'a tracker of the original that holds %s is an error, never a full load',
  async (what, trackers, message) => {
    const name = `bad_${what.replaceAll(' ', '_')}`;
    await lake.defineTable(name);
    await lake.setRows(name, [row(1, 'one', '2024-01-01 00:00:00')]);
    for (const [end, text] of Object.entries(trackers)) putTracker(`${name}${end}`, text);
    expect(await run(name)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(message) as unknown,
    });
    await expect(lake.read(name)).rejects.toThrow();
  },
);

it('the tracker of a table whose name begins alike is another table’s', async () => {
  await lake.defineTable('alike');
  await lake.setRows('alike', [row(1, 'one', '2024-01-01 00:00:00')]);
  putTracker('alike.txt2/part-00000', '2024-02-02 00:00:00');
  const report = await run('alike');
  expect(report).toMatchObject({ load: 'full', warnings: [] });
});

it('takes the original’s parameters, s3a:// and cdc too, and refuses another load type', () => {
  const given = {
    athena_database_name: 'shop',
    output_path: 's3a://lake/out',
    cdc_path: 's3n://lake/cdc',
    load_type: 'CDC',
    primary_key_s3_prefix: 's3://lake/keys',
  };
  expect(specOfFormerParameters(given)).toEqual({
    database: 'shop',
    outputPath: 's3://lake/out',
    trackerPath: 's3://lake/cdc',
    keysPath: 's3://lake/keys',
    load: 'incremental',
  });
  expect(() => specOfFormerParameters({ ...given, load_type: 'delta' })).toThrow(
    '--load_type "delta" is not known. Give full, incremental or cdc.',
  );
  expect(() => specOfFormerParameters({ ...given, output_path: 'lake' })).toThrow('must be s3://BUCKET');
});

it('a spec’s mistakes are told with their places and what is allowed', () => {
  const spec = (text: string) => () => parseIngestSpec(text, 'ingest.yaml');
  const least = 'database: shop\noutputPath: s3://lake/out\ntrackerPath: trackers\n';
  expect(spec(least)()).toMatchObject({ database: 'shop' });
  expect(spec(`${least}lookbak: 1h\n`)).toThrow(
    /ingest\.yaml:4:1: lookbak: unknown key "lookbak"\. Did you mean "lookback"/,
  );
  expect(spec(`${least}tables:\n  orders: { kee: [id] }\n`)).toThrow(
    /ingest\.yaml:5:13: tables\.orders\.kee: .*Allowed here: key, cursor/,
  );
  expect(spec(`${least}lookback: 15\n`)).toThrow(
    /ingest\.yaml:4:11: lookback: expected a text, got the number 15/,
  );
  expect(spec(`${least}lookback: 15 minutes\n`)).toThrow('"15 minutes" must be a number with its unit');
  expect(spec(`${least}cursor: a\ncursorExpression: b\n`)).toThrow(/ingest\.yaml:5:19: .*not both/);
  expect(spec(`${least}tables:\n  t: { cursor: a, cursorExpression: b }\n`)).toThrow(
    /tables\.t\.cursorExpression: .*not both/,
  );
  expect(spec('database: shop\n')).toThrow(/missing "outputPath"[^]*missing "trackerPath"/);
});

// The ingest function called as Lambda calls it, against the embedded AWS.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../base/clock.js';
import { silentLog } from '../base/log.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../embedded.js';
import { handleIngest, type IngestContext } from './ingest.js';

let aws: Embedded;
let clients: EmbeddedClients;
const temporaryFolder = mkdtempSync(join(tmpdir(), 'gluepot-ingest-function-'));

beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  for (const Name of ['orders', 'lines']) {
    await clients.glue.createTable({
      DatabaseName: 'shop',
      TableInput: {
        Name,
        StorageDescriptor: {
          Location: `s3://lake/raw/${Name}/`,
          Columns: [
            { Name: 'id', Type: 'int' },
            { Name: 'updated_at', Type: 'timestamp' },
          ],
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    await put(`raw/${Name}/a.json`, '{"id":1,"updated_at":"2024-01-01 00:00:00"}\n');
  }
});
afterAll(async () => {
  await aws.close();
  rmSync(temporaryFolder, { recursive: true, force: true });
});

const put = (Key: string, Body: string) => clients.s3.putObject({ Bucket: 'lake', Key, Body });
const SPEC = 'database: shop\noutputPath: s3://lake/parquet\ntrackerPath: s3://lake/trackers\nkey: [id]\n';
const SCHEDULED = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };

async function invoke(
  event: unknown,
  { spec = SPEC, leftMs = 900_000, specUri = 's3://lake/ingest.yaml' } = {},
) {
  await put('ingest.yaml', spec);
  const context: IngestContext = { getRemainingTimeInMillis: () => leftMs, memoryLimitInMB: '1024' };
  return handleIngest(
    { clients, clock: systemClock, log: silentLog, specUri, temporaryFolder },
    event,
    context,
  );
}
const statuses = ({ tables }: Awaited<ReturnType<typeof invoke>>) =>
  tables.map(({ table, status }) => [table, status]);

it('loads every table for a schedule, then what is new, and leaves nothing on its disk', async () => {
  expect(statuses(await invoke(SCHEDULED))).toEqual([
    ['lines', 'loaded'],
    ['orders', 'loaded'],
  ]);
  await put('raw/orders/b.json', '{"id":2,"updated_at":"2024-01-02 00:00:00"}\n');
  const report = await invoke(SCHEDULED);
  expect(statuses(report)).toEqual([
    ['lines', 'unchanged'],
    ['orders', 'loaded'],
  ]);
  expect(report.tables[1]).toMatchObject({ load: 'incremental', rows: 2, counts: { added: 1 } });
  expect(readdirSync(temporaryFolder)).toEqual([]);
});

it('takes tables and the load from who calls it', async () => {
  const report = await invoke({ tables: ['orders'], load: 'full' });
  expect(report.tables).toMatchObject([{ table: 'orders', load: 'full', status: 'loaded' }]);
  await expect(invoke({ load: 'all' })).rejects.toMatchObject({ kind: 'usage' });
  await expect(invoke({ tables: ['nothing'] })).rejects.toThrow('There is no table nothing in shop');
});

it('fails when a table does, after the others are loaded, and answers with it only where that is asked for', async () => {
  const spec = `${SPEC}tables: { lines: { key: [nowhere] } }\n`;
  await put('raw/orders/c.json', '{"id":3,"updated_at":"2024-01-03 00:00:00"}\n');
  await expect(invoke(SCHEDULED, { spec })).rejects.toMatchObject({
    kind: 'partial-apply',
    message: expect.stringMatching(
      /^1 of 2 tables of shop failed\. lines: .*no key column nowhere/,
    ) as unknown,
  });
  const report = await invoke({ answerFailures: true }, { spec });
  expect(statuses(report)).toEqual([
    ['lines', 'failed'],
    ['orders', 'unchanged'],
  ]);
  expect(report.tables[1]).toMatchObject({ rows: 3 });
});

it('says that time ran out, and the next call goes on', async () => {
  await put('raw/orders/d.json', '{"id":4,"updated_at":"2024-01-04 00:00:00"}\n');
  await expect(invoke(SCHEDULED, { leftMs: 15_000 })).rejects.toMatchObject({ kind: 'timed-out' });
  expect((await invoke(SCHEDULED)).tables[1]).toMatchObject({ status: 'loaded', rows: 4 });
  expect(readdirSync(temporaryFolder)).toEqual([]);
});

it('refuses a spec that is no place in S3, or that keeps trackers on a disk', async () => {
  await expect(invoke({}, { specUri: 'ingest.yaml' })).rejects.toThrow(
    'GLUEPOT_INGEST_SPEC is "ingest.yaml"',
  );
  await expect(invoke({}, { spec: SPEC.replace('s3://lake/trackers', 'trackers') })).rejects.toThrow(
    'must be s3://BUCKET/PREFIX',
  );
});

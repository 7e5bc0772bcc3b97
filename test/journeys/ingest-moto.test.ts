// An ingest with moto's server as the other side: an S3 and a Glue that nobody here wrote.
// moto 5 keeps S3's conditions, but takes an UpdateTable whatever its VersionId says: what a late run does to the catalog
// is shown against the embedded AWS.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Glue } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIngest, verifyTables, type IngestSpec } from '../../src/toolkit/ingest/index.js';
import { gluepot } from './gluepot-process.js';
import { findMoto, startMoto } from './moto-server.js';

const { python, missing } = findMoto();
const Bucket = 'lake';
const SPEC: IngestSpec = {
  database: 'shop',
  outputPath: `s3://${Bucket}/parquet`,
  trackerPath: `s3://${Bucket}/trackers`,
  key: ['id'],
};

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-moto-'));
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let glue: Glue;
  let s3: S3;

  beforeAll(async () => {
    moto = await startMoto(python);
    ({ glue, s3 } = newClients());
    await s3.createBucket({ Bucket });
    await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
    await glue.createTable({
      DatabaseName: 'shop',
      TableInput: {
        Name: 'orders',
        StorageDescriptor: {
          Location: `s3://${Bucket}/raw/orders/`,
          Columns: [
            { Name: 'id', Type: 'int' },
            { Name: 'state', Type: 'string' },
            { Name: 'updated_at', Type: 'timestamp' },
          ],
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
  });
  afterAll(async () => {
    glue.destroy();
    s3.destroy();
    await moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function newClients(): { glue: Glue; s3: S3 } {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const configuration = { endpoint: moto.endpoint, region: 'us-east-1', credentials };
    return { glue: new Glue(configuration), s3: new S3({ ...configuration, forcePathStyle: true }) };
  }
  const put = (name: string, ...rows: [id: number, state: string, day: number][]) =>
    s3.putObject({
      Bucket,
      Key: `raw/orders/${name}`,
      Body: rows
        .map(
          ([id, state, day]) =>
            `{"id":${id},"state":"${state}","updated_at":"2024-01-${String(day).padStart(2, '0')} 00:00:00"}\n`,
        )
        .join(''),
    });
  /** What a reader finds who goes by the catalog. */
  async function rows(): Promise<string[]> {
    const { Table } = await glue.getTable({ DatabaseName: 'shop_parquet', Name: 'orders' });
    const Prefix = Table?.StorageDescriptor?.Location?.slice(`s3://${Bucket}/`.length);
    const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix });
    const found: string[] = [];
    for (const { Key } of Contents) {
      const { Body } = await s3.getObject({ Bucket, Key });
      const file = ((await Body?.transformToByteArray()) as Uint8Array<ArrayBuffer>).slice().buffer;
      const read = (await parquetReadObjects({ file })) as { id: number; state: string }[];
      found.push(...read.map(({ id, state }) => `${id} ${state}`));
    }
    expect(Table?.Parameters?.['recordCount']).toBe(String(found.length));
    return found.sort();
  }
  const run = async () => (await runIngest(SPEC, { glue, s3 })).tables[0];

  it('loads fully, adds what is new, merges what changed, and agrees with itself', async () => {
    await put('a.json', [1, 'new', 1], [2, 'new', 1]);
    expect(await run()).toMatchObject({ status: 'loaded', load: 'full', rows: 2 });
    expect(await rows()).toEqual(['1 new', '2 new']);
    await put('b.json', [3, 'new', 2]);
    expect(await run()).toMatchObject({ load: 'incremental', counts: { added: 1, updated: 0 } });
    await put('c.json', [1, 'paid', 3]);
    expect(await run()).toMatchObject({ load: 'incremental', counts: { added: 0, updated: 1 } });
    expect(await rows()).toEqual(['1 paid', '2 new', '3 new']);
    expect(await run()).toMatchObject({ status: 'unchanged' });
    expect(await verifyTables(SPEC, { glue, s3 })).toMatchObject([{ table: 'orders', problems: [] }]);
  });

  it('a run that dies at any of its writes is finished or started anew by the next', async () => {
    let isCut = true;
    for (let nth = 1; isCut; nth++) {
      await put(`cut-${nth}.json`, [10 + nth, 'new', 3 + nth], [1, `cut ${nth}`, 3 + nth]);
      isCut = await dieAtWrite(nth);
      await run();
      const found = await rows();
      expect(found).toContain(`${10 + nth} new`);
      expect(found).toContain(`1 cut ${nth}`);
      expect(found).toHaveLength(3 + nth);
    }
    expect(await verifyTables(SPEC, { glue, s3 })).toMatchObject([{ problems: [] }]);
  });

  /** True when it came to that many writes. */
  async function dieAtWrite(nth: number): Promise<boolean> {
    let writes = 0;
    const clients = newClients();
    for (const client of [clients.glue, clients.s3] as S3[]) {
      client.middlewareStack.add(
        (next, { commandName = '' }) =>
          (call) => {
            if (/^(Put|Copy|Update|Delete)/.test(commandName)) writes++;
            return writes >= nth ? Promise.reject(new Error('died')) : next(call);
          },
        { step: 'initialize' },
      );
    }
    const { tables } = await runIngest(SPEC, clients);
    clients.glue.destroy();
    clients.s3.destroy();
    expect(tables[0]?.status).toBe(writes >= nth ? 'failed' : 'loaded');
    return writes >= nth;
  }

  it('the command does the same', async () => {
    writeFileSync(join(folder, 'ingest.yaml'), JSON.stringify(SPEC));
    await put('d.json', [99, 'new', 28]);
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const target = ['--target', 'aws', '--region', 'us-east-1', '--endpoint-url', moto.endpoint];
    const finished = await gluepot({ cwd: folder, env }, ...target, 'ingest', 'run', 'ingest.yaml');
    expect(finished.code, finished.stderr).toBe(0);
    expect(await rows()).toContain('99 new');
  });
});

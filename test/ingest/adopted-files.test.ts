// Files of an embedded AWS in this process: they become objects as they are, and are what an upload would have made.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyTables } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const row = (id: number, name: string, day: number) => ({ id, name, updated_at: `2024-01-0${day} 00:00:00` });

it('are read by the catalog, by S3 and by the next run as uploaded ones are', async () => {
  const adopted: string[] = [];
  const options = {
    temporaryFolder: join(lake.aws.dataDir, 'spill'),
    adoptFile: async (path: string, to: { bucket: string; key: string; contentType: string }) => {
      await lake.aws.adoptFile(path, to);
      adopted.push(path);
    },
  };
  await lake.defineTable('orders');
  await lake.setRows('orders', [row(1, 'a', 1), row(2, 'b', 1)]);
  const run = async () => (await lake.run({ key: ['id'] }, options)).tables[0];
  expect(await run()).toMatchObject({ status: 'loaded', rows: 2 });
  expect(adopted).toHaveLength(1);
  expect(adopted.filter((path) => existsSync(path))).toEqual([]);
  const [Key = ''] = await lake.keys('parquet/orders/');
  const object = await lake.clients.s3.getObject({ Bucket: 'lake', Key });
  const bytes = await object.Body?.transformToByteArray();
  expect(object.ContentType).toBe('application/vnd.apache.parquet');
  expect(Buffer.from(bytes ?? []).toString('latin1', 0, 4)).toBe('PAR1');
  expect(bytes).toHaveLength(object.ContentLength ?? 0);

  await lake.setRows('orders', [row(1, 'changed', 2), row(2, 'b', 1), row(3, 'c', 2)]);
  expect(await run()).toMatchObject({ counts: { added: 1, updated: 1 }, rows: 3 });
  expect((await lake.read('orders')).map(({ name }) => name)).toEqual(['changed', 'b', 'c']);
  expect(await verifyTables(lake.spec(), lake.clients)).toMatchObject([{ problems: [] }]);
});

it('that cannot become objects fail their table, and nothing is shown', async () => {
  await lake.defineTable('homeless');
  await lake.setRows('homeless', [row(1, 'a', 1)]);
  const { tables } = await lake.run(
    { include: ['homeless'], key: ['id'] },
    {
      temporaryFolder: join(lake.aws.dataDir, 'spill'),
      // As if their bucket went while the table was read.
      adoptFile: (path, to) => lake.aws.adoptFile(path, { ...to, bucket: 'nowhere' }),
    },
  );
  expect(tables).toMatchObject([
    { status: 'failed', reason: expect.stringContaining('bucket does not exist') as unknown },
  ]);
  await expect(lake.read('homeless')).rejects.toThrow();
});

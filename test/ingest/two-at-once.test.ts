// Two processes of the built command line that ingest one table at the same time, over a server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

const BIN = resolve(import.meta.dirname, '../../bin/gluepot.cjs');

let lake: IngestFixture;
let folder: string;
let endpoint: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  lake = await openIngestFixture();
  const server = await lake.aws.listen({ port: 0 });
  [endpoint, stop] = [server.endpoint, () => server.close()];
  folder = mkdtempSync(join(tmpdir(), 'gluepot-two-at-once-test-'));
  mkdirSync(join(folder, 'tmp'));
  const spec = lake.spec({ include: ['orders'], key: ['id'], trackerPath: 's3://lake/trackers' });
  writeFileSync(join(folder, 'ingest.json'), JSON.stringify(spec));
});
afterAll(async () => {
  await stop();
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(): Promise<{ code: number | null; status: string | undefined }> {
  const child = spawn(
    process.execPath,
    [BIN, 'ingest', 'run', 'ingest.json', '--json', '--quiet', '--endpoint-url', endpoint],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, TMPDIR: join(folder, 'tmp') },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const { result } = JSON.parse(stdout) as { result: { tables: { status: string; kind?: string }[] } };
  return { code, status: result.tables[0]?.kind ?? result.tables[0]?.status };
}

it('one wins, the other says so or comes when all is done, and nothing is lost or left', async () => {
  const rows = (name: string, day: number) =>
    Array.from({ length: 1000 }, (_, id) => ({ id, name, updated_at: `2024-01-0${day} 00:00:00` }));
  await lake.defineTable('orders');
  await lake.setRows('orders', rows('old', 1));
  expect(await run()).toEqual({ code: 0, status: 'loaded' });
  await lake.setRows('orders', rows('new', 2));
  const ends = await Promise.all([run(), run()]);
  expect(ends).toContainEqual({ code: 0, status: 'loaded' });
  const other = ends[ends.findIndex(({ status }) => status === 'loaded') === 0 ? 1 : 0];
  expect([
    { code: 5, status: 'conflict' },
    { code: 0, status: 'unchanged' },
  ]).toContainEqual(other);
  expect(await lake.keys('trackers/orders/manifests/')).toHaveLength(2);
  expect(await lake.read('orders')).toEqual(rows('new', 2));
  // Neither leaves anything on the disk that it staged.
  expect(readdirSync(join(folder, 'tmp'), { recursive: true })).toEqual([]);
});

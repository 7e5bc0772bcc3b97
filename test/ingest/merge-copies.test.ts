// Files that a merge does not touch: copied within S3 before the commit, so that a copy that cannot be made changes nothing.
import { S3ServiceException } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runIngest, verifyTables } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const row = (id: number, name: string, day: number): Row => ({
  id,
  name,
  updated_at: `2024-01-0${day} 00:00:00`,
});
const manifests = async (table: string) => {
  const names: string[] = [];
  for await (const { name } of lake.store.list(`${table}/manifests/`)) names.push(name);
  return names;
};

/** Three files of one row each, of which the next merge touches the first. */
async function threeFiles(table: string): Promise<void> {
  await lake.defineTable(table);
  for (let id = 1; id <= 3; id++) {
    await lake.setRows(
      table,
      Array.from({ length: id }, (_, index) => row(index + 1, 'old', index + 1)),
    );
    await lake.run({ include: [table], key: ['id'] });
  }
  await lake.setRows(table, [row(1, 'new', 4), row(2, 'old', 2), row(3, 'old', 3)]);
}

const merge = async (table: string, answer: (key: string) => Promise<void>, signal?: AbortSignal) => {
  const clients = lake.aws.clients();
  const copied: string[] = [];
  clients.s3.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const { Key = '' } = call.input as { Key?: string };
        if (commandName === 'CopyObjectCommand') {
          copied.push(Key);
          await answer(Key);
        }
        return next(call);
      },
    { step: 'initialize', name: 'watchCopies' },
  );
  await lake.clock.advance(60_000);
  const report = await runIngest(lake.spec({ include: [table], key: ['id'] }), clients, {
    clock: lake.clock,
    ...(signal ? { signal } : {}),
  });
  return { table: report.tables[0], copied };
};

it('are copied by S3 to the new folder, and nothing is left to copy behind the commit', async () => {
  await threeFiles('orders');
  const before = await manifests('orders');
  const { table, copied } = await merge('orders', async () => {
    expect(await manifests('orders')).toEqual(before);
  });
  expect(table).toMatchObject({ status: 'loaded', counts: { updated: 1, added: 0 } });
  expect(copied).toHaveLength(2);
  const newest = JSON.parse(
    new TextDecoder().decode((await lake.store.get((await manifests('orders')).at(-1) as string))?.bytes),
  ) as { copies: unknown[]; files: unknown[] };
  expect(newest).toMatchObject({ copies: [], files: { length: 3 } });
  expect(await lake.read('orders')).toEqual([row(1, 'new', 4), row(2, 'old', 2), row(3, 'old', 3)]);
  expect(await verifyTables(lake.spec(), lake.clients, { only: ['orders'] })).toMatchObject([
    { problems: [] },
  ]);
});

it('that S3 will not copy fail the run before its commit, and the next run is as free as it was', async () => {
  await threeFiles('refused');
  const seen = await lake.read('refused');
  const before = await manifests('refused');
  const { table } = await merge('refused', () => {
    throw new S3ServiceException({
      name: 'AccessDenied',
      message: 'Access Denied',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    });
  });
  expect(table).toMatchObject({ status: 'failed', kind: 'not-permitted' });
  expect(await manifests('refused')).toEqual(before);
  expect(await lake.read('refused')).toEqual(seen);
  expect(await lake.run({ include: ['refused'], key: ['id'] })).toMatchObject({
    tables: [{ status: 'loaded', warnings: [] }],
  });
  expect((await lake.read('refused'))[0]).toEqual(row(1, 'new', 4));
});

it('are copied no further once the run is interrupted', async () => {
  await threeFiles('stopped');
  const before = await manifests('stopped');
  const stop = new AbortController();
  const ended = merge('stopped', () => Promise.resolve(stop.abort(new Error('interrupted'))), stop.signal);
  await expect(ended).rejects.toThrow('interrupted');
  expect(await manifests('stopped')).toEqual(before);
});

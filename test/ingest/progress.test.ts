// What a run tells while it goes: of each table what is being done, and rows and bytes of that.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IngestProgress } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

it('names the stages in order, with the bytes that are read and uploaded, and in the end what came of it', async () => {
  await lake.defineTable('orders');
  const text = Array.from(
    { length: 5000 },
    (_, id) => `{"id": ${id}, "name": "row ${id}", "updated_at": "2024-01-01 00:00:00"}\n`,
  ).join('');
  await lake.put('raw/orders/rows.json', text);
  const events: IngestProgress[] = [];
  const { tables } = await lake.run({ key: ['id'] }, { onProgress: (event) => events.push(event) });
  const bytes = tables[0]?.bytes;
  const stages = [...new Set(events.map(({ detail }) => detail))];
  expect(stages).toEqual(['reading', 'choosing', 'writing', 'uploading', 'loaded']);
  expect(events.at(-1)).toEqual({ table: 'orders', detail: 'loaded', rows: 5000, bytes, done: 1, all: 1 });
  const last = (detail: string) => events.findLast((event) => event.detail === detail);
  for (const event of events) expect(event.bytes ?? 0).toBeLessThanOrEqual(text.length);
  expect(last('uploading')).toMatchObject({ table: 'orders', done: 0, all: 1 });
});

it('of a run that finds nothing new is what the table has', async () => {
  const events: IngestProgress[] = [];
  await lake.run({ key: ['id'] }, { onProgress: (event) => events.push(event) });
  expect(events.at(-1)).toMatchObject({ detail: 'unchanged', rows: 5000 });
});

// A journal gives back what was kept, also when its writer died, and has one writer.
import { appendFile, mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import { buildPlan } from '../plan/build-plan.js';
import type { JournalLine } from './journal-entry.js';
import { createJournal, listJournals, openJournal } from './journal.js';

let folder: string;
let store: DocumentStore;
const plan = buildPlan({
  ...{ accountId: '123456789012', region: 'us-east-1', changes: [] },
  subject: { operation: 'crawl-undo', resolved: {} },
});
const line = (DatabaseName: string): JournalLine => ({
  ...{ op: 'apply', key: { kind: 'database', DatabaseName }, before: 'absent', after: 'absent' },
  state: 'intended',
});
const documents = async () =>
  (await readdir(join(folder, 'journals/j'))).filter((name) => name.endsWith('.jsonl'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gluepot-journal-'));
  store = openDocumentStore(folder, { s3: new S3Client({}) });
});

afterEach(() => rm(folder, { recursive: true }));

it('keeps lines in order, those that wait together in one document', async () => {
  const journal = await createJournal(store, 'j', plan);
  const names = Array.from({ length: 20 }, (_, index) => `d${index}`);
  await Promise.all(names.map((name) => journal.append([line(name)])));
  expect(await documents()).toHaveLength(2);
  const { entries } = await openJournal(store, 'j');
  expect(entries.map(({ seq, key }) => [seq, key.DatabaseName])).toEqual(
    names.map((name, at) => [at + 1, name]),
  );
  expect(await listJournals(store)).toEqual(['j']);
});

it('takes a torn last line as not written, and goes on after it', async () => {
  const journal = await createJournal(store, 'j', plan);
  await journal.append([line('a')]);
  await appendFile(join(folder, 'journals/j', (await documents())[0] as string), '{"seq":2,"op":"app');
  const reopened = await openJournal(store, 'j');
  expect(reopened.entries).toHaveLength(1);
  await reopened.append([line('b')]);
  expect((await openJournal(store, 'j')).entries.map(({ seq }) => seq)).toEqual([1, 2]);
});

it('ends the second of two that write it', async () => {
  await createJournal(store, 'j', plan);
  const [one, other] = [await openJournal(store, 'j'), await openJournal(store, 'j')];
  await one.append([line('a')]);
  await expect(other.append([line('b')])).rejects.toMatchObject({ kind: 'conflict' });
});

it('is damaged when a document in the middle, or its last whole line, is not what was kept', async () => {
  const journal = await createJournal(store, 'j', plan);
  for (const name of ['a', 'b', 'c']) await journal.append([line(name)]);
  const [, second = '', third = ''] = await documents();
  await appendFile(join(folder, 'journals/j', third), 'no entry\n');
  await expect(openJournal(store, 'j')).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining(third) as string,
  });
  await unlink(join(folder, 'journals/j', third));
  expect((await openJournal(store, 'j')).entries).toHaveLength(2);
  await journal.append([line('d')]);
  await unlink(join(folder, 'journals/j', second));
  await expect(openJournal(store, 'j')).rejects.toMatchObject({ kind: 'failed' });
});

it('is begun once', async () => {
  await createJournal(store, 'j', plan);
  await expect(createJournal(store, 'j', plan)).rejects.toMatchObject({ kind: 'conflict' });
});

it('names a journal that is not there', async () => {
  await expect(openJournal(store, 'none')).rejects.toMatchObject({ kind: 'usage' });
  await expect(openJournal(store, '../j')).rejects.toMatchObject({ kind: 'usage' });
});

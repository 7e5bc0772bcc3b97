// A journal gives back what was kept, also when its writer died, and has one writer.
import { appendFile, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import type { Change } from '../plan.js';
import { buildPlan } from '../plan/build-plan.js';
import type { JournalEntry, JournalLine } from './journal-entry.js';
import { createJournal, journalEntries, openJournal } from './journal.js';
import { readJournalHead } from './journal-head.js';
import { listJournals } from './journal-names.js';

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
const linesOf = async (id: string) => {
  const lines: JournalEntry[] = [];
  for await (const document of journalEntries(store, id)) lines.push(...document);
  return lines;
};

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
  const entries = await linesOf('j');
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
  expect(reopened.history.lineCount).toBe(1);
  await reopened.append([line('b')]);
  expect((await linesOf('j')).map(({ seq }) => seq)).toEqual([1, 2]);
});

it('refuses a plan that was cut off anywhere, by the name of the journal', async () => {
  const key = { kind: 'table', DatabaseName: 'sales', TableName: 'orders' } as const;
  const changes = [
    { action: 'delete' as const, key, current: { Name: 'orders' }, reason: 'It goes.', evidence: [] },
  ];
  await createJournal(store, 'j', buildPlan({ ...plan, changes }));
  const path = join(folder, 'journals/j/plan.json.gz');
  const bytes = await readFile(path);
  expect((await openJournal(store, 'j')).plan.changes).toHaveLength(1);
  for (let length = 0; length < bytes.length; length++) {
    await writeFile(path, bytes.subarray(0, length));
    await expect(openJournal(store, 'j'), `${length} bytes`).rejects.toThrow(/^Journal j .* damaged/);
  }
});

it('refuses a plan that somebody edited', async () => {
  const key = { kind: 'table', DatabaseName: 'sales', TableName: 'orders' } as const;
  const found = { action: 'update' as const, key, current: { Name: 'orders' } };
  const change = { ...found, wanted: { Name: 'orders', Owner: 'ann' }, reason: 'So.', evidence: [] };
  await createJournal(store, 'j', buildPlan({ ...plan, changes: [change] }));
  const path = join(folder, 'journals/j/plan.json.gz');
  const text = gunzipSync(await readFile(path)).toString('utf8');
  await writeFile(path, gzipSync(text));
  expect((await openJournal(store, 'j')).plan.changes[0]?.wanted).toEqual({ Name: 'orders', Owner: 'ann' });
  await writeFile(path, gzipSync(text.replace('ann', 'bob')));
  await expect(openJournal(store, 'j')).rejects.toThrow(/Journal j .* as its planHash shows/);
});

it('says from which snapshot comes back what a plan did that is damaged', async () => {
  const damage = () => writeFile(join(folder, 'journals/j/plan.json.gz'), gzipSync('{"changes": ['));
  await createJournal(store, 'j', plan, 'the-one');
  expect(await readJournalHead(store, 'j')).toMatchObject({ snapshotId: 'the-one' });
  await damage();
  const whole = {
    kind: 'failed',
    message: expect.stringContaining('restore the-one, taken right before') as string,
  };
  await expect(openJournal(store, 'j')).rejects.toMatchObject(whole);
  await store.delete('journals/j/head.json');
  await expect(openJournal(store, 'j')).rejects.toThrow(
    'restore SNAPSHOT, which is to be one from before it',
  );
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
  expect((await openJournal(store, 'j')).history.lineCount).toBe(2);
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
  await expect(openJournal(store, '../j')).rejects.toThrow(`There is no journal ../j in ${store.location}.`);
});

it('names the journals there are, newest first, to whom asks for another', async () => {
  for (let index = 1; index <= 6; index++) await createJournal(store, `j${index}`, plan);
  await expect(openJournal(store, 'none')).rejects.toThrow('The newest: j6, j5, j4, j3, j2.');
});

describe('a list of journals', () => {
  const databaseOf = (DatabaseName: string) =>
    buildPlan({
      ...{ accountId: '123456789012', region: 'us-east-1' },
      subject: { operation: 'snapshot-restore', resolved: { snapshot: 's' } },
      changes: [
        {
          ...{ action: 'create', key: { kind: 'database', DatabaseName }, wanted: { Name: DatabaseName } },
          ...{ reason: 'It is not there.', evidence: [] },
        },
      ],
    });

  it('reads nothing that is in them, and a small document of one that is looked at', async () => {
    for (const id of ['a', 'b', 'c']) {
      const journal = await createJournal(store, id, databaseOf('sales'));
      await journal.append([line('sales')]);
    }
    const asked: string[] = [];
    const counted: DocumentStore = {
      ...store,
      get: (name) => (asked.push(name), store.get(name)),
      list: (prefix) => (asked.push(`${prefix}*`), store.list(prefix)),
    };
    expect(await listJournals(counted)).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual([]);
    expect(await readJournalHead(counted, 'b')).toMatchObject({
      subject: { operation: 'snapshot-restore', resolved: { snapshot: 's' } },
      databases: ['sales'],
    });
    expect(asked).toEqual(['journals/b/head.json']);
  });

  it('tells in which databases something was to be changed, not where all was skipped', async () => {
    const { changes, ...head } = databaseOf('sales');
    const key = { kind: 'table' as const, DatabaseName: 'stock', TableName: 't' };
    const skip: Change = { action: 'skip', key, reason: 'Nobody knows.', evidence: [] };
    await createJournal(store, 'j', buildPlan({ ...head, changes: [...changes, skip] }));
    expect((await readJournalHead(store, 'j'))?.databases).toEqual(['sales']);
  });

  it('knows a journal by its plan when its writer died before its head was written', async () => {
    await createJournal(store, 'j', databaseOf('sales'));
    const whole = await readJournalHead(store, 'j');
    await store.delete('journals/j/head.json');
    expect(await readJournalHead(store, 'j')).toEqual(whole);
    expect(await readJournalHead(store, 'none')).toBeUndefined();
  });

  it.each(['{', '{"databases":[]}'])('says that a head like %s is damaged', async (text) => {
    await createJournal(store, 'j', databaseOf('sales'));
    await store.put('journals/j/head.json', Buffer.from(text));
    await expect(readJournalHead(store, 'j')).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('see journals/j/head.json') as unknown,
    });
  });
});

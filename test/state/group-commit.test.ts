// What is acknowledged is on the disk: many commits share a sync, none is forgotten, and a disk that fails ends it all.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { randomIds } from '../../src/base/ids.js';
import { openCatalog } from '../../src/catalog/open-catalog.js';
import { catalogSchema } from '../../src/catalog/schema.js';
import { databaseOperations } from '../../src/services/glue/databases.js';
import { trustingAuthenticator } from '../../src/wire/authenticate.js';
import { createDispatcher } from '../../src/wire/dispatch.js';
import { IN_PROCESS_ENDPOINT, inProcessRequestHandler } from '../../src/wire/in-process.js';
import { documentsSchema } from '../../src/state/documents.js';
import { openState, type State } from '../../src/state/state.js';

/** A disk that syncs when it is told to. */
function openDisk() {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    waiting,
    syncFile: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
    async finish(error?: Error) {
      await settle();
      const next = await vi.waitFor(() => {
        if (!waiting[0]) throw new Error('Nobody waits for the disk.');
        return waiting.shift() as (typeof waiting)[number];
      }, WAIT);
      if (error) next.reject(error);
      else next.resolve();
      await settle();
    },
  };
}

/** A first call through an SDK client takes long on a busy machine. */
const WAIT = { timeout: 10_000, interval: 5 };

const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

let folder: string;
let disk: ReturnType<typeof openDisk>;
let state: State;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-commit-'));
  disk = openDisk();
  state = openState(join(folder, 'gluepot.db'), [documentsSchema, catalogSchema], disk);
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const write = (key: string) =>
  state.transaction(() => state.sql('INSERT INTO documents VALUES (?, ?, ?)').run('k', key, '{}'));
const read = () => state.transaction(() => state.sql('SELECT key FROM documents').all());

/** The promise, and whether it has come to an end. */
function watched<T>(promise: Promise<T>) {
  const watch = { state: 'pending', value: undefined as unknown };
  promise.then(
    (value) => Object.assign(watch, { state: 'fulfilled', value }),
    (error: unknown) => Object.assign(watch, { state: 'rejected', value: error }),
  );
  return watch;
}

function openGlue(): client.Glue {
  const account = { accountId: '123456789012', region: 'us-east-1' };
  const handler = createDispatcher({
    services: [
      {
        signingName: 'glue',
        protocol: 'json-1.1',
        targetPrefix: 'AWSGlue',
        client,
        validationErrorName: 'ValidationException',
        operations: databaseOperations({ catalog: openCatalog(state, { clock: systemClock, ...account }) }),
      },
    ],
    ids: randomIds,
    log: () => undefined,
    durable: () => state.durable(),
    authenticate: trustingAuthenticator(() => 'arn:aws:iam::123456789012:root'),
    ...account,
  });
  return new client.Glue({
    region: 'us-east-1',
    endpoint: IN_PROCESS_ENDPOINT,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: inProcessRequestHandler(handler),
    maxAttempts: 1,
  });
}

it('nothing is synced when nothing was written', async () => {
  read();
  await state.durable();
  expect(disk.waiting).toEqual([]);
});

it('a write by itself, outside of a transaction, is waited for', async () => {
  state.sql('INSERT INTO documents VALUES (?, ?, ?)').run('k', 'a', '{}');
  const waiting = watched(state.durable());
  await settle();
  expect(waiting.state).toBe('pending');
  await disk.finish();
  expect(waiting.state).toBe('fulfilled');
});

it('commits that come together share one sync; one that comes while it runs gets the next', async () => {
  write('a');
  const first = watched(state.durable());
  await settle();
  write('b');
  const second = [watched(state.durable()), watched(state.durable())];
  write('c');
  second.push(watched(state.durable()));
  await disk.finish();
  expect([first.state, ...second.map((each) => each.state)]).toEqual([
    'fulfilled',
    'pending',
    'pending',
    'pending',
  ]);
  await disk.finish();
  expect(second.map((each) => each.state)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(disk.waiting).toEqual([]);
});

it('a transaction that was rolled back leaves nothing to wait for', async () => {
  expect(() =>
    state.transaction(() => {
      write('a');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(read()).toEqual([]);
  await state.durable();
});

it('a statement that begins with its common tables is waited for as well', async () => {
  state.sql("WITH row AS (SELECT 'k', 'a', '{}') INSERT INTO documents SELECT * FROM row").run();
  const waiting = watched(state.durable());
  await disk.finish();
  expect(waiting.state).toBe('fulfilled');
});

it('a state that is closed while a sync runs brings the rest to the disk itself, and nobody waits for ever', async () => {
  write('a');
  const running = watched(state.durable());
  await settle();
  write('b');
  const later = watched(state.durable());
  state.close();
  await disk.finish();
  expect([running.state, later.state, disk.waiting]).toEqual(['fulfilled', 'fulfilled', []]);
  await state.durable();
});

it('a sync that fails after the state was closed is not taken for one that went well', async () => {
  write('a');
  const running = watched(state.durable());
  await settle();
  state.close();
  await disk.finish(new Error('EIO'));
  expect(running.state).toBe('rejected');
});

it('no answer leaves before its write is on the disk, nor one that tells of it', async () => {
  const glue = openGlue();
  const created = watched(glue.createDatabase({ DatabaseInput: { Name: 'sales' } }));
  await settle();
  const again = watched(glue.createDatabase({ DatabaseInput: { Name: 'sales' } }));
  const read = watched(glue.getDatabase({ Name: 'sales' }));
  await settle();
  expect([created.state, again.state, read.state]).toEqual(['pending', 'pending', 'pending']);
  await disk.finish();
  if (disk.waiting.length > 0) await disk.finish();
  expect([created.state, again.state, read.state]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(again.value).toMatchObject({ name: 'AlreadyExistsException' });
});

it('after a sync has failed nothing is acknowledged any more, and it is said why', async () => {
  const glue = openGlue();
  const created = watched(glue.createDatabase({ DatabaseInput: { Name: 'sales' } }));
  await disk.finish(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
  await vi.waitFor(() => expect(created.state).toBe('rejected'), WAIT);
  expect(created.value).toMatchObject({
    name: 'InternalFailure',
    message: expect.stringContaining(
      'could not be brought to the disk (EIO: i/o error, fdatasync)',
    ) as unknown,
  });
  await expect(glue.getDatabases({})).rejects.toThrow('nothing is acknowledged any more');
  await expect(state.durable()).rejects.toThrow('start again');
});

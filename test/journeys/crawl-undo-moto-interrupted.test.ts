// Undos against moto that are killed at a write, or that others interfere with; their journals lie in moto's S3.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDocumentStore } from '../../src/change/index.js';
import { startFaultyRelay, type FaultyRelay, type Relayed } from '../faults/faulty-relay.js';
import { goOnWords } from './gluepot-process.js';
import {
  BUCKET,
  CRAWLER,
  DatabaseName,
  inTable,
  openMotoLake,
  partition,
  type MotoLake,
} from './moto-lake.js';
import { findMoto } from './moto-server.js';

const { python, missing } = findMoto();
const STORE = `s3://${BUCKET}/undo`;
const UNDO = ['crawl', 'undo', CRAWLER, '--no-statistics', '--yes', '--store', STORE];
const REDO = ['crawl', 'redo', '--no-statistics', '--yes', '--store', STORE];

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  let lake: MotoLake;
  let relay: FaultyRelay;
  beforeAll(async () => {
    lake = await openMotoLake(python);
    relay = await startFaultyRelay(lake.endpoint);
  });
  beforeEach(() => lake.reset());
  afterAll(async () => {
    await relay.close();
    await lake.close();
  });

  /** Calls `act` once, before the first request of `operation` arrives; of those of one table the first of orders. */
  const atFirst = (operation: string, act: () => unknown) => {
    let isSeen = false;
    const before = relay.faultOf;
    relay.faultOf = async (request: Relayed) => {
      const { target, input } = request;
      const isMeant = target === `AWSGlue.${operation}` && (input['TableName'] ?? 'orders') === 'orders';
      if (isSeen || !isMeant) return before(request);
      isSeen = true;
      await act();
      return undefined;
    };
  };

  /** Runs a command by the relay, and kills it at its first request of `operation`, which arrives. Answers the words to go on with. */
  const killedAt = async (operation: string, ...args: string[]): Promise<string[]> => {
    let child: ChildProcess | undefined;
    relay.faultOf = () => undefined;
    atFirst(operation, () => child?.kill('SIGKILL'));
    const options = { endpoint: relay.endpoint, onStart: (started: ChildProcess) => (child = started) };
    const { code, stdout, stderr } = await lake.run(options, ...args);
    expect({ code, stdout: stdout.includes('verified') }, stderr).toEqual({ code: -1, stdout: false });
    return [...goOnWords(stderr), '--yes'];
  };
  const done = async (...args: string[]) => {
    relay.faultOf = () => undefined;
    const { code, stdout, stderr } = await lake.run({}, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('read back and verified');
  };
  const rolledBack = (words: readonly string[]) =>
    words.map((word) => (word === '--resume' ? '--rollback' : word));

  it('an undo that is killed, and whose resume and rollback are, is rolled back whole; one that is resumed is the undo', async () => {
    const snapshot = ['catalog', 'snapshot', 'create', '--store', STORE];
    const before = await lake.content();
    await lake.result(...snapshot);
    await lake.crawl();
    await lake.result(...snapshot);
    const after = await lake.content();

    const words = await killedAt('BatchDeletePartition', ...UNDO);
    await killedAt('UpdateTable', ...words);
    await killedAt('BatchCreatePartition', ...rolledBack(words));
    await done(...rolledBack(words));
    expect(await lake.content()).toEqual(after);

    await done(...(await killedAt('BatchUpdatePartition', ...UNDO)));
    expect(await lake.content()).toEqual(before);
    await done(...(await killedAt('CreateTable', ...REDO)));
    expect(await lake.content()).toEqual(after);
  });

  it('what others do between a look and its write is found in the errors of a batch, and left as they made it', async () => {
    const { glue } = lake;
    const deleteDay = (day: string) => glue.deletePartition({ ...inTable('orders'), PartitionValues: [day] });
    const interfered = async (acts: Record<string, () => unknown>, ...args: string[]) => {
      relay.faultOf = () => undefined;
      for (const [operation, act] of Object.entries(acts)) atFirst(operation, act);
      const { code, stdout, stderr } = await lake.run({ endpoint: relay.endpoint }, '--json', ...args);
      expect(code, stderr).toBe(4);
      return (JSON.parse(stdout) as { errors: { message: string }[] }).errors[0]?.message;
    };
    const snapshot = ['catalog', 'snapshot', 'create', '--store', STORE];
    const before = await lake.content();
    await lake.result(...snapshot);
    await lake.crawl();
    await lake.result(...snapshot);

    // Deleted by others is as good as deleted; what is to be updated and is gone is not as anybody knows it.
    const undone = await interfered(
      {
        BatchDeletePartition: () => deleteDay('3'),
        BatchDeleteTable: () => glue.deleteTable({ DatabaseName, Name: 'junk' }),
        BatchUpdatePartition: () => deleteDay('1'),
      },
      ...UNDO,
    );
    expect(undone).toMatch(
      /^6 changes were made, 0 failed, 1 are in conflict, .* partition lake.orders \[1\]: /,
    );
    const without = before.filter((text) => !/"TableName": "orders", "Values": \["1"\]/.test(text));
    expect(await lake.content()).toEqual(without);

    await glue.createPartition({ ...inTable('orders'), PartitionInput: partition('1', '5') });
    const ours = () => glue.createPartition({ ...inTable('orders'), PartitionInput: partition('3', 'ours') });
    const redone = await interfered({ BatchCreatePartition: ours }, ...REDO);
    expect(redone).toMatch(/ 0 failed, 1 are in conflict, .* partition lake.orders \[3\]: /);
    // AWS refused to let the undo change partition 1, so that the redo has nothing to put back there.
    const { Partitions = [] } = await glue.getPartitions(inTable('orders'));
    const counts = Partitions.map(({ Values, Parameters }) => [Values?.[0], Parameters?.['recordCount']]);
    expect(counts.sort()).toEqual([
      ['1', '5'],
      ['2', '5'],
      ['3', 'ours'],
      ['4', '1'],
    ]);
  });

  it('moto’s S3 holds what it is asked for by a condition', async () => {
    const store = openDocumentStore(STORE, { s3: lake.s3 });
    const bytes = (text: string) => Buffer.from(text);
    const { ETag } = await store.put('a.json', bytes('1'), { ifAbsent: true });
    await expect(store.put('a.json', bytes('2'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await store.put('a.json', bytes('3'), { ifMatch: ETag });
    await expect(store.put('a.json', bytes('4'), { ifMatch: ETag })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(store.put('b.json', bytes('5'), { ifMatch: ETag })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(store.delete('a.json', { ifMatch: ETag })).rejects.toMatchObject({ kind: 'conflict' });
    expect(Buffer.from((await store.get('a.json'))?.bytes ?? []).toString()).toBe('3');
    await store.delete('a.json', { ifMatch: (await store.get('a.json'))?.ETag ?? '' });
    expect(await store.get('a.json')).toBeUndefined();
  });
});

// Undo and redo of a crawl with moto's server as the other side. Its crawlers do not crawl: what one does, the test does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Glue, type PartitionInput, type TableInput } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionText } from '../../src/change/canonical-definition.js';
import { observePartitions, observeTables } from '../../src/change/observe-catalog.js';
import { gluepot } from './gluepot-process.js';
import { findMoto, startMoto } from './moto-server.js';

const DatabaseName = 'lake';
const CRAWLER = 'nightly';
const { python, missing } = findMoto();

/** The catalog keeps whole seconds: what was before has to be a second before. */
const A_SECOND_MS = 1100;

const table = (Name: string, type: string, Parameters: Record<string, string> = {}): TableInput => ({
  Name,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'csv', ...Parameters },
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'id', Type: type }], Location: `s3://lake/${Name}/` },
});

const partition = (day: string, recordCount: string): PartitionInput => ({
  Values: [day],
  StorageDescriptor: { Location: `s3://lake/${day}/` },
  Parameters: { averageRecordSize: '10', sizeKey: '1000', recordCount },
});

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-moto-'));
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let glue: Glue;

  beforeAll(async () => {
    moto = await startMoto(python);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    glue = new Glue({ endpoint: moto.endpoint, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    glue.destroy();
    await moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const target = ['--target', 'aws', '--region', 'us-east-1', '--endpoint-url', moto.endpoint, '--json'];
    const finished = await gluepot(
      { cwd: folder, env },
      ...target,
      ...args,
      '--store',
      join(folder, 'store'),
    );
    expect(finished.code, finished.stderr).toBe(0);
    return (JSON.parse(finished.stdout) as { result: Answer }).result;
  };

  const content = async () => {
    const texts: string[] = [];
    for await (const tables of observeTables({ glue }, DatabaseName)) {
      for (const { key, definition } of tables) {
        texts.push(definitionText('table', definition));
        for await (const page of observePartitions({ glue }, DatabaseName, key.TableName)) {
          for (const one of page)
            texts.push(`${key.TableName} ${definitionText('partition', one.definition)}`);
        }
      }
    }
    return texts.sort();
  };

  /** What a crawler would do: mark, change, make, delete. */
  const crawl = async () => {
    await glue.startCrawler({ Name: CRAWLER });
    const { Crawler } = await glue.getCrawler({ Name: CRAWLER });
    const CRAWL_RUN_ID = Crawler?.LastCrawl?.MessagePrefix ?? '';
    const mark = { UPDATED_BY_CRAWLER: CRAWLER, CRAWL_RUN_ID };
    await glue.updateTable({ DatabaseName, TableInput: table('orders', 'string', mark) });
    await glue.updateTable({ DatabaseName, TableInput: table('people', 'string', mark) });
    await glue.createTable({ DatabaseName, TableInput: table('junk', 'string', mark) });
    const inTable = (TableName: string) => ({ DatabaseName, TableName });
    await glue.createPartition({ ...inTable('junk'), PartitionInput: partition('1', '1') });
    await glue.createPartition({ ...inTable('orders'), PartitionInput: partition('3', '1') });
    await glue.updatePartition({
      ...{ ...inTable('orders'), PartitionValueList: ['1'] },
      PartitionInput: partition('1', '99'),
    });
    await glue.deletePartition({ ...inTable('orders'), PartitionValues: ['2'] });
    await glue.deleteTable({ DatabaseName, Name: 'old' });
    // moto ends a crawl when its history is asked for.
    const { Crawls: [last] = [] } = await glue.listCrawls({ CrawlerName: CRAWLER });
    expect(last?.State).toBe('COMPLETED');
  };

  it('a crawl is undone by versions, times and snapshots, redone, undone again, and what it deleted is restored and taken back', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
    const earlier = { UPDATED_BY_CRAWLER: CRAWLER, CRAWL_RUN_ID: 'an-earlier-one' };
    for (const name of ['orders', 'old']) {
      await glue.createTable({ DatabaseName, TableInput: table(name, 'bigint', earlier) });
      const PartitionInputList = [partition('1', '5'), partition('2', '5')];
      await glue.batchCreatePartition({ DatabaseName, TableName: name, PartitionInputList });
    }
    await glue.createTable({ DatabaseName, TableInput: table('people', 'bigint') });
    const Targets = { S3Targets: [{ Path: 's3://lake/' }] };
    await glue.createCrawler({ Name: CRAWLER, Role: 'crawls', DatabaseName, Targets });
    await delay(A_SECOND_MS);
    // moto's history of crawls does not say what they did, so nothing proves that a crawl deleted these.
    const deleted = /"Name":"old"|^old |^orders .*"Values":\["2"\]/;
    const whole = await content();
    const before = whole.filter((text) => !deleted.test(text));
    const { id } = await run('catalog', 'snapshot', 'create');
    await crawl();
    await delay(A_SECOND_MS);
    await run('catalog', 'snapshot', 'create');
    const after = await content();

    const undone = await run('crawl', 'undo', CRAWLER, '--no-statistics', '--yes');
    expect(
      undone.plan.changes.map(({ action, key }) => [action, key.TableName, ...(key.Values ?? [])]),
    ).toEqual([
      ['delete', 'junk', '1'],
      ['delete', 'orders', '3'],
      ['delete', 'junk'],
      ['update', 'orders'],
      ['update', 'people'],
      ['update', 'orders', '1'],
      ['skip', 'orders', '2'],
      ['skip', 'old'],
    ]);
    const skips = undone.plan.changes.filter(({ action }) => action === 'skip');
    for (const { reason } of skips) expect(reason).toContain('nothing shows that the crawl deleted it');
    expect(undone.report).toMatchObject({ applied: 6, failed: [], verified: true });
    expect(await content()).toEqual(before);
    expect((await run('crawl', 'redo', '--no-statistics', '--yes')).report).toMatchObject({ verified: true });
    expect(await content()).toEqual(after);
    expect((await run('crawl', 'redo', '--no-statistics', '--yes')).report).toMatchObject({ verified: true });
    expect(await content()).toEqual(before);

    // What undo did not put back for want of evidence is in the snapshot, and somebody may want it all the same.
    const restored = await run('catalog', 'snapshot', 'restore', id, '--yes');
    expect(restored.report).toMatchObject({ applied: 4, failed: [], verified: true });
    expect(await content()).toEqual(whole);
    const { journalId } = restored.report as { journalId: string };
    await run('catalog', 'snapshot', 'restore', '--rollback', journalId, '--yes');
    expect(await content()).toEqual(before);
    await run('catalog', 'snapshot', 'prune', '--keep-last', '1', '--yes');
    expect(await run('catalog', 'snapshot', 'verify')).toMatchObject({ problems: [] });
  });
});

interface Answer {
  id: string;
  plan: { changes: { action: string; reason: string; key: { TableName: string; Values?: string[] } }[] };
  report?: object;
}

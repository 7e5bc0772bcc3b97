// A lake in moto's server. moto's crawlers do not crawl: what one does to the catalog, this does.
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Glue, type PartitionInput, type TableInput } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { clientEnvironment } from '../clients/python-clients.js';
import { gluepot, type Finished } from './gluepot-process.js';
import { startMoto } from './moto-server.js';

export const DatabaseName = 'lake';
export const CRAWLER = 'nightly';
/** Of moto's S3. */
export const BUCKET = 'kept';

/** The catalog keeps whole seconds: what was before has to be a second before. */
const A_SECOND_MS = 1100;

const READ_CATALOG = join(import.meta.dirname, 'read-catalog.py');

/** As crawlers give them. */
const EMPTY = { BucketColumns: [], SortColumns: [], Parameters: {} };

export const table = (Name: string, type: string, Parameters: Record<string, string> = {}): TableInput => ({
  Name,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'csv', ...Parameters },
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'id', Type: type }], Location: `s3://lake/${Name}/`, ...EMPTY },
});

export const partition = (day: string, recordCount: string): PartitionInput => ({
  Values: [day],
  StorageDescriptor: { Columns: [], Location: `s3://lake/${day}/`, ...EMPTY },
  Parameters: { averageRecordSize: '10', sizeKey: '1000', recordCount },
});

export const inTable = (TableName: string) => ({ DatabaseName, TableName });

/** The parameters by which tables tell who wrote them last. */
export type Mark = Record<string, string>;

export interface RunOptions {
  /** Of moto itself when not given. */
  endpoint?: string;
  onStart?: (child: ChildProcess) => void;
}

export type MotoLake = Awaited<ReturnType<typeof openMotoLake>>;

export async function openMotoLake(python: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-moto-'));
  const moto = await startMoto(python);
  const where = {
    ...{ endpoint: moto.endpoint, region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const glue = new Glue(where);
  const s3 = new S3(where);

  const run = (
    { endpoint = moto.endpoint, ...options }: RunOptions,
    ...args: string[]
  ): Promise<Finished> => {
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const target = ['--target', 'aws', '--region', 'us-east-1', '--endpoint-url', endpoint];
    return gluepot({ cwd: folder, env, ...options }, ...target, ...args);
  };

  return {
    ...{ folder, endpoint: moto.endpoint, glue, s3, run },

    /** The catalog, the crawler and the bucket as they are before a crawl: nothing else is left in moto. */
    async reset() {
      await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' });
      await s3.createBucket({ Bucket: BUCKET });
      await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
      const earlier = { UPDATED_BY_CRAWLER: CRAWLER, CRAWL_RUN_ID: 'an-earlier-one' };
      for (const name of ['orders', 'old']) {
        await glue.createTable({ DatabaseName, TableInput: table(name, 'bigint', earlier) });
        const PartitionInputList = [partition('1', '5'), partition('2', '5')];
        await glue.batchCreatePartition({ ...inTable(name), PartitionInputList });
      }
      await glue.createTable({ DatabaseName, TableInput: table('people', 'bigint') });
      const Targets = { S3Targets: [{ Path: 's3://lake/' }] };
      await glue.createCrawler({ Name: CRAWLER, Role: 'crawls', DatabaseName, Targets });
    },

    /** What a crawler would do: mark, change, make, and whatever `more` does. Nothing else happens in the seconds that it is in. */
    async crawl(more: (mark: Mark) => Promise<unknown> = () => Promise.resolve()) {
      await delay(A_SECOND_MS);
      await glue.startCrawler({ Name: CRAWLER });
      const { Crawler } = await glue.getCrawler({ Name: CRAWLER });
      const mark = { UPDATED_BY_CRAWLER: CRAWLER, CRAWL_RUN_ID: Crawler?.LastCrawl?.MessagePrefix ?? '' };
      await glue.updateTable({ DatabaseName, TableInput: table('orders', 'string', mark) });
      await glue.updateTable({ DatabaseName, TableInput: table('people', 'string', mark) });
      await glue.createTable({ DatabaseName, TableInput: table('junk', 'string', mark) });
      await glue.createPartition({ ...inTable('junk'), PartitionInput: partition('1', '1') });
      for (const day of ['3', '4']) {
        await glue.createPartition({ ...inTable('orders'), PartitionInput: partition(day, '1') });
      }
      await glue.updatePartition({
        ...{ ...inTable('orders'), PartitionValueList: ['1'] },
        PartitionInput: partition('1', '99'),
      });
      await more(mark);
      // moto ends a crawl when its history is asked for.
      const { Crawls: [last] = [] } = await glue.listCrawls({ CrawlerName: CRAWLER });
      expect(last?.State).toBe('COMPLETED');
      await delay(A_SECOND_MS);
    },

    /** Tables and partitions as boto3 reads them, in no order. */
    async content(): Promise<string[]> {
      const env = clientEnvironment(moto.endpoint, python);
      const { stdout } = await promisify(execFile)(python, [READ_CATALOG, DatabaseName], {
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout.trimEnd().split('\n').sort();
    },

    /** What a command answers by --json when it does what it was asked for. */
    async result(...args: string[]): Promise<Answer> {
      const finished = await run({}, '--json', ...args);
      expect(finished.code, finished.stderr).toBe(0);
      // What Node.js says of a program that it takes for faulty.
      expect(finished.stderr).not.toContain('Warning');
      return (JSON.parse(finished.stdout) as { result: Answer }).result;
    },

    async close() {
      glue.destroy();
      s3.destroy();
      await moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  id: string;
  counts: { tables: number; partitions: number };
  plan: { changes: { action: string; reason: string; key: { TableName: string; Values?: string[] } }[] };
  report?: object;
}

/** Actions of a plan with the names of what they are of. */
export function linesOf({ plan }: Answer): string[][] {
  return plan.changes.map(({ action, key }) => [action, key.TableName, ...(key.Values ?? [])]);
}

// A bucket, a role and a crawler for tests that look at what a crawl writes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CreateCrawlerRequest, Partition, Table } from '@aws-sdk/client-glue';
import { openEmbedded, type EmbeddedOptions } from '../../src/embedded.js';
import { attachGluePermissions } from '../glue-permissions.js';

export const BUCKET = 'bucket';
export const DATABASE = 'lake';

export type CrawlFixture = Awaited<ReturnType<typeof openCrawlFixture>>;

export async function openCrawlFixture(options: EmbeddedOptions = {}) {
  const aws = await openEmbedded(options);
  const { glue, iam, logs } = aws.clients();
  const pathOf = (key: string) => join(aws.dataDir, 's3', BUCKET, key);
  mkdirSync(pathOf(''), { recursive: true });
  await iam
    .createRole({
      RoleName: 'Crawler',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    })
    .catch((error: unknown) => {
      if ((error as Error).name !== 'EntityAlreadyExistsException') throw error;
    });
  await attachGluePermissions(iam, 'Crawler');

  /** Resolves with the crawler once it is READY. */
  const ready = async (name = 'crawler') => {
    for (;;) {
      const { Crawler } = await glue.getCrawler({ Name: name });
      if (Crawler?.State === 'READY') return Crawler;
      await delay(5);
    }
  };

  return {
    aws,
    glue,
    /** Drops files into the bucket's folder, as other tools may. */
    put(files: Record<string, string | Buffer>) {
      for (const [key, content] of Object.entries(files)) {
        mkdirSync(dirname(pathOf(key)), { recursive: true });
        writeFileSync(pathOf(key), content);
      }
    },
    remove(...keys: string[]) {
      for (const key of keys) rmSync(pathOf(key), { recursive: true });
    },
    pathOf,
    create: (overrides: Partial<CreateCrawlerRequest> = {}) =>
      glue.createCrawler({
        Name: 'crawler',
        Role: 'Crawler',
        DatabaseName: DATABASE,
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/` }] },
        ...overrides,
      }),
    ready,
    async crawl(name = 'crawler') {
      await glue.startCrawler({ Name: name });
      return ready(name);
    },
    async tables(): Promise<Table[]> {
      return (await glue.getTables({ DatabaseName: DATABASE })).TableList ?? [];
    },
    async table(name: string): Promise<Table> {
      return (await glue.getTable({ DatabaseName: DATABASE, Name: name })).Table as Table;
    },
    async partitions(table: string): Promise<Partition[]> {
      return (await glue.getPartitions({ DatabaseName: DATABASE, TableName: table })).Partitions ?? [];
    },
    /** The log's lines without the id of the crawl. */
    async lines(name = 'crawler'): Promise<string[]> {
      const { events = [] } = await logs.getLogEvents({
        logGroupName: '/aws-glue/crawlers',
        logStreamName: name,
        startFromHead: true,
      });
      return events.map(({ message = '' }) => message.replace(/^\[[^\]]*\] /, ''));
    },
    close: () => aws.close(),
  };
}

/** Columns as `name type`. */
export function columnsOf(table: Pick<Table, 'StorageDescriptor'>): string[] {
  return (table.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => `${Name} ${Type}`);
}

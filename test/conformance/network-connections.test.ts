// Targets that name a connection, as crawlers within a VPC do.
import type { CrawlerTargets } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

let lake: CrawlFixture;
beforeEach(async () => {
  lake = await openCrawlFixture();
  lake.put({ 'fruit/a.csv': 'id,name\n1,apple\n' });
});
afterEach(() => lake.close());

const ConnectionName = 'vpc';
const connect = (ConnectionType: 'NETWORK' | 'JDBC') =>
  lake.glue.createConnection({
    ConnectionInput: {
      Name: ConnectionName,
      ConnectionType,
      ConnectionProperties:
        ConnectionType === 'JDBC'
          ? { JDBC_CONNECTION_URL: 'jdbc:mysql://db/shop', USERNAME: 'u', PASSWORD: 'p' }
          : {},
    },
  });

const KINDS: [string, CrawlerTargets][] = [
  ['S3', { S3Targets: [{ Path: `s3://${BUCKET}/fruit/`, ConnectionName }] }],
  ['Delta', { DeltaTargets: [{ DeltaTables: [`s3://${BUCKET}/fruit/`], ConnectionName }] }],
  ['Iceberg', { IcebergTargets: [{ Paths: [`s3://${BUCKET}/fruit/`], ConnectionName }] }],
  ['catalog', { CatalogTargets: [{ DatabaseName: 'lake', Tables: ['fruit'], ConnectionName }] }],
];

describe('a network connection', () => {
  it.each(KINDS)('of %s targets is kept, and the crawl goes on without it', async (kind, Targets) => {
    await connect('NETWORK');
    if (kind === 'catalog') {
      await lake.create({ Name: 'first', Targets: { S3Targets: [{ Path: `s3://${BUCKET}/fruit/` }] } });
      await lake.crawl('first');
    }
    await lake.create({
      Targets,
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
    });
    expect((await lake.glue.getCrawler({ Name: 'crawler' })).Crawler?.Targets).toMatchObject(Targets);
    expect((await lake.crawl()).LastCrawl).toMatchObject({ Status: 'SUCCEEDED' });
  });

  it.each(KINDS)('of %s targets that is not there fails the crawl by its name', async (_kind, Targets) => {
    await lake.create({
      Targets,
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
    });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('vpc') as string,
    });
  });

  it('that is none, but leads to a database, fails the crawl', async () => {
    await connect('JDBC');
    await lake.create({ Targets: KINDS[0]![1] });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage:
        'Connection vpc is of type JDBC: only one of type NETWORK leads to files. Name such a one, or none.',
    });
  });
});

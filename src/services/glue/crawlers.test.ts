// Crawlers through the SDK: definitions, lifecycle, crawls, schedules and errors.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openCrawlFixture, type CrawlFixture } from '../../../test/conformance/crawl-fixture.js';
import { detachGluePermissions } from '../../../test/glue-permissions.js';

const TARGETS = { S3Targets: [{ Path: 's3://bucket/' }] };
const CSV = 'id,name\n1,a\n2,b\n';

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

describe('a crawler', () => {
  it('answers with every member and its defaults', async () => {
    await lake.create({
      Role: 'arn:aws:iam::123456789012:role/Crawler',
      Description: 'All of it',
      TablePrefix: 'p_',
      Configuration: '{"Version":1.0}',
    });
    const { Crawler } = await lake.glue.getCrawler({ Name: 'crawler' });
    expect(Crawler).toEqual({
      Name: 'crawler',
      Role: 'Crawler',
      Description: 'All of it',
      DatabaseName: 'lake',
      TablePrefix: 'p_',
      Configuration: '{"Version":1.0}',
      Classifiers: [],
      Targets: {
        S3Targets: [{ Path: 's3://bucket/', Exclusions: [] }],
        JdbcTargets: [],
        MongoDBTargets: [],
        DynamoDBTargets: [],
        CatalogTargets: [],
        DeltaTargets: [],
        IcebergTargets: [],
        HudiTargets: [],
      },
      SchemaChangePolicy: {
        UpdateBehavior: 'UPDATE_IN_DATABASE',
        DeleteBehavior: 'DEPRECATE_IN_DATABASE',
      },
      RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
      LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
      LakeFormationConfiguration: { UseLakeFormationCredentials: false, AccountId: '' },
      State: 'READY',
      CrawlElapsedTime: 0,
      CreationTime: Crawler?.CreationTime,
      LastUpdated: Crawler?.CreationTime,
      Version: 1,
    });
  });

  it('keeps what an update leaves out and counts its version up', async () => {
    await lake.create({ Description: 'first', TablePrefix: 'p_' });
    await lake.glue.updateCrawler({ Name: 'crawler', Description: '', DatabaseName: 'other' });
    const { Crawler } = await lake.glue.getCrawler({ Name: 'crawler' });
    expect(Crawler).toMatchObject({ DatabaseName: 'other', TablePrefix: 'p_', Version: 2 });
    expect(Crawler).not.toHaveProperty('Description');
  });

  it.each([
    ['no target', { Targets: {} }, 'At least one crawl target'],
    [
      'a path that is none',
      { Targets: { S3Targets: [{ Path: 'bucket/x' }] } },
      '"bucket/x" is not of the form',
    ],
    [
      'a bad exclusion',
      { Targets: { S3Targets: [{ Path: 's3://b', Exclusions: ['[a'] }] } },
      '"[a" is not valid',
    ],
    ['a sample of 0', { Targets: { S3Targets: [{ Path: 's3://b', SampleSize: 0 }] } }, 'between 1 and 249'],
    [
      'a MongoDB target',
      { Targets: { ...TARGETS, MongoDBTargets: [{ Path: 'db/%' }] } },
      'MongoDBTargets are not supported',
    ],
    [
      'a DynamoDB target that is no name',
      { Targets: { DynamoDBTargets: [{ Path: 'a/b' }] } },
      '"a/b" is no name',
    ],
    [
      'a scan rate that is too low',
      { Targets: { DynamoDBTargets: [{ Path: 'orders', scanRate: 0.09 }] } },
      'scanRate 0.09 of DynamoDB target orders is not between 0.1 and 1.5',
    ],
    [
      'a scan rate that is too high',
      { Targets: { DynamoDBTargets: [{ Path: 'orders', scanRate: 1.51 }] } },
      'scanRate 1.51',
    ],
    ['a Hudi target', { Targets: { HudiTargets: [{}] } }, 'HudiTargets are not supported'],
    ['a classifier that is not there', { Classifiers: ['mine'] }, 'Classifier mine not found'],
    [
      'new folders only without LOG',
      { RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' } } as const,
      'can have only LOG',
    ],
    ['a role that is not there', { Role: 'nobody' }, 'Service is unable to assume provided role'],
    ['a configuration that is not JSON', { Configuration: '{' }, 'Configuration is not JSON'],
    ['an unknown key', { Configuration: '{"Version":1,"Groups":{}}' }, '$.Groups'],
    ['version 2', { Configuration: '{"Version":2}' }, 'Version is 2'],
    ['a bad schedule', { Schedule: 'rate(1 day)' }, 'rate(1 day)'],
    ['no database', { DatabaseName: '' }, 'DatabaseName'],
  ])('is refused with %s', async (_, overrides, message) => {
    await expect(lake.create(overrides)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message) as string,
    });
    expect((await lake.glue.listCrawlers({})).CrawlerNames).toEqual([]);
  });

  it('keeps its S3 paths while it crawls new folders only', async () => {
    const LOG = { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' } as const;
    const RecrawlPolicy = { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' } as const;
    await lake.create({ SchemaChangePolicy: LOG, RecrawlPolicy });
    const Targets = { S3Targets: [{ Path: 's3://elsewhere/' }] };
    await expect(lake.glue.updateCrawler({ Name: 'crawler', Targets })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message:
        'The S3 paths of crawler crawler cannot be changed while it crawls new folders only: they are ["s3://bucket/"].',
    });
    await lake.glue.updateCrawler({
      Name: 'crawler',
      RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
    });
    await lake.glue.updateCrawler({ Name: 'crawler', Targets });
  });

  it('is unique by name, and unknown names are told as such', async () => {
    await lake.create();
    await expect(lake.create()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const missing = { name: 'EntityNotFoundException', message: 'Crawler entry with name x does not exist' };
    await expect(lake.glue.getCrawler({ Name: 'x' })).rejects.toMatchObject(missing);
    await expect(lake.glue.updateCrawler({ Name: 'x' })).rejects.toMatchObject(missing);
    await expect(lake.glue.deleteCrawler({ Name: 'x' })).rejects.toMatchObject(missing);
    await expect(lake.glue.startCrawler({ Name: 'x' })).rejects.toMatchObject(missing);
    await expect(lake.glue.stopCrawler({ Name: 'x' })).rejects.toMatchObject(missing);
    await expect(lake.glue.listCrawls({ CrawlerName: 'x' })).rejects.toMatchObject(missing);
    await lake.glue.deleteCrawler({ Name: 'crawler' });
    await expect(lake.glue.getCrawler({ Name: 'crawler' })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  it('is listed page by page, by name and by tag', async () => {
    for (const Name of ['a', 'b', 'c']) await lake.create({ Name, Tags: { team: Name === 'b' ? 'x' : 'y' } });
    const first = await lake.glue.listCrawlers({ MaxResults: 2 });
    const rest = await lake.glue.listCrawlers({ MaxResults: 2, NextToken: first.NextToken });
    expect([first.CrawlerNames, rest.CrawlerNames, rest.NextToken]).toEqual([['a', 'b'], ['c'], undefined]);
    expect((await lake.glue.listCrawlers({ Tags: { team: 'y' } })).CrawlerNames).toEqual(['a', 'c']);
    expect((await lake.glue.getCrawlers({})).Crawlers?.map(({ Name }) => Name)).toEqual(['a', 'b', 'c']);
    const batch = await lake.glue.batchGetCrawlers({ CrawlerNames: ['c', 'nope'] });
    expect([batch.Crawlers?.map(({ Name }) => Name), batch.CrawlersNotFound]).toEqual([['c'], ['nope']]);
    const { Tags } = await lake.glue.getTags({
      ResourceArn: 'arn:aws:glue:us-east-1:123456789012:crawler/b',
    });
    expect(Tags).toEqual({ team: 'x' });
  });
});

describe('a crawl', () => {
  /** Enough files that a crawl takes many turns of the event loop. */
  const putMany = () =>
    lake.put(
      Object.fromEntries(
        Array.from({ length: 1500 }, (_, index) => [
          `t${index % 300}/f${index}.csv`,
          `k${index % 300},v\n1,2\n`,
        ]),
      ),
    );

  it('goes from READY to RUNNING and back, refusing what does not fit meanwhile', async () => {
    const clock = manualClock();
    const held = await openCrawlFixture({ clock, crawlDelayMs: 60_000 });
    const { glue } = held;
    const Name = 'crawler';
    try {
      held.put({ 'fruit/a.csv': CSV });
      await held.create();
      await expect(glue.stopCrawler({ Name })).rejects.toMatchObject({ name: 'CrawlerNotRunningException' });
      await glue.startCrawler({ Name });
      expect((await glue.getCrawler({ Name })).Crawler).toMatchObject({ State: 'RUNNING' });
      const running = { name: 'CrawlerRunningException' };
      await expect(glue.startCrawler({ Name })).rejects.toMatchObject(running);
      await expect(glue.updateCrawler({ Name })).rejects.toMatchObject(running);
      await expect(glue.deleteCrawler({ Name })).rejects.toMatchObject(running);
      const { Crawls } = await glue.listCrawls({ CrawlerName: Name });
      expect(Crawls).toMatchObject([{ State: 'RUNNING' }]);
      await clock.advance(60_000);
      const crawler = await held.ready();
      expect(crawler.LastCrawl).toEqual({
        Status: 'SUCCEEDED',
        LogGroup: '/aws-glue/crawlers',
        LogStream: 'crawler',
        MessagePrefix: Crawls?.[0]?.CrawlId,
        StartTime: Crawls?.[0]?.StartTime,
      });
      expect(crawler.CrawlElapsedTime).toBe(60_000);
    } finally {
      await held.close();
    }
  });

  it('is stopped once: who asks again while it stops is told so', async () => {
    const held = await openCrawlFixture({ clock: manualClock(), crawlDelayMs: 60_000 });
    try {
      await held.create();
      await held.glue.startCrawler({ Name: 'crawler' });
      const asked = await Promise.allSettled([1, 2].map(() => held.glue.stopCrawler({ Name: 'crawler' })));
      expect(asked[0]).toMatchObject({ status: 'fulfilled' });
      expect(asked[1]).toMatchObject({
        status: 'rejected',
        reason: {
          name: expect.stringMatching(/^Crawler(Stopping|NotRunning)Exception$/) as string,
        },
      });
      expect((await held.ready()).LastCrawl?.Status).toBe('CANCELLED');
    } finally {
      await held.close();
    }
  });

  it('is CANCELLED when it is stopped, with nothing written', async () => {
    putMany();
    await lake.create();
    await lake.glue.startCrawler({ Name: 'crawler' });
    await lake.glue.stopCrawler({ Name: 'crawler' });
    expect((await lake.ready()).LastCrawl?.Status).toBe('CANCELLED');
    expect((await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls).toMatchObject([
      { State: 'STOPPED' },
    ]);
    await expect(lake.tables()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('fails when its role is gone', async () => {
    await lake.create();
    await detachGluePermissions(lake.aws.clients().iam, 'Crawler');
    await lake.aws.clients().iam.deleteRole({ RoleName: 'Crawler' });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('unable to assume provided role') as string,
    });
  });

  it('is listed newest first, page by page, and filtered', async () => {
    await lake.create();
    for (let count = 0; count < 3; count++) await lake.crawl();
    const list = (input = {}) => lake.glue.listCrawls({ CrawlerName: 'crawler', ...input });
    const all = (await list()).Crawls!;
    expect(all).toHaveLength(3);
    const first = await list({ MaxResults: 2 });
    const rest = await list({ MaxResults: 2, NextToken: first.NextToken });
    expect([...first.Crawls!, ...rest.Crawls!]).toEqual(all);
    expect(rest.NextToken).toBeUndefined();
    expect(all.map(({ StartTime }) => StartTime!.getTime())).toEqual(
      all.map(({ StartTime }) => StartTime!.getTime()).sort((a, b) => b - a),
    );
    const by = async (FieldName: string, FilterOperator: string, FieldValue: string) =>
      (await list({ Filters: [{ FieldName, FilterOperator, FieldValue }] })).Crawls!.length;
    expect(await by('CRAWL_ID', 'EQ', all[1]!.CrawlId!)).toBe(1);
    expect(await by('STATE', 'NE', 'COMPLETED')).toBe(0);
    expect(await by('START_TIME', 'GE', String(all[0]!.StartTime!.getTime()))).toBeGreaterThanOrEqual(1);
    expect(await by('END_TIME', 'LT', all[2]!.StartTime!.toISOString())).toBe(0);
    expect(await by('DPU_HOUR', 'GT', '1')).toBe(0);
    await expect(by('STATE', 'GT', 'FAILED')).rejects.toMatchObject({ name: 'InvalidInputException' });
    await expect(by('START_TIME', 'GT', 'soon')).rejects.toMatchObject({ name: 'InvalidInputException' });
    await expect(by('COLOUR', 'EQ', 'x')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('shows in the metrics', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    const { CrawlerMetricsList } = await lake.glue.getCrawlerMetrics({
      CrawlerNameList: ['crawler', 'nope'],
    });
    expect(CrawlerMetricsList).toEqual([
      {
        CrawlerName: 'crawler',
        TimeLeftSeconds: 0,
        StillEstimating: false,
        LastRuntimeSeconds: expect.any(Number) as number,
        MedianRuntimeSeconds: CrawlerMetricsList?.[0]?.LastRuntimeSeconds,
        TablesCreated: 1,
        TablesUpdated: 0,
        TablesDeleted: 0,
      },
    ]);
  });

  it('leaves a table alone that somebody changed while it ran', async () => {
    lake.put({ 'fruit/a.csv': CSV, 'zones/z.json': '{"a":1}\n' });
    await lake.create();
    await lake.crawl();
    putMany();
    lake.put({ 'fruit/a.csv': 'id,name,extra\n1,a,1\n2,b,2\n', 'zones/z.json': '{"a":1,"b":2}\n' });
    await lake.glue.startCrawler({ Name: 'crawler' });
    // Changes the table again and again, so that one change falls between the crawl's look and its write.
    for (let version = 0; ; version++) {
      await lake.glue.updateTable({
        DatabaseName: 'lake',
        TableInput: {
          Name: 'fruit',
          Description: `edit ${version}`,
          Parameters: { version: String(version) },
        },
      });
      const { Crawler } = await lake.glue.getCrawler({ Name: 'crawler' });
      if (Crawler?.State === 'READY') {
        expect(await lake.table('fruit')).toMatchObject({ Description: `edit ${version}` });
        break;
      }
    }
    expect((await lake.table('zones')).StorageDescriptor?.Columns).toHaveLength(2);
  });
});

describe('a schedule', () => {
  it('is kept, stopped, started and taken away', async () => {
    const schedule = async () => (await lake.glue.getCrawler({ Name: 'crawler' })).Crawler?.Schedule;
    const CrawlerName = 'crawler';
    await lake.create();
    expect(await schedule()).toBeUndefined();
    await expect(lake.glue.startCrawlerSchedule({ CrawlerName })).rejects.toMatchObject({
      name: 'NoScheduleException',
    });
    await lake.glue.updateCrawlerSchedule({ CrawlerName, Schedule: 'cron(0 1 * * ? *)' });
    expect(await schedule()).toEqual({ ScheduleExpression: 'cron(0 1 * * ? *)', State: 'SCHEDULED' });
    await expect(lake.glue.startCrawlerSchedule({ CrawlerName })).rejects.toMatchObject({
      name: 'SchedulerRunningException',
    });
    await lake.glue.stopCrawlerSchedule({ CrawlerName });
    expect(await schedule()).toMatchObject({ State: 'NOT_SCHEDULED' });
    await expect(lake.glue.stopCrawlerSchedule({ CrawlerName })).rejects.toMatchObject({
      name: 'SchedulerNotRunningException',
    });
    await lake.glue.startCrawlerSchedule({ CrawlerName });
    await lake.glue.updateCrawler({ Name: 'crawler', Schedule: '' });
    expect(await schedule()).toBeUndefined();
  });

  it('starts a crawl when it is due', async () => {
    const clock = manualClock(new Date('2026-01-01T00:00:30Z'));
    const timed = await openCrawlFixture({ clock });
    const crawls = async () => (await timed.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls;
    try {
      await timed.create({ Schedule: 'cron(1/5 * * * ? *)' });
      await clock.advance(29_999);
      expect(await crawls()).toEqual([]);
      await clock.advance(1);
      expect(await crawls()).toMatchObject([{ StartTime: new Date('2026-01-01T00:01:00Z') }]);
      expect((await timed.ready()).LastCrawl?.Status).toBe('SUCCEEDED');
      await timed.glue.stopCrawlerSchedule({ CrawlerName: 'crawler' });
      await clock.advance(300_000);
      expect(await crawls()).toHaveLength(1);
    } finally {
      await timed.close();
    }
  });
});

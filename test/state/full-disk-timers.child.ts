// Lets everything that fires by the clock fall due on a full small disk, then makes room, and prints what was done.
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { manualClock } from '../../src/base/clock.js';
import { openEmbedded } from '../../src/embedded.js';
import { attachGluePermissions } from '../glue-permissions.js';

const folder = process.argv[2] as string;
const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(1024 * 1024));
const clock = manualClock();
const failed = new Set<string>();
const aws = await openEmbedded({
  dataDir: join(folder, 'data'),
  clock,
  log: (_level, message, fields) => {
    if (message.includes('will be tried again')) failed.add(String(fields?.['due']));
  },
});
const { glue, iam, logs, s3, sqs, events, scheduler } = aws.clients();

const trust = (...services: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: services.map((name) => ({
      Effect: 'Allow',
      Principal: { Service: `${name}.amazonaws.com` },
      Action: 'sts:AssumeRole',
    })),
  });
const { Role } = await iam.createRole({
  RoleName: 'r',
  AssumeRolePolicyDocument: trust('glue', 'scheduler', 'events'),
});
await attachGluePermissions(iam, 'r');
await s3.createBucket({ Bucket: 'lake' });
await s3.putObject({ Bucket: 'lake', Key: 't/f.csv', Body: 'a,b\n1,2\n' });
await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
const CRAWLERS = ['by-schedule', 'by-trigger', 'by-events'];
for (const Name of CRAWLERS) {
  await glue.createCrawler({
    Name,
    Role: 'r',
    DatabaseName: 'd',
    TablePrefix: `${Name.slice(3)}_`,
    Targets: { S3Targets: [{ Path: 's3://lake/t' }] },
    ...(Name === 'by-schedule' ? { Schedule: 'cron(1 0 1 * ? *)' } : {}),
  });
}
await glue.createTrigger({
  Name: 'timed',
  Type: 'SCHEDULED',
  Schedule: 'cron(1 0 1 * ? *)',
  Actions: [{ CrawlerName: 'by-trigger' }],
  StartOnCreation: true,
});
await glue.createWorkflow({ Name: 'waiting' });
await glue.createTrigger({
  Name: 'window',
  WorkflowName: 'waiting',
  Type: 'EVENT',
  EventBatchingCondition: { BatchSize: 10, BatchWindow: 60 },
  Actions: [{ CrawlerName: 'by-events' }],
});
const { QueueUrl } = await sqs.createQueue({ QueueName: 'q' });
const Arn = 'arn:aws:sqs:us-east-1:123456789012:q';
await events.putRule({ Name: 'timed', ScheduleExpression: 'rate(1 minute)' });
await events.putTargets({ Rule: 'timed', Targets: [{ Id: 'q', Arn, Input: '"rule"' }] });
await scheduler.createSchedule({
  Name: 'timed',
  ScheduleExpression: 'at(2024-01-01T00:01:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn, RoleArn: Role?.Arn as string, Input: 'schedule' },
});
await events.putRule({ Name: 'tell', EventPattern: '{"source":["own"]}' });
await events.putTargets({
  Rule: 'tell',
  Targets: [{ Id: 'w', Arn: 'arn:aws:glue:us-east-1:123456789012:workflow/waiting', RoleArn: Role?.Arn }],
});
await events.putEvents({ Entries: [{ Source: 'own', DetailType: 'x', Detail: '{}' }] });
await clock.advance(0);

// Most of the room at once, the rest by what a service writes.
const { bavail, bsize } = statfsSync(folder);
writeFileSync(join(folder, 'more'), Buffer.alloc(bavail * bsize));
const isFull = () =>
  logs.createLogGroup({ logGroupName: `g${Math.random()}`.padEnd(500, 'g') }).then(
    () => false,
    () => true,
  );
while (!(await isFull()));

const crawlCounts = async () =>
  Promise.all(
    CRAWLERS.map(async (CrawlerName) => (await glue.listCrawls({ CrawlerName })).Crawls?.length ?? 0),
  );
await clock.advance(90_000);
const isFullWhileDue = await isFull();

rmSync(ballast);
await clock.advance(2_000);
for (const Name of CRAWLERS)
  while ((await glue.getCrawler({ Name })).Crawler?.State !== 'READY') await delay(10);
const bodies: (string | undefined)[] = [];
for (let isEmpty = false; !isEmpty;) {
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  bodies.push(...Messages.map(({ Body }) => Body));
  isEmpty = Messages.length === 0;
}
console.log(
  JSON.stringify({
    isFullWhileDue,
    hasFailed: failed.size > 0,
    crawls: await crawlCounts(),
    bodies: bodies.sort(),
  }),
);
await aws.close();

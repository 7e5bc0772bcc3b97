// The functions that come with gluepot through the built command: deployed, invoked, fired by a schedule, refused.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { Lambda } from '@aws-sdk/client-lambda';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { expect, it, vi } from 'vitest';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

const STORE = 'GLUEPOT_SNAPSHOT_STORE=s3://kept/snapshots';
const SCHEDULED = JSON.stringify({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event' });

interface InvokeResult {
  functionError: string | null;
  payload: { decision: string; snapshotId: string };
  log: string;
}
const invoked = ({ document }: Awaited<ReturnType<typeof gluepotJson>>) =>
  document.result as unknown as InvokeResult;

it('catalog-snapshot is invoked by hand, by a schedule, and over the endpoint that an account would have', async () => {
  const cwd = emptyFolder();
  const { endpoint } = await startUp(cwd);
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [s3, scheduler, lambda] = [
    new S3({ ...config, forcePathStyle: true }),
    new Scheduler(config),
    new Lambda(config),
  ];
  await s3.createBucket({ Bucket: 'kept' });
  const snapshotIds = async () => {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: 'kept', Prefix: 'snapshots/' });
    const names = Contents.map(
      ({ Key = '' }) => /manifests\/(.+)\.json/.exec(Key)?.[1] ?? /([^/]+)\.json$/.exec(Key)?.[1],
    );
    return names.filter((name) => name !== undefined);
  };
  const event = join(cwd, 'event.json');
  writeFileSync(event, SCHEDULED);

  const untold = await gluepotJson(cwd, 'lambda', 'invoke', 'catalog-snapshot', '--event', event);
  expect(untold.code).toBe(3);
  expect(untold.document.errors[0]?.message).toContain('give --env GLUEPOT_SNAPSHOT_STORE=');
  const planned = await gluepotJson(cwd, 'lambda', 'deploy', 'catalog-snapshot', '--env', STORE, '--dry-run');
  expect(planned.document.result).toMatchObject({ deployment: 'create' });
  expect((await lambda.listFunctions()).Functions).toEqual([]);

  const first = await gluepotJson(
    cwd,
    'lambda',
    'invoke',
    'catalog-snapshot',
    '--event',
    event,
    '--env',
    STORE,
  );
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(invoked(first)).toMatchObject({ functionError: null, payload: { decision: 'taken' } });
  expect(invoked(first).log).toContain('REPORT RequestId');
  expect(await snapshotIds()).toContain(invoked(first).payload.snapshotId);

  const { Configuration } = await lambda.getFunction({ FunctionName: 'catalog-snapshot' });
  const known = (await snapshotIds()).length;
  let scheduleCount = 0;
  const fireSoon = async () => {
    await scheduler.createSchedule({
      Name: `soon-${scheduleCount++}`,
      ScheduleExpression: `at(${new Date(Date.now() + 2000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: Configuration?.FunctionArn, RoleArn: Configuration?.Role, Input: SCHEDULED },
    });
    const isThere = async () => expect((await snapshotIds()).length).toBeGreaterThan(known);
    await vi.waitFor(isThere, { timeout: 15_000, interval: 200 });
  };
  // On a machine that stands still for seconds the instant may be past before the schedule is made.
  await vi.waitFor(fireSoon, { timeout: 80_000 });

  const asAws = ['--target', 'aws', '--endpoint-url', endpoint, '--region', 'us-east-1'];
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const call = ['lambda', 'invoke', 'catalog-snapshot', '--event', event];
  expect((await gluepot({ cwd, env }, ...asAws, ...call)).code).toBe(6);
  const there = await gluepot({ cwd, env }, ...asAws, ...call, '--yes');
  expect(there.code, there.stderr).toBe(0);
  expect(JSON.parse(there.stdout)).toMatchObject({ decision: 'taken' });
  expect(there.stderr).toContain('REPORT RequestId');
}, 120_000);

it('a function that fails, a name that is somebody else’s, and one that is not there end as failures do', async () => {
  const cwd = emptyFolder();
  const failed = await gluepotJson(cwd, 'lambda', 'invoke', 'catalog-snapshot', '--env', STORE);
  expect(failed.code).toBe(1);
  expect(invoked(failed)).toMatchObject({ functionError: 'Unhandled' });
  expect(failed.document.ok).toBe(false);
  const taken = await gluepotJson(
    cwd,
    'lambda',
    'deploy',
    'crawl-undo',
    '--env',
    STORE,
    '--as',
    'catalog-snapshot',
  );
  expect([taken.code, taken.document.errors[0]?.kind]).toEqual([5, 'conflict']);
  const unknown = await gluepot(cwd, 'lambda', 'invoke', 'nothing');
  expect([unknown.code, unknown.stderr]).toEqual([
    3,
    expect.stringContaining('gluepot comes with catalog-snapshot'),
  ]);
}, 60_000);

// A lake of forty tables behind a server, plans that change them, and a relay that tells when a command has got somewhere.
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Glue, type TableInput } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { buildPlan, planText, type Change } from '../../src/change/index.js';
import { startFaultyRelay } from '../faults/faulty-relay.js';
import { emptyFolder, gluepot, startUp } from './gluepot-process.js';

const DatabaseName = 'lake';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

const table = (index: number, Type: string): TableInput => ({
  Name: `t${String(index).padStart(2, '0')}`,
  StorageDescriptor: { Columns: [{ Name: 'a', Type }] },
});

/** Passes all on to `endpoint`; the first request of `operation`, or of a method and path that begin so, waits for `onFirst`. */
export async function startRelay(
  endpoint: string,
  onFirst: () => unknown,
  operation = 'AWSGlue.UpdateTable',
): Promise<string> {
  const relay = await startFaultyRelay(endpoint);
  onTestFinished(() => relay.close());
  let isSeen = false;
  relay.faultOf = async ({ target, method, path }) => {
    if (!isSeen && (target || `${method} ${path}`).startsWith(operation)) {
      isSeen = true;
      await onFirst();
    }
    return undefined;
  };
  return relay.endpoint;
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(20);
}

/** A server with forty tables, and a saved plan, plan.json, that changes each. */
export async function openLake() {
  const folder = emptyFolder();
  const { endpoint } = await startUp(folder);
  const where = {
    ...{ endpoint, region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const glue = new Glue(where);
  const s3 = new S3(where);
  onTestFinished(() => {
    glue.destroy();
    s3.destroy();
  });
  await s3.createBucket({ Bucket: 'kept' });
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  const indexes = Array.from({ length: 40 }, (_, index) => index);
  for (const index of indexes) await glue.createTable({ DatabaseName, TableInput: table(index, 'int') });
  const savePlan = (file: string, changed: readonly number[]) => {
    const changes = changed.map((index): Change => ({
      action: 'update',
      key: { kind: 'table', DatabaseName, TableName: table(index, '').Name as string },
      current: table(index, 'int'),
      wanted: table(index, 'string'),
      reason: 'As it was before.',
      evidence: [],
    }));
    const home = { accountId: '123456789012', region: 'us-east-1' };
    const subject = { operation: 'crawl-undo' as const, resolved: {} };
    writeFileSync(join(folder, file), planText(buildPlan({ ...home, subject, changes })));
  };
  savePlan('plan.json', indexes);

  let child: ChildProcess | undefined;
  const run = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    gluepot(
      { cwd: folder, env: { ...CREDENTIALS, ...env }, onStart: (started) => (child = started) },
      ...args,
    );
  const undoWords = (at: string) => [
    'crawl',
    'undo',
    '--yes',
    '--target',
    'aws',
    '--endpoint-url',
    at,
    '--store',
    's3://kept/undo',
  ];
  const typesNow = async () => {
    const { TableList = [] } = await glue.getTables({ DatabaseName });
    return TableList.map(({ StorageDescriptor }) => StorageDescriptor?.Columns?.[0]?.Type);
  };

  const keysIn = async (Prefix: string) => {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: 'kept', Prefix });
    return Contents.map(({ Key }) => Key);
  };

  return {
    ...{ endpoint, run, undoWords, typesNow, savePlan, keysIn },
    started: () => child,
    count: indexes.length,
  };
}

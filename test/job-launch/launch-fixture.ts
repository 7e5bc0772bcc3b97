// A job that may be launched, its bucket and its spec, and launchers whose every call can be delayed or be their last.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Glue } from '@aws-sdk/client-glue';
import { systemClock, type Clock } from '../../src/base/clock.js';
import { randomIds } from '../../src/base/ids.js';
import { openDocumentStore } from '../../src/change/index.js';
import { openEmbedded } from '../../src/embedded.js';
import { openLaunchRecords } from '../../src/toolkit/job-launch/launch-records.js';
import {
  launch,
  parseLaunchEvent,
  parseLaunchSpec,
  type LaunchScope,
} from '../../src/toolkit/job-launch/index.js';
import { CrashError } from '../faults/faulty-glue.js';
import { openMemoryFolder } from './memory-folder.js';

export const JOB = 'etl';
export const QUEUE = 'arn:aws:batch:us-east-1:123456789012:job-queue/exports';

const SPEC = `
name: nightly
state: s3://lake/launch
on: { source: [aws.batch] }
require:
  - objectPresent: { object: s3://lake/ready }
prepare:
  clear: [s3://lake/results/]
  trash: s3://lake/trash/
start:
  job: ${JOB}
  arguments: { --from: '\${cutOffStart}' }
`;

/** Each launch gives the table a place of its own. */
export const withTable = (spec: string): string =>
  spec.replace(
    'prepare:',
    `prepare:
  athena: { output: s3://lake/athena/ }
  tables:
    - database: lake
      table: counts
      sql: CREATE EXTERNAL TABLE \${table} (total bigint) STORED AS PARQUET LOCATION \${place}
      parameters: { place: { type: location, value: 's3://lake/counts/\${runKey}/' } }`,
  );

export interface LauncherFaults {
  /** Dies at the call of this number, from 1 on, before or after it is done. */
  crashAt?: { call: number; when: 'before' | 'after' };
  /** Turns of the event loop before each call. */
  delayTurns?: () => number;
}

export type LaunchFixture = Awaited<ReturnType<typeof openLaunchFixture>>;

export async function openLaunchFixture(change: (spec: string) => string = (spec) => spec) {
  let aheadMs = 0;
  const clock: Clock = {
    now: () => new Date(Date.now() + aheadMs),
    // Whatever is waited for is quick here, and so is looking at it again.
    sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 2), signal),
  };
  const folder = openMemoryFolder();
  const aws = await openEmbedded({ dataDir: folder.path });
  const { athena, iam, s3, glue } = aws.clients();
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await iam.createRole({ RoleName: 'glue', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await iam.attachRolePolicy({ RoleName: 'glue', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' });
  await s3.createBucket({ Bucket: 'lake' });
  await s3.putObject({ Bucket: 'lake', Key: 'ready', Body: 'yes' });
  await glue.createDatabase({ DatabaseInput: { Name: 'lake' } });
  // Its source is not there, so a run of it ends at once: what holds a second one back is never that one is at work.
  await glue.createJob({
    Name: JOB,
    Role: 'glue',
    GlueVersion: '4.0',
    Command: { Name: 'glueetl', ScriptLocation: 's3://lake/etl.py' },
    CodeGenConfigurationNodes: {
      in: { S3ParquetSource: { Name: 'in', Paths: ['s3://lake/nothing/'] } },
      out: { S3DirectTarget: { Name: 'out', Inputs: ['in'], Path: 's3://lake/out/', Format: 'json' } },
    },
  });
  const spec = await parseLaunchSpec(change(SPEC), 'launch.yaml', () =>
    Promise.reject(new Error('It has no SQL files.')),
  );
  const keys = async (prefix: string) =>
    ((await s3.listObjectsV2({ Bucket: 'lake', Prefix: prefix })).Contents ?? []).map(({ Key = '' }) => Key);

  return {
    aws,
    s3,
    glue,
    spec,
    clock,
    later: (minutes: number) => void (aheadMs += minutes * 60_000),
    /** Objects in plain files, as other tools drop them into a bucket. */
    drop(folder: string, count: number) {
      const path = join(aws.dataDir, 's3', 'lake', folder);
      mkdirSync(path, { recursive: true });
      for (let index = 0; index < count; index++) writeFileSync(join(path, String(index)), 'x');
    },
    put: (key: string, body = key) => s3.putObject({ Bucket: 'lake', Key: key, Body: body }),
    keys,
    /** Of all tables: what they are called and where they are. */
    async tables() {
      const { TableList = [] } = await glue.getTables({ DatabaseName: 'lake' });
      return TableList.map(({ Name, StorageDescriptor }) => ({
        Name,
        Location: StorageDescriptor?.Location,
      }));
    },
    /** A query outlives the launcher that asked for it, though by no lease's time. */
    async queriesEnded() {
      const { QueryExecutionIds = [] } = await athena.listQueryExecutions({});
      for (const QueryExecutionId of QueryExecutionIds.slice(0, 3)) {
        let state: string | undefined;
        do {
          const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId });
          state = QueryExecution?.Status?.State;
          await turn();
        } while (state === 'QUEUED' || state === 'RUNNING');
      }
    },
    runs: async () => (await glue.getJobRuns({ JobName: JOB })).JobRuns ?? [],
    /** A launcher in a process of its own. */
    launcher(faults: LauncherFaults = {}) {
      const clients = aws.clients();
      const calls: string[] = [];
      let isDead = false;
      // Middleware that looks at nothing but names is the same to all clients.
      for (const client of [
        ...[clients.athena, clients.batch, clients.events, clients.glue, clients.s3, clients.sts],
      ] as unknown as Glue[]) {
        client.middlewareStack.add(
          (next, { commandName = '' }) =>
            async (call) => {
              if (isDead) throw new CrashError('The process is dead.');
              calls.push(commandName.replace(/Command$/, ''));
              const number = calls.length;
              for (let left = faults.delayTurns?.() ?? 0; left > 0; left--) await turn();
              isDead ||= faults.crashAt?.call === number && faults.crashAt.when === 'before';
              if (isDead) throw new CrashError('The process is dead.');
              const answer = await next(call);
              isDead ||= faults.crashAt?.call === number;
              if (isDead) throw new CrashError('The process is dead.');
              return answer;
            },
          { step: 'initialize', name: 'launcher-faults' },
        );
      }
      const scope: LaunchScope = { clients, clock, ids: randomIds };
      const records = openLaunchRecords(openDocumentStore(spec.state, clients));
      return {
        calls,
        scope,
        records,
        launch: (event?: object) => launch(scope, { spec, records, event: event && parseLaunchEvent(event) }),
      };
    },
    async close() {
      await aws.close();
      folder.remove();
    },
  };
}

let eventCount = 0;

export function batchEvent(
  change: { status?: string; detail?: object; id?: string; time?: Date } = {},
): object {
  const { status = 'SUCCEEDED', detail = {}, id = `event-${++eventCount}`, time } = change;
  return {
    id,
    source: 'aws.batch',
    'detail-type': 'Batch Job State Change',
    ...(time ? { time: time.toISOString() } : {}),
    detail: { jobName: 'export', jobQueue: QUEUE, status, ...detail },
  };
}

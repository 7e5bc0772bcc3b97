// What benches of crawls and jobs need around them: a role, a bucket whose files are dropped in place, runs that are timed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CodeGenConfigurationNode, Column } from '@aws-sdk/client-glue';
import { openEmbedded, type EmbeddedClients } from '../src/embedded.js';
import type { BenchContext } from './bench.js';

type Clients = Pick<EmbeddedClients, 'glue' | 's3' | 'iam'>;

export interface Pipeline<Given extends Clients = Clients> {
  clients: Given;
  /** Folder of the bucket `lake`. */
  bucketFolder: string;
  /** Crawls a folder of the bucket into a database of its own; milliseconds from StartCrawler to READY, asked for every `pollMs`. */
  crawl(prefix: string, options?: { pollMs: number }): Promise<{ database: string; durationMs: number }>;
  /** Milliseconds from StartJobRun to SUCCEEDED. */
  runJob(nodes: Record<string, CodeGenConfigurationNode>): Promise<number>;
}

export const BUCKET = 'lake';
const ROLE = 'GlueBenchRole';
const CRAWL_POLL_MS = 5;
export const JOB_POLL_MS = 20;

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** In this process, through SDK clients without a socket. */
export async function openPipeline({ folder, defer }: BenchContext): Promise<Pipeline<EmbeddedClients>> {
  const dataDir = join(folder, 'data');
  const aws = await openEmbedded({ dataDir });
  defer(() => aws.close());
  return preparePipeline(aws.clients(), dataDir);
}

/** Over any clients of an embedded AWS that keeps its data in `dataDir`. */
export async function preparePipeline<Given extends Clients>(
  clients: Given,
  dataDir: string,
): Promise<Pipeline<Given>> {
  const { glue, s3, iam } = clients;
  await iam.createRole({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(TRUST) });
  for (const policy of ['service-role/AWSGlueServiceRole', 'AmazonS3FullAccess']) {
    await iam.attachRolePolicy({ RoleName: ROLE, PolicyArn: `arn:aws:iam::aws:policy/${policy}` });
  }
  await s3.createBucket({ Bucket: BUCKET });
  const bucketFolder = join(dataDir, 's3', BUCKET);
  mkdirSync(bucketFolder, { recursive: true });
  let count = 0;
  return {
    clients,
    bucketFolder,

    async crawl(prefix, { pollMs } = { pollMs: CRAWL_POLL_MS }) {
      const Name = `crawl_${count++}`;
      await glue.createCrawler({
        Name,
        Role: ROLE,
        DatabaseName: Name,
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/${prefix}` }] },
      });
      const start = performance.now();
      await glue.startCrawler({ Name });
      for (;;) {
        const { Crawler } = await glue.getCrawler({ Name });
        if (Crawler?.State === 'READY') {
          const durationMs = performance.now() - start;
          const { Status, ErrorMessage } = Crawler.LastCrawl ?? {};
          if (Status !== 'SUCCEEDED') throw new Error(`The crawl ended ${Status}: ${ErrorMessage}`);
          return { database: Name, durationMs };
        }
        await wait(pollMs);
      }
    },

    async runJob(nodes) {
      const Name = `job_${count++}`;
      const Command = { Name: 'glueetl', ScriptLocation: `s3://${BUCKET}/unused.py` };
      await glue.createJob({ Name, Role: ROLE, Command, CodeGenConfigurationNodes: nodes });
      const start = performance.now();
      const { JobRunId } = await glue.startJobRun({ JobName: Name });
      for (;;) {
        await wait(JOB_POLL_MS);
        const { JobRun } = await glue.getJobRun({ JobName: Name, RunId: JobRunId });
        if (JobRun?.JobRunState === 'SUCCEEDED') return performance.now() - start;
        if (JobRun?.CompletedOn)
          throw new Error(`The job ended ${JobRun.JobRunState}: ${JobRun.ErrorMessage}`);
      }
    },
  };
}

/** The one table that a crawl made. */
export async function onlyTable(
  { glue }: Pick<Clients, 'glue'>,
  database: string,
): Promise<{ name: string; columns: Column[] }> {
  const { TableList = [] } = await glue.getTables({ DatabaseName: database });
  const [table] = TableList;
  if (TableList.length !== 1 || table?.Name === undefined) {
    throw new Error(`The crawl made ${TableList.length} tables instead of 1.`);
  }
  return { name: table.Name, columns: table.StorageDescriptor?.Columns ?? [] };
}

// A crawler, its classifiers, its database and the start of its data, put where a preview can look at them.
import { join } from 'node:path';
import {
  BatchCreatePartitionCommand,
  CreateClassifierCommand,
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  GetClassifierCommand,
  paginateGetPartitions,
  paginateGetTables,
  type Classifier,
  type CreateClassifierRequest,
  type Crawler,
} from '@aws-sdk/client-glue';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../aws/aws-clients.js';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { partitionDefinition, tableDefinition } from '../../change/canonical-definition.js';
import { getCrawler } from '../crawl-run/get-crawler.js';
import { mirrorObjects, type Mirrored } from './mirror-objects.js';

/** An empty embedded AWS that is thrown away afterwards. */
export interface Scratch {
  dataDir: string;
  clients: Pick<AwsClients, 'glue' | 'iam' | 's3'>;
}

export interface MirrorCrawlerOptions {
  /** A crawler's name, or an `s3://` path for which there is none. */
  what: string;
  /** Of a path: into which database a crawl would write. */
  database?: string | undefined;
  signal: AbortSignal;
  onProgress(detail: string): void;
}

const ROLE = 'Preview';
const PARTITIONS_AT_ONCE = 100;
const PATH_ADVICE = 'To look at a path without one: gluepot crawl preview s3://bucket/folder/';

/**
 * Returns the name of the crawler in `scratch`. Nothing is changed where the crawler really is.
 * @throws GluepotError `usage` for a crawler that is not there, `unsupported` for one with other targets than S3
 */
export async function mirrorCrawler(
  clients: AwsClients,
  scratch: Scratch,
  options: MirrorCrawlerOptions,
): Promise<{ crawlerName: string; mirrored: Mirrored[] }> {
  const { what, signal, onProgress } = options;
  const isPath = /^s3:\/\//.test(what);
  const crawler = isPath
    ? pathCrawler(what, options.database)
    : await getCrawler(clients.glue, what, { signal, advice: PATH_ADVICE });
  const others = Object.entries(crawler.Targets ?? {}).filter(
    ([kind, targets]) => kind !== 'S3Targets' && Array.isArray(targets) && targets.length > 0,
  );
  if (others.length > 0) {
    throw new GluepotError(
      'unsupported',
      `Crawler ${what} has ${others.map(([kind]) => kind).join(' and ')}: a preview reads S3 targets only.`,
    );
  }
  await scratch.clients.iam.send(
    new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: TRUST_GLUE }),
  );
  for (const name of crawler.Classifiers ?? []) {
    const { Classifier: found } = await clients.glue.send(new GetClassifierCommand({ Name: name }));
    await scratch.clients.glue.send(new CreateClassifierCommand(classifierInput(found as Classifier)));
  }
  const database = crawler.DatabaseName ?? 'default';
  onProgress(`reading database ${database}`);
  await mirrorDatabase(clients, scratch, database, signal);

  const mirrored: Mirrored[] = [];
  const buckets = new Set<string>();
  const targets = crawler.Targets?.S3Targets ?? [];
  for (const { Path = '' } of targets) {
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(Path) ?? [];
    if (!buckets.has(bucket)) await scratch.clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    buckets.add(bucket);
    mirrored.push(
      await mirrorObjects({
        s3: clients.s3,
        bucket,
        prefix,
        folder: join(scratch.dataDir, 's3', bucket),
        signal,
        onProgress: ({ listed, mirrored: count }) =>
          onProgress(`${Path}: ${count} of ${listed} objects looked at`),
      }),
    );
  }
  const crawlerName = crawler.Name as string;
  await scratch.clients.glue.send(
    new CreateCrawlerCommand({
      Name: crawlerName,
      Role: ROLE,
      DatabaseName: database,
      Targets: {
        S3Targets: targets.map(({ Path, Exclusions, SampleSize }) => ({ Path, Exclusions, SampleSize })),
      },
      Classifiers: crawler.Classifiers,
      TablePrefix: crawler.TablePrefix,
      SchemaChangePolicy: crawler.SchemaChangePolicy,
      Configuration: crawler.Configuration,
      // What is new is told by its crawl; a preview shows the whole.
      RecrawlPolicy:
        crawler.RecrawlPolicy?.RecrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY'
          ? crawler.RecrawlPolicy
          : undefined,
    }),
  );
  return { crawlerName, mirrored };
}

const TRUST_GLUE = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

function pathCrawler(path: string, database = 'preview'): Crawler {
  if (!/^s3:\/\/[^/]/.test(path)) {
    throw new GluepotError('usage', `${path} names no bucket. Give s3://BUCKET/FOLDER/.`);
  }
  return { Name: 'preview', DatabaseName: database, Targets: { S3Targets: [{ Path: path }] } };
}

// By what the answer adds: the rest is what CreateClassifier takes.
function classifierInput(classifier: Classifier): CreateClassifierRequest {
  const added = ['CreationTime', 'LastUpdated', 'Version'];
  const input = Object.entries(classifier).map(([kind, members]) => [
    kind,
    Object.fromEntries(Object.entries(members as object).filter(([name]) => !added.includes(name))),
  ]);
  return Object.fromEntries(input) as CreateClassifierRequest;
}

async function mirrorDatabase(
  { glue }: AwsClients,
  scratch: Scratch,
  DatabaseName: string,
  abortSignal: AbortSignal,
): Promise<void> {
  await scratch.clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName } }));
  try {
    for await (const { TableList = [] } of paginateGetTables(
      { client: glue },
      { DatabaseName },
      { abortSignal },
    )) {
      for (const table of TableList) {
        const TableName = table.Name as string;
        await scratch.clients.glue.send(
          new CreateTableCommand({ DatabaseName, TableInput: tableDefinition(table) }),
        );
        if ((table.PartitionKeys?.length ?? 0) === 0) continue;
        const pages = paginateGetPartitions({ client: glue }, { DatabaseName, TableName }, { abortSignal });
        for await (const { Partitions = [] } of pages) {
          for (let at = 0; at < Partitions.length; at += PARTITIONS_AT_ONCE) {
            const PartitionInputList = Partitions.slice(at, at + PARTITIONS_AT_ONCE).map(partitionDefinition);
            await scratch.clients.glue.send(
              new BatchCreatePartitionCommand({ DatabaseName, TableName, PartitionInputList }),
            );
          }
        }
      }
    }
  } catch (error) {
    // A crawl would make the database.
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
  }
}

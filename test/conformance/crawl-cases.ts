// Lays the inputs of recorded crawls into a bucket, crawls them, and compares what was written.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Glue } from '@aws-sdk/client-glue';
import { openEmbedded } from '../../src/embedded.js';
import { compareTable, type Difference } from './compare-table.js';
import { recipes } from './recipes.js';
import type { RecordedCase } from './recorded-case.js';
import { attachGluePermissions } from '../glue-permissions.js';

export interface CaseResult {
  name: string;
  differences: Difference[];
}

const TRUST_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Crawls cases that share a bucket, in an embedded AWS of their own. @throws Error when the crawl does not succeed */
export async function crawlCases(cases: readonly RecordedCase[]): Promise<CaseResult[]> {
  const { bucket, target, expected } = cases[0] as RecordedCase;
  const aws = await openEmbedded();
  try {
    const { glue, iam } = aws.clients();
    const folder = join(aws.dataDir, 's3', bucket);
    mkdirSync(folder, { recursive: true });
    for (const one of cases) await layInput(one, folder);
    await iam.createRole({ RoleName: 'Crawler', AssumeRolePolicyDocument: TRUST_POLICY });
    await attachGluePermissions(iam, 'Crawler');
    await glue.createCrawler({
      Name: 'conformance',
      Role: 'Crawler',
      DatabaseName: 'conformance',
      TablePrefix: expected.tablePrefix ?? '',
      Targets: { S3Targets: [{ Path: target }] },
    });
    await crawl(glue);
    const results: CaseResult[] = [];
    for (const one of cases) results.push({ name: one.name, differences: await compareCase(glue, one) });
    return results;
  } finally {
    await aws.close();
  }
}

async function layInput(one: RecordedCase, bucketFolder: string): Promise<void> {
  if (one.inputFolder !== undefined) {
    cpSync(one.inputFolder, bucketFolder, { recursive: true });
    return;
  }
  const recipe = recipes[one.name];
  if (!recipe) {
    throw new Error(
      `Case ${one.name} has no input folder, and there is no recipe of that name. Known recipes: ${Object.keys(recipes).join(', ')}.`,
    );
  }
  await recipe.write(join(bucketFolder, (one.location ?? one.target).replace(/^s3:\/\/[^/]+\//, '')));
}

async function crawl(glue: Glue): Promise<void> {
  await glue.startCrawler({ Name: 'conformance' });
  for (;;) {
    const { Crawler } = await glue.getCrawler({ Name: 'conformance' });
    if (Crawler?.State === 'READY') {
      if (Crawler.LastCrawl?.Status === 'SUCCEEDED') return;
      throw new Error(`The crawl ended as ${Crawler.LastCrawl?.Status}: ${Crawler.LastCrawl?.ErrorMessage}`);
    }
    await delay(10);
  }
}

async function compareCase(glue: Glue, one: RecordedCase): Promise<Difference[]> {
  const { TableList = [] } = await glue.getTables({ DatabaseName: 'conformance' });
  const table = TableList.find(({ Name }) => Name === one.expected.table);
  if (!table) {
    const names = TableList.map(({ Name }) => Name);
    return [{ where: 'table', expected: one.expected.table, actual: names, isProven: true }];
  }
  const { Partitions = [] } = await glue.getPartitions({
    DatabaseName: 'conformance',
    TableName: one.expected.table,
  });
  return compareTable(one, table, Partitions, recipes[one.name]?.incomparable ?? []);
}

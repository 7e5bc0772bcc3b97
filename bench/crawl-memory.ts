// What a crawl of a million objects, and of one of 10 GB, holds in memory: resident memory of the server at its highest.
import { linkSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import type { Bench } from './bench.js';
import { countPartitions } from './count-partitions.js';
import { compare, type Result } from './measure.js';
import { preparePipeline } from './pipeline.js';
import { startGluepot } from './server-process.js';

const OBJECTS_PER_FOLDER = 1000;
/** Names of one file: a million files of their own would take the disk longer than their crawl. */
const LINKS_PER_FILE = 50_000;
const HUGE_BYTES = 10 * 1024 ** 3;
const RESIDENT_MAX_MB = 500;
const POLL_MS = 500;

export const crawlMemory: Bench = {
  name: 'crawl-memory',
  summary: 'resident memory of a crawl of a million objects, and of one object of 10 GB',
  async run(context) {
    const { folder, isQuick, note } = context;
    const objectCount = isQuick ? 50_000 : 1_000_000;
    const dataDir = join(folder, 'data');
    const server = await startGluepot(context, { dataDir });
    const config = {
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const clients = {
      glue: new Glue(config),
      iam: new IAM(config),
      s3: new S3({ ...config, forcePathStyle: true }),
    };
    const { bucketFolder, crawl } = await preparePipeline(clients, dataDir);
    const pid = server.process.pid as number;
    const results: Result[] = [];
    const hold = (name: string) =>
      results.push(
        compare({
          name,
          unit: 'MB',
          measured: [highestResidentMB(pid)],
          limit: { name: 'allowed', samples: RESIDENT_MAX_MB },
          target: { atMost: 1 },
        }),
      );

    note('writing an object of 10 GB');
    mkdirSync(join(bucketFolder, 'huge'));
    const huge = join(bucketFolder, 'huge', 'huge.csv');
    writeFileSync(huge, `id,name\n${'1,apple\n'.repeat(200_000)}`);
    truncateSync(huge, HUGE_BYTES);
    await crawl('huge/', { pollMs: POLL_MS });
    hold('memory of a crawl of one object of 10 GB');

    note(`writing ${objectCount} objects`);
    let source = '';
    for (let index = 0; index < objectCount; index++) {
      const partition = join(bucketFolder, 'events', `day=${Math.floor(index / OBJECTS_PER_FOLDER)}`);
      if (index % OBJECTS_PER_FOLDER === 0) mkdirSync(partition, { recursive: true });
      const path = join(partition, `part-${index % OBJECTS_PER_FOLDER}.csv`);
      if (index % LINKS_PER_FILE === 0)
        writeFileSync((source = path), 'id,name,price\n1,pear,1.5\n2,plum,2\n');
      else linkSync(source, path);
    }
    note('crawling them');
    const { database, durationMs } = await crawl('events/', { pollMs: POLL_MS });
    note(`that took ${Math.round(durationMs / 1000)} s`);
    const found = await countPartitions(clients, database, 'events');
    if (found !== objectCount / OBJECTS_PER_FOLDER) throw new Error(`The crawl found ${found} partitions.`);
    hold(`memory of a crawl of ${objectCount.toLocaleString('en-US')} objects`);
    return results;
  },
};

/** Of a process, since it started: VmHWM, which Linux keeps. */
function highestResidentMB(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined)
    throw new Error('The highest resident memory of a process is told by Linux only.');
  return Number(kilobytes) / 1024;
}

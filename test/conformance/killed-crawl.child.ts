// Crawls in the data directory of its argument and dies by SIGKILL while the first tables are written.
import { openCrawlFixture } from './crawl-fixture.js';

const TABLE_COUNT = 400;

const lake = await openCrawlFixture({ dataDir: process.argv[2] as string });
for (let table = 0; table < TABLE_COUNT; table++) {
  lake.put({
    [`t${table}/day=1/f.csv`]: `k${table},v\n1,2\n`,
    [`t${table}/day=2/f.csv`]: `k${table},v\n1,2\n`,
  });
}
await lake.create({ Schedule: 'cron(0 1 * * ? *)' });
await lake.glue.startCrawler({ Name: 'crawler' });
for (;;) {
  const tables = await lake.tables().catch(() => []);
  if (tables.length > 0) process.kill(process.pid, 'SIGKILL');
}

// A process that is killed while it crawls leaves every table old or new, and the next process goes on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paginateGetTables, type Table } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { DATABASE, openCrawlFixture } from './crawl-fixture.js';

it('a killed crawl is FAILED, its crawler READY, its tables whole, and the next crawl completes them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-crawl-'));
  const child = fileURLToPath(new URL('killed-crawl.child.ts', import.meta.url));
  const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', child, dataDir]);
  expect(signal, stderr.toString()).toBe('SIGKILL');

  const lake = await openCrawlFixture({ dataDir });
  try {
    expect(await lake.ready()).toMatchObject({
      State: 'READY',
      Schedule: { State: 'SCHEDULED' },
      LastCrawl: {
        Status: 'FAILED',
        ErrorMessage: 'The process that ran this crawl ended before the crawl did.',
      },
    });
    const crawlsOf = async () => (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls!;
    const countOf = (summary: string | undefined) =>
      JSON.parse((JSON.parse(summary!) as { TABLE: { ADD: string } }).TABLE.ADD) as { Count: number };
    const tableCount = async () => {
      const tables: Table[] = [];
      for await (const page of paginateGetTables({ client: lake.glue }, { DatabaseName: DATABASE })) {
        tables.push(...(page.TableList ?? []));
      }
      for (const table of tables) {
        // Never the first write without the second, which adds the index's flag.
        expect(table).toMatchObject({
          VersionId: '1',
          Parameters: { 'partition_filtering.enabled': 'true' },
        });
      }
      return tables.length;
    };
    const written = await tableCount();
    const [killed] = await crawlsOf();
    expect(countOf(killed?.Summary).Count).toBe(written);
    expect(written).toBeLessThan(400);

    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect(await tableCount()).toBe(400);
    expect(countOf((await crawlsOf())[0]?.Summary).Count).toBe(400 - written);
    expect(await lake.partitions('t7')).toHaveLength(2);
  } finally {
    await lake.close();
    rmSync(dataDir, { recursive: true });
  }
});

// gluepot crawl run, undo and redo: what somebody does whose crawl went wrong, through the built command line.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, gluepot, gluepotJson } from './gluepot-process.js';

interface CrawlResult {
  crawlId: string;
  counts: Record<string, number>;
  crawls: { crawlId: string; tables?: Record<string, string[]> }[];
  plan: { subject: { resolved: Record<string, string> } };
  report?: { applied: number; verified: boolean; journalId: string; snapshotId: string };
}

/** The demo, crawled once more with a column that nobody wanted. */
async function wronglyCrawled() {
  const folder = emptyFolder();
  await gluepot(folder, 'demo', '--yes');
  const crawl = async (...args: string[]) => {
    const finished = await gluepotJson(folder, 'crawl', ...args);
    return { ...finished, result: finished.document.result as unknown as CrawlResult };
  };
  const buckets = join(folder, '.gluepot', 's3');
  const bucket = readdirSync(buckets).find((name) => name.startsWith('gluepot-demo')) as string;
  const input = join(buckets, bucket, 'data/input/weather');
  const [name = ''] = readdirSync(input);
  const file = join(input, name);
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  writeFileSync(file, `${header},wrong\n${rows.map((row) => `${row},1`).join('\n')}\n`);
  const { result } = await crawl('run', 'demo-crawler');
  return { folder, crawl, result };
}

describe('gluepot crawl', () => {
  it('shows what a crawl changed, takes it back, and puts it back again', async () => {
    const { folder, crawl, result } = await wronglyCrawled();
    expect(result.counts).toMatchObject({ create: 0, delete: 0 });
    expect(result.counts.update).toBeGreaterThan(0);

    const history = await crawl('history', 'demo-crawler');
    expect(history.result.crawls).toHaveLength(2);
    expect(history.result.crawls[0]).toMatchObject({ crawlId: result.crawlId });
    const shown = await gluepot(folder, 'crawl', 'show', 'demo-crawler', '--crawl', result.crawlId);
    expect(shown.stdout).toContain(`Crawl ${result.crawlId} of demo-crawler: COMPLETED`);
    expect(shown.stdout).toContain('tables, update: demo_weather');
    expect(shown.stdout).toContain('Updated table demo_weather in database demo');
    expect((await crawl('wait', 'demo-crawler')).result).toMatchObject({
      crawl: { crawlId: result.crawlId, state: 'COMPLETED' },
    });
    expect((await gluepot(folder, 'crawl', 'show', 'demo-crawler', '--crawl', 'no-such')).code).toBe(3);

    const planned = await gluepot(
      folder,
      'crawl',
      'undo',
      'demo-crawler',
      '--dry-run',
      '--detailed-exitcode',
    );
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain('~ table demo.demo_weather');
    expect(planned.stdout).toContain('StorageDescriptor.Columns[wrong]');

    const refused = await gluepot(folder, 'crawl', 'undo', 'demo-crawler');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('Nothing was done');

    const undone = await crawl('undo', 'demo-crawler', '--yes');
    expect(undone.code).toBe(0);
    expect(undone.result.plan.subject.resolved).toMatchObject({
      crawler: 'demo-crawler',
      database: 'demo',
      crawls: result.crawlId,
    });
    expect(undone.result.report).toMatchObject({ verified: true });

    const again = await crawl('undo', 'demo-crawler', '--yes');
    expect(again.result.counts).toMatchObject({ update: 0, delete: 0, create: 0, conflict: 0 });

    const redone = await crawl('redo', '--yes');
    expect(redone.result.report).toMatchObject({ verified: true, applied: undone.result.report?.applied });
    const back = await gluepot(folder, 'crawl', 'undo', 'demo-crawler', '--dry-run');
    expect(back.stdout).toContain('~ table demo.demo_weather');

    const idle = await gluepot(folder, 'crawl', 'run', 'demo-crawler');
    expect(idle.stdout).toContain('No differences.');
    expect(idle.stdout).not.toContain('To take it back');
  });

  it('keeps a plan for later, and refuses it when the catalog has moved', async () => {
    const { folder, crawl } = await wronglyCrawled();
    const file = join(folder, 'undo.json');
    expect((await gluepot(folder, 'crawl', 'undo', 'demo-crawler', '--out', file)).code).toBe(0);
    expect((await crawl('undo', 'demo-crawler', '--plan', file, '--yes')).code).toBe(0);
    const stale = await gluepot(folder, 'crawl', 'undo', 'demo-crawler', '--plan', file, '--yes');
    expect(stale.code).toBe(5);
    expect(stale.stderr).toContain('the catalog has moved');
  });

  it('holds to its limits, and understands the flags of AWS’s sample script', async () => {
    const { folder } = await wronglyCrawled();
    const undo = (...args: string[]) => gluepot(folder, 'crawl', 'undo', ...args);
    const few = await undo('demo-crawler', '--max-changes', '0', '--yes');
    expect(few.code).toBe(6);
    expect(few.stderr).toContain('at most 0 are allowed');
    expect((await undo('demo-crawler', '--protect', 'demo_weather', '--yes')).code).toBe(6);
    const former = await undo(
      ...['--crawler-name', 'demo-crawler', '--database-name', 'demo', '--timestamp', 'now-1h', '--dry-run'],
      ...['--backup-location', join(folder, 'backup'), '--region', 'us-east-1'],
    );
    expect(former.code).toBe(0);
    expect(former.stdout).toContain('crawler: demo-crawler');
    const mistyped = await undo('demo-crawler', '--backup-locaton', 'x');
    expect(mistyped.code).toBe(3);
    expect((await undo('demo-crawler', '--since', '171455760000')).code).toBe(3);
    expect((await undo('nobody')).code).toBe(3);
  });
});

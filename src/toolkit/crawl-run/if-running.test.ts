// What becomes of a crawl that somebody asks for while the crawler is at work already.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCrawlFixture, type CrawlFixture } from '../../../test/conformance/crawl-fixture.js';
import { systemClock, type Clock } from '../../base/clock.js';
import { runCrawl, type IfRunning } from './run-crawl.js';

let lake: CrawlFixture;
let release: () => void;
beforeEach(async () => {
  let hold: Promise<void> | undefined;
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => hold ?? systemClock.sleep(ms, signal) };
  lake = await openCrawlFixture({ clock, crawlDelayMs: 1 });
  lake.put({ 'fruit/a.csv': 'id,name\n1,a\n' });
  await lake.create();
  hold = new Promise((resolve) => {
    release = () => {
      hold = undefined;
      resolve();
    };
  });
  await lake.glue.startCrawler({ Name: 'crawler' });
});
afterEach(() => lake.close());

const states: string[] = [];
const run = (ifRunning: IfRunning) =>
  runCrawl(lake.aws.clients(), {
    crawlerName: 'crawler',
    store: undefined,
    ifRunning,
    timeoutMs: 60_000,
    version: 'test',
    onState: (state) => states.push(state),
    signal: new AbortController().signal,
  });
const crawlIds = async () =>
  (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls?.map(({ CrawlId }) => CrawlId);

describe('a crawl of a crawler that is at work', () => {
  it('fails, and starts nothing, with fail', async () => {
    await expect(run('fail')).rejects.toThrow(/crawler/);
    expect(await crawlIds()).toHaveLength(1);
    release();
  });

  it('is the one under way with join', async () => {
    const joined = run('join');
    const [underWay] = (await crawlIds()) ?? [];
    release();
    expect((await joined).crawl).toMatchObject({ crawlId: underWay, state: 'COMPLETED' });
    expect(await crawlIds()).toEqual([underWay]);
  });

  it('is another one after it with wait', async () => {
    const waited = run('wait');
    const [underWay] = (await crawlIds()) ?? [];
    release();
    const { crawl } = await waited;
    expect(crawl.crawlId).not.toBe(underWay);
    expect(await crawlIds()).toEqual([crawl.crawlId, underWay]);
  });
});

// Crawls of many tables: how many run at a time, and what is waited for.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { crawlTables, planCrawls } from '../../src/toolkit/dynamodb-catalog/index.js';
import { openCatalogFixture, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const targetsOf = async (count: number) => {
  await catalog.createTables(...Array.from({ length: count }, (_, index) => `table-${index}`));
  await catalog.apply();
  return (await planCrawls(catalog.scope, (await catalog.plan()).settings)).targets;
};

/** What Glue says of crawlers, with `change` made to it, and all that is started. */
const watchGlue = (change: (crawler: { Name: string; State: string }) => void) => {
  const started: string[] = [];
  catalog.clients.glue.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        if (commandName === 'StartCrawlerCommand') started.push((call.input as { Name: string }).Name);
        const answer = await next(call);
        const { Crawler } = answer.output as { Crawler?: { Name: string; State: string } };
        if (Crawler) change(Crawler);
        return answer;
      },
    { step: 'initialize', name: 'watch-glue' },
  );
  return started;
};

it('starts all that there is room for and waits for none of them, however long they run', async () => {
  const targets = await targetsOf(3);
  watchGlue((crawler) => (crawler.State = 'RUNNING'));
  const options = { wait: false, concurrency: 3, timeoutMs: 3_600_000 };
  const results = await crawlTables(catalog.scope, targets, options);
  expect(results.map(({ outcome }) => outcome)).toEqual(['started', 'started', 'started']);
});

it.each([true, false])('never has more under way than asked for, waiting for the end: %s', async (wait) => {
  const targets = await targetsOf(7);
  const ended = new Set<string>();
  let most = 0;
  const started = watchGlue(({ Name, State }) => {
    if (State === 'READY' && started.includes(Name)) ended.add(Name);
    most = Math.max(most, started.length - ended.size);
  });
  const results = await crawlTables(catalog.scope, targets, { wait, concurrency: 2, timeoutMs: 60_000 });
  expect(started).toHaveLength(7);
  expect(most).toBeLessThanOrEqual(2);
  const waitedFor = results.filter(({ outcome }) => outcome === 'succeeded');
  expect(waitedFor.length).toBeGreaterThanOrEqual(wait ? 7 : 5);
});

it('says of a crawl that ended in time how it ended, also when it does not wait for the last ones', async () => {
  const targets = await targetsOf(4);
  await catalog.clients.dynamodb.deleteTable({ TableName: targets[0]?.TableName });
  const options = { wait: false, concurrency: 1, timeoutMs: 60_000 };
  const results = await crawlTables(catalog.scope, targets, options);
  expect(results[0]).toMatchObject({ outcome: 'failed' });
  expect(results[0]?.message).toContain('Requested resource not found');
  expect(results.slice(1, 3).map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
});

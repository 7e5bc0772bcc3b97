// Many tables at once: the second time without a write, and with faults on the way. How long they take is a bench.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFaults } from '../faults/faulty-glue.js';
import { openCatalogFixture, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const names = (count: number) => Array.from({ length: count }, (_, index) => `table-${index}`);
const outcomes = (results: readonly { outcome: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

it('500 tables are all made, and a second time nothing is written', async () => {
  await catalog.createTables(...names(500));
  expect(outcomes((await catalog.apply()).results)).toEqual({ changed: 500 });
  catalog.writes.length = 0;
  expect(outcomes((await catalog.apply()).results)).toEqual({ unchanged: 500 });
  expect(catalog.writes).toEqual([]);
});

it('throttled at every fifth crawler: those fail, the others are made, and the next apply makes the rest', async () => {
  await catalog.createTables(...names(20));
  let creations = 0;
  let isThrottling = true;
  withFaults(catalog.clients.glue, {
    faultOf: (name) =>
      isThrottling && name === 'CreateCrawler' && ++creations % 5 === 0 ? 'throttle' : undefined,
  });
  const { results } = await catalog.apply();
  expect(outcomes(results)).toEqual({ changed: 16, failed: 4 });
  expect(results.find(({ outcome }) => outcome === 'failed')?.message).toContain('Rate exceeded');
  isThrottling = false;
  expect(outcomes((await catalog.apply()).results)).toEqual({ changed: 4, unchanged: 16 });
});

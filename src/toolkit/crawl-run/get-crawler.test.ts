// A crawler that is not there: what the message says to do.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCrawlFixture, type CrawlFixture } from '../../../test/conformance/crawl-fixture.js';
import { getCrawler } from './get-crawler.js';

let lake: CrawlFixture;
beforeEach(async () => {
  lake = await openCrawlFixture();
});
afterEach(() => lake.close());

const { signal } = new AbortController();
const ask = (name: string, advice?: string) =>
  getCrawler(lake.aws.clients().glue, name, { signal, ...(advice === undefined ? {} : { advice }) });

describe('getCrawler', () => {
  it('answers with the crawler', async () => {
    await lake.create({ Name: 'sales' });
    expect(await ask('sales')).toMatchObject({ Name: 'sales', State: 'READY' });
  });

  it.each<[string, string[], string]>([
    ['salse', ['sales', 'people'], 'Did you mean sales?'],
    ['orders', ['people', 'sales'], 'There are people, sales.'],
    ['orders', ['sales'], 'There is sales.'],
    ['orders', [], 'There is none at all: look at the region and the account, or make one.'],
  ])('tells who asks for %s among %j', async (name, names, hint) => {
    for (const Name of names) await lake.create({ Name });
    await expect(ask(name)).rejects.toMatchObject({
      kind: 'usage',
      message: `There is no crawler ${name} in this account and region. ${hint}`,
    });
  });

  it('names ten of many, and ends with the advice', async () => {
    for (let index = 0; index < 12; index++)
      await lake.create({ Name: `c${String(index).padStart(2, '0')}` });
    await expect(ask('orders', 'Try something else.')).rejects.toMatchObject({
      message:
        'There is no crawler orders in this account and region. There are 12, c00, c01, c02, c03, c04, c05, c06, c07, c08, c09 among them. Try something else.',
    });
  });
});

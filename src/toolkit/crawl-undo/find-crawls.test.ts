// Which crawls are meant by a name, an id or a time, and what is said where it is not clear.
import type { Crawler, CrawlerHistory } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import { steppingClock } from '../../base/clock.js';
import { findCrawls, findHistory, type CrawlsAsked } from './find-crawls.js';

const at = (minute: number) => new Date(Date.UTC(2024, 4, 1, 10, minute));
const entry = (CrawlId: string, minute: number, State: CrawlerHistory['State'] = 'COMPLETED') => ({
  ...{ CrawlId, State, StartTime: at(minute) },
  ...(State === 'RUNNING' ? {} : { EndTime: at(minute + 1) }),
});
const CRAWLER: Crawler = { Name: 'nightly', DatabaseName: 'Lake' };

/** History as AWS pages it, newest first, or the error that it answers. */
function scopeOf(history: readonly CrawlerHistory[] | string, crawler: Crawler = CRAWLER) {
  const { glue } = answeringGlue({
    GetCrawler: () => ({ Crawler: crawler }),
    ListCrawls: ({ NextToken }: { NextToken?: string }) => {
      if (typeof history === 'string') throw Object.assign(new Error('No.'), { name: history });
      const index = Number(NextToken ?? 0);
      const isLast = index + 2 >= history.length;
      return { Crawls: history.slice(index, index + 2), ...(isLast ? {} : { NextToken: String(index + 2) }) };
    },
  });
  return { glue, clock: steppingClock(), signal: new AbortController().signal };
}

const HISTORY = [entry('e', 50), entry('d', 40, 'FAILED'), entry('c', 30), entry('b', 20), entry('a', 10)];

async function find(
  asked: Partial<CrawlsAsked> = {},
  history: readonly CrawlerHistory[] | string = HISTORY,
  crawler?: Crawler,
) {
  const found = await findCrawls(scopeOf(history, crawler), { crawlerName: 'nightly', ...asked });
  const idsOf = (crawls: typeof found.crawls = []) => crawls.map(({ crawlId }) => crawlId).join('');
  return { ...found, ids: idsOf(found.crawls), otherIds: idsOf(found.others) };
}

it.each<[what: string, asked: Partial<CrawlsAsked>, ids: string, others: string]>([
  ['the last that ended, where nothing is said', {}, 'e', 'abcd'],
  ['one by its id, however old', { crawlId: 'a' }, 'a', 'bcde'],
  ['all that began at an instant or later', { since: at(30) }, 'cde', 'ab'],
  ['all that began after an instant', { since: new Date(at(30).getTime() + 1) }, 'de', 'abc'],
])('%s', async (_, asked, ids, otherIds) => {
  expect(await find(asked)).toMatchObject({ ids, otherIds, DatabaseName: 'lake' });
});

it('knows the history in the order of time, to its last page', async () => {
  const all = await findHistory(scopeOf(HISTORY), 'nightly');
  expect(all.map(({ crawlId }) => crawlId).join('')).toBe('abcde');
  expect(all[3]).toMatchObject({ state: 'FAILED', start: at(40), end: at(41), summary: undefined });
});

describe('a crawl that is running', () => {
  const running = [entry('f', 55, 'RUNNING'), ...HISTORY];
  it('is not the last that ended', async () => {
    expect((await find({}, running)).ids).toBe('e');
  });
  it.each<[Partial<CrawlsAsked>]>([[{ crawlId: 'f' }], [{ since: at(50) }]])(
    'is refused, meant by %j',
    async (asked) => {
      await expect(find(asked, running)).rejects.toMatchObject({
        kind: 'guard-refused',
        message: 'Crawl f of nightly is running. Wait for its end, or stop it, and undo it then.',
      });
    },
  );
});

it.each<[Partial<CrawlsAsked>, string]>([
  [{ crawlId: 'x' }, 'Crawler nightly has no crawl x. Its last ones: a, b, c, d, e.'],
  [
    { since: at(51) },
    'Crawler nightly has begun no crawl since 2024-05-01T10:51:00.000Z: there is nothing to undo.',
  ],
])('%j is of no crawl', async (asked, message) => {
  await expect(find(asked)).rejects.toMatchObject({ kind: 'usage', message });
});

it('names the last five only, of many', async () => {
  const many = Array.from({ length: 8 }, (_, index) => entry(`c${index}`, index));
  await expect(find({ crawlId: 'x' }, many)).rejects.toThrow('Its last ones: c3, c4, c5, c6, c7.');
});

describe('a history without the crawl that GetCrawler names as the last', () => {
  const crawlerOf = (LastCrawl: Crawler['LastCrawl']): Crawler => ({ ...CRAWLER, LastCrawl });
  it('has it from there, and not when it ended', async () => {
    const last = { MessagePrefix: 'f', StartTime: at(55), Status: 'SUCCEEDED' } as const;
    const { crawls, otherIds } = await find({}, HISTORY, crawlerOf(last));
    expect(crawls).toMatchObject([{ crawlId: 'f', start: at(55), end: undefined, summary: undefined }]);
    expect(otherIds).toBe('abcde');
  });
  it.each<[what: string, LastCrawl: Crawler['LastCrawl']]>([
    ['in it under that prefix', { MessagePrefix: 'E', StartTime: new Date(at(50).getTime() + 1) }],
    ['older than what is in it', { MessagePrefix: 'x', StartTime: at(49) }],
    ['without a prefix', { StartTime: at(55) }],
  ])('stays as it is with one that is %s', async (_, LastCrawl) => {
    const prefixed = HISTORY.map((one) => ({ ...one, MessagePrefix: one.CrawlId.toUpperCase() }));
    expect(await find({}, prefixed, crawlerOf(LastCrawl))).toMatchObject({ ids: 'e', otherIds: 'abcd' });
  });
});

describe('where there is no history to be had', () => {
  const crawler: Crawler = { ...CRAWLER, LastCrawl: { StartTime: at(10), Status: 'SUCCEEDED' } };
  it.each(['UnknownOperationException', 'NotImplemented', 'NotImplementedException', 'InternalFailure'])(
    '(%s) the crawler itself knows of the last crawl, and not when it ended',
    async (error) => {
      const { crawls } = await find({}, error, crawler);
      const known = { start: at(10), end: undefined, crawlId: undefined, summary: undefined };
      expect(crawls).toEqual([{ ...known, crawlerName: 'nightly', state: 'SUCCEEDED' }]);
    },
  );
  it('one that never crawled has nothing to undo', async () => {
    await expect(find({}, 'UnknownOperationException')).rejects.toThrow('nightly has not crawled yet');
  });
  it('another error is that error', async () => {
    await expect(find({}, 'AccessDeniedException', crawler)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('the database', () => {
  const tables = (...names: string[]): Crawler => ({
    Name: 'nightly',
    Targets: { CatalogTargets: names.map((DatabaseName) => ({ DatabaseName, Tables: ['t'] })) },
  });
  it('is that of the tables which the crawler keeps up, when it is one', async () => {
    expect((await find({}, HISTORY, tables('Stock', 'stock'))).DatabaseName).toBe('stock');
  });
  it.each([
    [tables('one', 'two'), 'writes into several databases (one, two)'],
    [{ Name: 'nightly' }, 'writes into no database of its own'],
  ])('has to be named where it is not one: %j', async (crawler, what) => {
    await expect(find({}, HISTORY, crawler)).rejects.toMatchObject({
      kind: 'usage',
      message: `Crawler nightly ${what}. Name the one that is meant with --database.`,
    });
    expect((await find({ DatabaseName: 'Two' }, HISTORY, crawler)).DatabaseName).toBe('two');
  });
});

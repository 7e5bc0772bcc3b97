// What a crawl's history and a table's marks are evidence of.
import { describe, expect, it } from 'vitest';
import type { ObjectOf } from '../../change/index.js';
import {
  bearsMarkOf,
  crawlOf,
  isBefore,
  isCrawlersTouch,
  isMadeByCrawler,
  isWithin,
  mayHaveWritten,
  parseSummary,
  toldDeleted,
  type Crawl,
} from './crawl.js';

const at = (time: string) => new Date(`2024-05-01T${time}Z`);
const leaf = (...names: string[]) => JSON.stringify({ Details: { names } });
const SUMMARY = JSON.stringify({
  TABLE: { ADD: leaf('made'), DELETE: leaf('gone') },
  PARTITION: { UPDATE: leaf('grown') },
});

function crawl(members: Partial<Crawl> = {}): Crawl {
  return {
    ...{ crawlId: 'c1', crawlerName: 'lake', state: 'COMPLETED', summary: parseSummary(SUMMARY) },
    ...{ start: at('10:00:00.500'), end: at('10:00:09.500') },
    ...members,
  };
}

describe('whole seconds of the catalog', () => {
  it.each([
    ['10:00:00', true, false],
    ['10:00:09', true, false],
    ['10:00:05', true, false],
    ['09:59:59', false, true],
    ['10:00:10', false, false],
  ])('%s: within the crawl %s, before it %s', (time, isIn, isEarlier) => {
    expect(isWithin(crawl(), at(time))).toBe(isIn);
    expect(isBefore(crawl(), at(time))).toBe(isEarlier);
  });

  it('without an end all from its start on is within it, and no time is neither', () => {
    const open = crawl({ end: undefined });
    expect(isWithin(open, at('23:00:00'))).toBe(true);
    expect(isWithin(open, at('09:59:59'))).toBe(false);
    expect([isWithin(open, undefined), isBefore(open, undefined)]).toEqual([false, false]);
  });
});

describe('the history of a crawl', () => {
  it.each([
    ['COMPLETED', undefined, true],
    ['FAILED', undefined, false],
    ['COMPLETED', 'no JSON', false],
    ['COMPLETED', '{"TABLE":{"ADD":"no JSON"}}', false],
    ['FAILED', SUMMARY, true],
  ] as const)('%s with the summary %s says what it did: %s', (State, Summary, isTold) => {
    const { summary } = crawlOf('lake', { StartTime: at('10:00:00'), State, Summary }) ?? {};
    expect(summary !== undefined).toBe(isTold);
  });

  it('without a start is none', () => {
    expect(crawlOf('lake', { CrawlId: 'c1', State: 'COMPLETED' })).toBeUndefined();
  });

  it('tells which tables it may have written; where it says nothing, any', () => {
    const told = ['made', 'gone', 'grown', 'other'].map((name) => mayHaveWritten(crawl(), name));
    expect(told).toEqual([true, true, true, false]);
    expect(mayHaveWritten(crawl({ summary: undefined }), 'other')).toBe(true);
  });

  it('tells what was deleted, by which crawl; one that says nothing leaves it open', () => {
    const nothing = crawl({ crawlId: 'c2', summary: parseSummary('{}') });
    expect(toldDeleted([nothing, crawl()], 'tables', 'gone')).toEqual({
      isTold: true,
      evidence: [{ from: 'crawl-changes', crawlId: 'c1' }],
    });
    expect(toldDeleted([crawl()], 'tables', 'made')).toEqual({ isTold: false, evidence: [] });
    expect(toldDeleted([crawl()], 'partitions', 'gone')).toEqual({ isTold: false, evidence: [] });
    expect(toldDeleted([crawl(), crawl({ summary: undefined })], 'tables', 'gone')).toBeUndefined();
  });
});

const table = (Parameters: Record<string, string>, more: object = {}): ObjectOf<'table'> => ({
  key: { kind: 'table', DatabaseName: 'lake', TableName: 't' },
  definition: { Name: 't', Parameters, ...more },
  provenance: {},
});

describe('the mark of a crawl', () => {
  const mark = (more: Record<string, string> = {}) => table({ UPDATED_BY_CRAWLER: 'lake', ...more });
  const during = String(at('10:00:05').getTime());

  it.each([
    ['the crawler, where AWS writes no more', mark(), true],
    ['this crawl’s id', mark({ CRAWL_RUN_ID: 'c1' }), true],
    ['another crawl’s id', mark({ CRAWL_RUN_ID: 'c2' }), false],
    ['another crawler', table({ UPDATED_BY_CRAWLER: 'other' }), false],
    ['another crawler with this id', table({ UPDATED_BY_CRAWLER: 'other', CRAWL_RUN_ID: 'c1' }), false],
    ['nobody', table({}), false],
    ['an older id, deprecated meanwhile', mark({ CRAWL_RUN_ID: 'c0', DEPRECATED_BY_CRAWLER: during }), true],
    [
      'an older id, deprecated before',
      mark({ CRAWL_RUN_ID: 'c0', DEPRECATED_BY_CRAWLER: String(at('10:00:00').getTime()) }),
      false,
    ],
    [
      'an older id, deprecated after',
      mark({ CRAWL_RUN_ID: 'c0', DEPRECATED_BY_CRAWLER: String(at('10:00:10').getTime()) }),
      false,
    ],
  ])('%s: %#', (_, version, isMarked) => {
    expect(bearsMarkOf(crawl(), version)).toBe(isMarked);
  });

  it('of a crawl that has no id is the crawler’s', () => {
    expect(bearsMarkOf(crawl({ crawlId: undefined }), mark({ CRAWL_RUN_ID: 'c2' }))).toBe(true);
  });
});

it('a crawler’s second touch alters nothing but its own parameters', () => {
  const before = table(
    { recordCount: '1', note: 'ours' },
    { StorageDescriptor: { Parameters: { sizeKey: '1' } } },
  );
  const counted = table(
    { recordCount: '2', note: 'ours' },
    { StorageDescriptor: { Parameters: { sizeKey: '2' } } },
  );
  expect(isCrawlersTouch(before, counted)).toBe(true);
  expect(isCrawlersTouch(before, table({ ...counted.definition.Parameters, note: 'theirs' }))).toBe(false);
  expect(isCrawlersTouch(before, table({ recordCount: '2', note: 'ours' }, { Owner: 'ours' }))).toBe(false);
});

it('a crawler counts what it read into its partitions, people do not', () => {
  const partition = (definition: object): ObjectOf<'partition'> => ({
    key: { kind: 'partition', DatabaseName: 'lake', TableName: 't', Values: ['1'] },
    definition: { Values: ['1'], ...definition },
    provenance: {},
  });
  const counts = { averageRecordSize: '1', recordCount: '1', sizeKey: '1' };
  expect(isMadeByCrawler(partition({ Parameters: counts }))).toBe(true);
  expect(isMadeByCrawler(partition({ StorageDescriptor: { Parameters: counts } }))).toBe(true);
  expect(isMadeByCrawler(partition({ Parameters: { recordCount: '1' } }))).toBe(false);
  expect(isMadeByCrawler(partition({}))).toBe(false);
});

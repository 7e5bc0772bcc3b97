// When conditional triggers are due.
import { describe, expect, it } from 'vitest';
import { isSatisfied } from './predicate.js';

const job = (JobName: string, State: 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMEOUT') => ({
  LogicalOperator: 'EQUALS' as const,
  JobName,
  State,
});
const crawler = (CrawlerName: string, CrawlState: 'SUCCEEDED' | 'FAILED' | 'CANCELLED') => ({
  LogicalOperator: 'EQUALS' as const,
  CrawlerName,
  CrawlState,
});

describe('isSatisfied', () => {
  it.each([
    ['AND with both', 'AND', { a: 'SUCCEEDED', b: 'SUCCEEDED' }, true],
    ['AND with one', 'AND', { a: 'SUCCEEDED' }, false],
    ['AND with one that ended otherwise', 'AND', { a: 'SUCCEEDED', b: 'FAILED' }, false],
    ['ANY with one', 'ANY', { b: 'SUCCEEDED' }, true],
    ['ANY with one that ended otherwise', 'ANY', { b: 'FAILED' }, false],
    ['ANY with none', 'ANY', {}, false],
    ['no word, which is AND', undefined, { a: 'SUCCEEDED' }, false],
  ] as const)('%s', (_, Logical, ends: Record<string, string>, expected) => {
    const Conditions = [job('a', 'SUCCEEDED'), crawler('b', 'SUCCEEDED')];
    const endOf = (_kind: string, name: string) => ends[name];
    expect(isSatisfied({ ...(Logical ? { Logical } : {}), Conditions }, endOf)).toBe(expected);
  });

  it('tells a job from a crawler of the same name', () => {
    const ofCrawler = (kind: string) => (kind === 'CRAWLER' ? 'SUCCEEDED' : undefined);
    expect(isSatisfied({ Conditions: [job('x', 'SUCCEEDED')] }, ofCrawler)).toBe(false);
    expect(isSatisfied({ Conditions: [crawler('x', 'SUCCEEDED')] }, ofCrawler)).toBe(true);
  });

  it('is never satisfied without conditions', () => {
    expect(isSatisfied({ Logical: 'AND', Conditions: [] }, () => 'SUCCEEDED')).toBe(false);
  });
});

// On which side of crawls a backup of AWS's sample script is evidence.
import { expect, it } from 'vitest';
import type { Crawl } from './crawl.js';
import type { SampleBackup } from './sample-backup/read-backup.js';
import { besideCrawls } from './snapshots-around.js';

const at = (time: string) => new Date(`2024-05-01T${time}Z`);
const crawl = (start: string, end: string | undefined): Crawl => ({
  ...{ crawlId: 'c1', crawlerName: 'lake', state: 'COMPLETED', summary: undefined },
  ...{ start: at(start), end: end === undefined ? undefined : at(end) },
});
const BOTH = [crawl('10:00:00', '10:00:09'), crawl('11:00:00', '11:00:09')];

it.each<[string, readonly Crawl[], 'before' | 'after' | undefined]>([
  ['09:59:59', BOTH, 'before'],
  ['10:00:00', BOTH, 'before'],
  ['10:00:01', BOTH, undefined],
  ['10:30:00', BOTH, undefined],
  ['11:00:08', BOTH, undefined],
  ['11:00:09', BOTH, 'after'],
  ['11:00:09', [crawl('10:00:00', undefined)], undefined],
  ['10:00:00', [crawl('10:00:00', undefined)], 'before'],
])('one that was written at %s of %o is of the side: %s', (time, crawls, side) => {
  const from: SampleBackup = { location: '/backup', run: '', otherRuns: [], takenAt: at(time), tables: [] };
  if (side) return void expect(besideCrawls(from, { crawls })).toEqual({ side, from });
  expect(() => besideCrawls(from, { crawls })).toThrow('while a crawl that is to be undone ran');
});

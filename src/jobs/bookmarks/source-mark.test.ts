// Files by a bookmark: each version of a file is read once, whatever times files have and however much a run may take.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  isRead,
  nextMark,
  NOTHING_READ,
  withinBand,
  type ListedFile,
  type SourceMark,
} from './source-mark.js';

const file = (key: string, lastModifiedMs: number, etag = 'e'): ListedFile => ({
  bucket: 'b',
  key,
  lastModifiedMs,
  etag,
});
const BAND = { listedMs: 1000, bandMs: 100, fileCountMax: 10 };

/** One run: what it takes of the files that it sees, and the mark behind it. */
function read(mark: SourceMark, files: ListedFile[], band = BAND, boundedTo = Infinity) {
  const fresh = files.filter((each) => !isRead(mark, each));
  const taken = withinBand(mark, fresh, band).slice(0, boundedTo);
  const left = fresh.filter((each) => !taken.includes(each));
  return { taken: taken.map(({ key }) => key), mark: nextMark(mark, { taken, left, band }) };
}

it('reads what is new, and what was replaced, by time or by content', () => {
  const first = read(NOTHING_READ, [file('old', 10), file('recent', 950), file('same', 960)]);
  expect(first.taken).toEqual(['old', 'recent', 'same']);
  expect(first.mark).toEqual({ untilMs: 900, read: { 'b/recent': '950 e', 'b/same': '960 e' } });
  const later = { ...BAND, listedMs: 1500 };
  const second = read(
    first.mark,
    [file('old', 1200), file('recent', 950), file('same', 960, 'other'), file('new', 955)],
    later,
  );
  expect(second.taken).toEqual(['old', 'same', 'new']);
  expect(second.mark.untilMs).toBe(1400);
  expect(second.mark.read).toEqual({});
});

it('leaves what the band has no room for, the newest, to the next run', () => {
  const files = [file('c', 990), file('a', 950), file('b', 960), file('old', 1)];
  const first = read(NOTHING_READ, files, { ...BAND, fileCountMax: 2 });
  expect(first.taken).toEqual(['a', 'b', 'old']);
  expect(read(first.mark, files, { ...BAND, fileCountMax: 2 }).taken).toEqual([]);
  expect(read(first.mark, files, { ...BAND, listedMs: 1200, fileCountMax: 2 }).taken).toEqual(['c']);
});

it('a bound leaves old files, too, and they are read by later runs', () => {
  const files = [file('a', 3), file('b', 1), file('c', 2)];
  const first = read(NOTHING_READ, files, BAND, 1);
  expect(first).toEqual({ taken: ['a'], mark: { untilMs: 0, read: { 'b/a': '3 e' } } });
  const second = read(first.mark, files, BAND, 1);
  expect(second.taken).toEqual(['b']);
  expect(read(second.mark, files, BAND, 5).taken).toEqual(['c']);
});

it('over any runs each version of a file is read exactly once', () => {
  const run = fc.record({
    elapsedMs: fc.integer({ min: 1, max: 300 }),
    // A listing may show a file later than its time says, by less than the band.
    added: fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        lateMs: fc.integer({ min: 0, max: 99 }),
      }),
      { maxLength: 5 },
    ),
    fileCountMax: fc.integer({ min: 1, max: 3 }),
    bound: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 8 }), (runs) => {
      let mark = NOTHING_READ;
      let nowMs = 10_000;
      let version = 0;
      const files = new Map<string, ListedFile>();
      const versionsRead: string[] = [];
      const wanted = new Set<string>();
      const go = (band: typeof BAND, bound: number) => {
        const all = [...files.values()];
        const { taken, mark: next } = read(mark, all, band, bound);
        for (const key of taken) versionsRead.push(files.get(key)?.etag ?? '');
        mark = next;
      };
      for (const { elapsedMs, added, fileCountMax, bound } of runs) {
        nowMs += elapsedMs;
        for (const { key, lateMs } of added) files.set(key, file(key, nowMs - lateMs, String(++version)));
        go({ listedMs: nowMs, bandMs: 100, fileCountMax }, bound);
      }
      for (const { etag } of files.values()) wanted.add(etag);
      go({ listedMs: nowMs + 1000, bandMs: 100, fileCountMax: 100 }, Infinity);
      expect(versionsRead).toHaveLength(new Set(versionsRead).size);
      expect(versionsRead).toEqual(expect.arrayContaining([...wanted]));
    }),
  );
});

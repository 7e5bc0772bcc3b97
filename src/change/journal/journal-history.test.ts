// A journal's history says of every object what a look at all lines, one by one, would say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyText } from '../catalog-key.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import type { JournalEntry, JournalLine, JournalOperation } from './journal-entry.js';
import { openHistory } from './journal-history.js';
import { byChance } from '../../../test/law.js';

const OPERATIONS: readonly JournalOperation[] = ['apply', 'rollback'];
const keys = ['a', 'b', 'c'].map((TableName): CatalogObjectKey => ({
  kind: 'table',
  DatabaseName: 'd',
  TableName,
}));
const line: fc.Arbitrary<JournalLine> = fc.record(
  {
    op: fc.constantFrom(...OPERATIONS),
    key: fc.constantFrom(...keys),
    before: fc.constant('absent'),
    after: fc.constant('absent'),
    state: fc.constantFrom('intended', 'done', 'failed', 'refused'),
    found: fc.constantFrom(null, { Name: 'a' }, { Name: 'b' }),
  },
  { requiredKeys: ['op', 'key', 'before', 'after', 'state'] },
);

/** Lines without those of what was refused, unless it was done once. */
function withoutRefused(lines: readonly JournalLine[]): JournalLine[] {
  return lines.reduce<JournalLine[]>((kept, line) => {
    if (line.state !== 'refused') return [...kept, line];
    const isSame = (one: JournalLine) => one.op === line.op && keyText(one.key) === keyText(line.key);
    const isDone = kept.some((one) => isSame(one) && one.state === 'done');
    return isDone ? kept : kept.filter((one) => !isSame(one));
  }, []);
}

it('says what the lines say', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const history = openHistory();
      lines.forEach((one, index) => history.add({ seq: index + 1, ...one } satisfies JournalEntry));
      expect(history.lineCount).toBe(lines.length);
      expect(history.isRollbackBegun).toBe(lines.some(({ op }) => op === 'rollback'));
      const meant = withoutRefused(lines);
      const changed = keys.filter((key) => {
        const of = meant.filter((one) => keyText(one.key) === keyText(key));
        const putBack = of.findLastIndex(({ op, state }) => op === 'rollback' && state === 'done');
        return of.slice(putBack + 1).some(({ op }) => op === 'apply');
      });
      expect(keys.filter((key) => history.isChanged(key))).toEqual(changed);
      expect(history.hasChanged).toBe(changed.length > 0);
      for (const op of OPERATIONS) {
        const done = (key: CatalogObjectKey) =>
          lines.some((one) => one.op === op && one.state === 'done' && keyText(one.key) === keyText(key));
        expect(history.doneCount(op)).toBe(keys.filter(done).length);
        expect(keys.filter((key) => history.isDone(key, op))).toEqual(keys.filter(done));
      }
      for (const key of keys) {
        const of = meant.filter((one) => keyText(one.key) === keyText(key));
        expect(history.isBegun(key)).toBe(of.length > 0);
        expect(history.isBegun(key, 'apply')).toBe(of.some(({ op }) => op === 'apply'));
        expect(history.isBegun(key, 'rollback')).toBe(of.some(({ op }) => op === 'rollback'));
        expect(history.overwritten(key)).toEqual(
          of.findLast((one) => one.op === 'apply' && 'found' in one)?.found,
        );
      }
    }),
    byChance({ numRuns: 200, seed: 20_261_121 }),
  );
});

// The law of undo in parts: nothing outside of a part is changed, and both parts together are the whole.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { definitionHash } from '../../src/change/canonical-definition.js';
import { isActing, keyText, type CatalogObjectKind, type Change, type Plan } from '../../src/change/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { byChance, isReplay } from '../law.js';
import { filesAct, FOLDERS, performOnFiles, putDay } from './files-acts.js';
import { openUndoFixture } from './undo-fixture.js';

const story = fc.record({
  first: fc.array(filesAct, { minLength: 1, maxLength: 4 }),
  second: fc.array(filesAct, { minLength: 1, maxLength: 5 }),
  deleteBehavior: fc.constantFrom('DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE', 'LOG'),
  hasSnapshots: fc.boolean(),
  how: fc.constantFrom('tables' as const, 'except' as const),
  /** Of the tables that there are, in the order of their names, from the first again after the last. */
  named: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
});

/** A table is changed, one goes and one comes; of these the middle one is left out. */
const EVENTFUL = {
  first: [putDay('1'), putDay('2'), { ...putDay('1'), folder: 'b' }],
  second: [
    { kind: 'remove' as const, folder: 'a', day: '2' },
    putDay('1', 4),
    putDay('3'),
    { kind: 'remove' as const, folder: 'b', day: undefined },
    { ...putDay('1'), folder: 'c' },
  ],
  deleteBehavior: 'DELETE_FROM_DATABASE',
  hasSnapshots: true,
  how: 'except' as const,
  named: [false, true, false],
};

type Content = Readonly<Record<string, string>>;

/** What becomes of the catalog by these changes. */
function carriedOut(content: Content, changes: readonly Change[]): Content {
  const result = new Map(Object.entries(content));
  for (const { key, wanted } of changes) {
    // What goes with its table or partition is not among what is compared.
    if (key.kind.endsWith('statistics')) continue;
    if (wanted) result.set(keyText(key), definitionHash<CatalogObjectKind>(key.kind, wanted));
    else result.delete(keyText(key));
  }
  return Object.fromEntries(result);
}

const tableOf = ({ key }: Change) => ('TableName' in key ? key.TableName : '');
const actingOf = ({ changes }: Plan) => changes.filter(isActing);

it('undo of some tables changes no others; undo of the rest makes it the whole undo; each is redone by itself', async () => {
  let inTwoParts = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ first, second, deleteBehavior, hasSnapshots, how, named }) => {
      const lake = await openUndoFixture();
      try {
        await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
        for (const folder of FOLDERS) lake.put({ [`${folder}/keep.txt`]: '' });
        await lake.create({
          Targets: { S3Targets: FOLDERS.map((folder) => ({ Path: `s3://bucket/${folder}/` })) },
          SchemaChangePolicy: { DeleteBehavior: deleteBehavior, UpdateBehavior: 'UPDATE_IN_DATABASE' },
        });
        for (const step of first) performOnFiles(lake, step);
        await lake.crawlLater();
        if (hasSnapshots) await lake.snapshot();
        for (const step of second) performOnFiles(lake, step);
        await lake.crawlLater();
        if (hasSnapshots) await lake.snapshot();
        const crawled = await lake.content();
        const whole = actingOf(await lake.plan());

        const tables = [...new Set(whole.map(tableOf))].sort();
        const names = tables.filter((_, index) => named[index % named.length]);
        if (names.length === 0) return;
        const isOfPart = (change: Change) => names.includes(tableOf(change)) === (how === 'tables');
        const [part, rest] = [whole.filter(isOfPart), whole.filter((change) => !isOfPart(change))];
        if (part.length > 0 && rest.length > 0) inTwoParts++;

        const ofPart = await lake.apply(await lake.plan({ [how]: names }));
        expect(await lake.content()).toEqual(carriedOut(crawled, part));
        lake.later();
        const ofRest = await lake.apply(await lake.plan());
        expect(await lake.content()).toEqual(carriedOut(crawled, whole));
        lake.later();
        expect(actingOf(await lake.plan())).toEqual([]);
        if (part.length > 0) await lake.apply(await lake.inverse(ofPart.journalId));
        expect(await lake.content()).toEqual(carriedOut(crawled, rest));
        lake.later();
        if (rest.length > 0) await lake.apply(await lake.inverse(ofRest.journalId));
        expect(await lake.content()).toEqual(crawled);
      } finally {
        await lake.close();
      }
    }),
    { ...byChance({ numRuns: 6, seed: 20_241_124 }), examples: [[EVENTFUL]] },
  );
  if (!isReplay) expect(inTwoParts).toBeGreaterThan(0);
});

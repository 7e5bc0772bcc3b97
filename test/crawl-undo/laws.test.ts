// The laws of undo, over random lakes that a real crawler crawls: undo restores the catalog, redo is the crawl again.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SnapshotScope } from '../../src/toolkit/catalog-snapshot/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { filesAct, FOLDERS, performOnFiles, putDay } from './files-acts.js';
import { linesOf, openUndoFixture } from './undo-fixture.js';
import { byChance, isReplay } from '../law.js';

/** What others take snapshots of in the same store. */
const scope = fc.constantFrom<SnapshotScope>(
  { databases: ['elsewhere'] },
  { databases: ['elsewhere', DATABASE], tables: 'b*' },
  { tables: ['a'] },
  { databases: [DATABASE], statistics: 'all' },
);
const others = fc.array(scope, { maxLength: 8 });

const story = fc.record({
  others: fc.record({ before: others, after: others }),
  first: fc.array(filesAct, { minLength: 1, maxLength: 4 }),
  second: fc.array(filesAct, { minLength: 1, maxLength: 5 }),
  deleteBehavior: fc.constantFrom('DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE', 'LOG'),
});

/** All kinds of changes at once, some of which are rare by chance. */
const EVENTFUL = {
  others: { before: Array<SnapshotScope>(6).fill({ databases: ['elsewhere'] }), after: [] },
  first: [putDay('1'), putDay('2'), { ...putDay('1'), folder: 'b' }],
  second: [
    { kind: 'remove' as const, folder: 'a', day: '2' },
    putDay('1', 4),
    putDay('3'),
    { kind: 'remove' as const, folder: 'b', day: undefined },
    { ...putDay('1'), folder: 'c' },
  ],
  deleteBehavior: 'DELETE_FROM_DATABASE',
};

it('undo after a crawl restores the catalog; redo after undo is the crawl; each twice changes nothing', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(story, async ({ first, second, deleteBehavior, others }) => {
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
        await lake.snapshot();
        for (const one of others.before) await lake.snapshot(one);
        const before = await lake.content();
        for (const step of second) performOnFiles(lake, step);
        await lake.crawlLater();
        const after = await lake.content();
        for (const one of others.after) await lake.snapshot(one);
        await lake.snapshot();

        const undo = await lake.plan();
        for (const { action, key } of undo.changes) seen.add(`${action} ${key.kind}`);
        const undone = await lake.apply(undo);
        expect(await lake.content()).toEqual(before);
        lake.later();
        const redone = await lake.apply(await lake.inverse(undone.journalId));
        expect(await lake.content()).toEqual(after);
        const again = await lake.inverse(undone.journalId);
        expect(again.changes.filter(({ action }) => action !== 'skip')).toEqual([]);
        // What redo made again is younger than the crawl, and known to be its work all the same.
        expect(linesOf(await lake.plan()).sort()).toEqual(linesOf(undo).sort());
        lake.later();
        await lake.apply(await lake.inverse(redone.journalId));
        expect(await lake.content()).toEqual(before);
      } finally {
        await lake.close();
      }
    }),
    { ...byChance({ numRuns: 12, seed: 20_241_121 }), examples: [[EVENTFUL]] },
  );
  // The stories are worth their time only when all this has happened in them.
  if (isReplay) return;
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...['delete table', 'update table', 'recreate table'],
      ...['delete partition', 'update partition', 'recreate partition'],
    ]),
  );
});

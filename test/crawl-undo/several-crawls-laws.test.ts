// Laws of several undos behind one another: crawls taken back one by one, all at once, and after an undo that was redone.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { filesAct, FOLDERS, performOnFiles, putDay, type FilesAct } from './files-acts.js';
import { csv, CRAWLER, openUndoFixture, type UndoFixture } from './undo-fixture.js';
import { byChance } from '../law.js';

const story = fc.record({
  acts: fc.tuple(
    fc.array(filesAct, { minLength: 1, maxLength: 4 }),
    fc.array(filesAct, { minLength: 1, maxLength: 4 }),
    fc.array(filesAct, { minLength: 1, maxLength: 4 }),
  ),
  deleteBehavior: fc.constantFrom('DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE', 'LOG'),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Rare by chance: a table and a partition come, change, go and come again. */
const COMING_AND_GOING: Story = {
  acts: [
    [putDay('1'), putDay('2'), { ...putDay('1'), folder: 'b' }],
    [{ kind: 'remove', folder: 'a', day: '2' }, { kind: 'remove', folder: 'b', day: '1' }, putDay('3')],
    [putDay('2'), { ...putDay('1'), folder: 'b' }, putDay('1', 4)],
  ],
  deleteBehavior: 'DELETE_FROM_DATABASE',
};

/** A table that has partitions loses its keys, and is to get them back. */
const KEYS_GONE: Story = {
  acts: [
    [putDay('1')],
    [
      { ...putDay('1'), day: undefined },
      { kind: 'remove', folder: 'a', day: '1' },
    ],
    [{ kind: 'remove', folder: 'a', day: '1' }],
  ],
  deleteBehavior: 'DELETE_FROM_DATABASE',
};

async function openStory(deleteBehavior: string): Promise<UndoFixture> {
  const lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  for (const folder of [...FOLDERS, 'other']) lake.put({ [`${folder}/keep.txt`]: '' });
  const targets = (folders: readonly string[]) => ({
    Targets: { S3Targets: folders.map((folder) => ({ Path: `s3://bucket/${folder}/` })) },
  });
  const SchemaChangePolicy = { DeleteBehavior: deleteBehavior, UpdateBehavior: 'UPDATE_IN_DATABASE' };
  await lake.create({ ...targets(FOLDERS), SchemaChangePolicy: SchemaChangePolicy as never });
  await lake.create({ Name: 'other', ...targets(['other']) });
  return lake;
}

/** What another crawler makes in the same database each time, which no undo may touch. */
const ofOther = ([text]: [string, string]) => (JSON.parse(text) as string[])[2] === 'other';

async function contentOf(lake: UndoFixture) {
  const all = Object.entries(await lake.content());
  return {
    own: Object.fromEntries(all.filter((one) => !ofOther(one))),
    other: Object.fromEntries(all.filter(ofOther)),
  };
}

/** Crawls the files after `acts`, with a snapshot behind it; the other crawler is at work in between. */
async function crawlAfter(lake: UndoFixture, acts: readonly FilesAct[], times: number) {
  for (const act of acts) performOnFiles(lake, act);
  lake.put({ [`other/day=${times}/part.csv`]: csv('id,name', '1,Ann', '2,Bob') });
  await lake.crawlLater();
  await lake.crawlLater('other');
  await lake.snapshot();
  return (await contentOf(lake)).own;
}

async function crawlIds(lake: UndoFixture): Promise<(string | undefined)[]> {
  const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: CRAWLER });
  return Crawls.map(({ CrawlId }) => CrawlId).reverse();
}

it('crawls are taken back one by one, also one whose undo was redone before the next crawl, and put back the same way', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ acts, deleteBehavior }) => {
      const lake = await openStory(deleteBehavior);
      const own = async () => (await contentOf(lake)).own;
      const apply = async (plan: Parameters<UndoFixture['apply']>[0]) => {
        lake.later();
        return (await lake.apply(plan)).journalId;
      };
      try {
        const first = await crawlAfter(lake, acts[0], 1);
        const second = await crawlAfter(lake, acts[1], 2);
        const undo = await apply(await lake.plan());
        expect(await own(), 'undone').toEqual(first);
        await apply(await lake.inverse(undo));
        expect(await own(), 'redone').toEqual(second);
        await lake.snapshot();
        const third = await crawlAfter(lake, acts[2], 3);
        const { other } = await contentOf(lake);

        const ids = await crawlIds(lake);
        const undoOfThird = await apply(await lake.plan({ crawlId: ids[2] }));
        expect(await own(), 'the last is undone').toEqual(second);
        const undoOfSecond = await apply(await lake.plan({ crawlId: ids[1] }));
        expect(await own(), 'the one before is undone').toEqual(first);
        await apply(await lake.inverse(undoOfSecond));
        expect(await own(), 'the one before is redone').toEqual(second);
        await apply(await lake.inverse(undoOfThird));
        expect(await own(), 'the last is redone').toEqual(third);
        expect((await contentOf(lake)).other).toEqual(other);
      } finally {
        await lake.close();
      }
    }),
    { ...byChance({ numRuns: 3, seed: 20_241_123 }), examples: [[COMING_AND_GOING], [KEYS_GONE]] },
  );
});

it('two crawls are taken back at once, and put back', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ acts, deleteBehavior }) => {
      const lake = await openStory(deleteBehavior);
      try {
        const first = await crawlAfter(lake, acts[0], 1);
        const since = lake.clock.now();
        await crawlAfter(lake, acts[1], 2);
        const third = await crawlAfter(lake, acts[2], 3);
        const { other } = await contentOf(lake);
        const { journalId } = await lake.apply(await lake.plan({ since }));
        expect(await contentOf(lake)).toEqual({ own: first, other });
        lake.later();
        await lake.apply(await lake.inverse(journalId));
        expect(await contentOf(lake)).toEqual({ own: third, other });
      } finally {
        await lake.close();
      }
    }),
    { ...byChance({ numRuns: 3, seed: 20_241_123 }), examples: [[COMING_AND_GOING], [KEYS_GONE]] },
  );
});

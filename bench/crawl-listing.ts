// The listing phase of a crawl of 100,000 objects, against reading the same folders and asking each file for its size.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.js';
import { randomIds } from '../src/base/ids.js';
import { listTarget } from '../src/crawler/observe/list-objects.js';
import { parseTarget } from '../src/crawler/targets/s3-target.js';
import { STATE_SCHEMAS } from '../src/state-schemas.js';
import { openState } from '../src/state/state.js';
import { openObjectStorage } from '../src/storage/local-object-storage.js';
import type { Bench } from './bench.js';
import { compare, interleave, timeMs, type Result } from './measure.js';

/** Objects a folder: many in few folders, and each in a folder of its own as partitions have them. */
const LAYOUTS = { 'in folders of 1,000': 1000, 'each in a folder of its own': 1 };

export const crawlListing: Bench = {
  name: 'crawl-listing',
  summary: 'the listing phase of a crawl of 100,000 objects; against readdir and stat of the same',
  async run({ folder, defer, isQuick, note }) {
    const objectCount = isQuick ? 10_000 : 100_000;
    const root = join(folder, 's3');
    const state = openState(join(folder, 'gluepot.db'), STATE_SCHEMAS);
    defer(() => state.close());
    const results: Result[] = [];
    for (const [layout, objectsPerFolder] of Object.entries(LAYOUTS)) {
      const bucket = `objects-${objectsPerFolder}`;
      note(`writing ${objectCount} objects ${layout}`);
      const bucketFolder = join(root, bucket);
      for (let index = 0; index < objectCount; index++) {
        const path = join(
          bucketFolder,
          `part=${String(Math.floor(index / objectsPerFolder)).padStart(6, '0')}`,
        );
        if (index % objectsPerFolder === 0) mkdirSync(path, { recursive: true });
        writeFileSync(
          join(path, `${String(index % objectsPerFolder).padStart(4, '0')}.csv`),
          'id,name\n1,a\n',
        );
      }
      const target = parseTarget({ Path: `s3://${bucket}/` });
      note('listing');
      const samples = await interleave(
        {
          listing: async () => {
            // One that has read no folder yet, as after a start.
            const storage = openObjectStorage(state, {
              root,
              clock: systemClock,
              ids: randomIds,
              region: 'us-east-1',
            });
            return timeMs(async () => {
              const { objectCount: found } = await listTarget(storage, target, {
                signal: AbortSignal.timeout(600_000),
              });
              if (found !== objectCount) throw new Error(`${found} objects were listed.`);
            });
          },
          stat: () =>
            timeMs(() => {
              let found = 0;
              for (const entry of readdirSync(bucketFolder, { recursive: true, withFileTypes: true })) {
                if (entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0) found++;
              }
              if (found !== objectCount) throw new Error(`${found} files were seen.`);
            }),
        },
        { rounds: isQuick ? 3 : 7, warmUpRounds: 1 },
      );
      results.push(
        compare({
          name: `listing of ${objectCount.toLocaleString('en-US')} objects, ${layout}`,
          unit: 'ms',
          measured: samples.listing,
          limit: { name: 'readdir and statSync', samples: samples.stat },
          target: { atMost: 2 },
        }),
      );
    }
    return results;
  },
};

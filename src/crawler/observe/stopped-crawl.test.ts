// A crawl that is stopped goes no further than the end of its turn: told by what it looked at, not by the clock.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.js';
import { randomIds } from '../../base/ids.js';
import { STATE_SCHEMAS } from '../../state-schemas.js';
import { openState, type State } from '../../state/state.js';
import { openObjectStorage, type LocalObjectStorage } from '../../storage/local-object-storage.js';
import type { Classifier } from '../../tabular/classifier.js';
import { parseTarget } from '../targets/s3-target.js';
import { listTarget } from './list-objects.js';
import { readFiles } from './read-files.js';

const TARGET = parseTarget({ Path: 's3://bucket/' });

let folder: string;
let state: State;
let storage: LocalObjectStorage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-stopped-'));
  state = openState(join(folder, 'gluepot.db'), STATE_SCHEMAS);
  storage = openObjectStorage(state, {
    root: join(folder, 's3'),
    clock: systemClock,
    ids: randomIds,
    region: 'us-east-1',
  });
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

function put(count: number): void {
  for (let index = 0; index < count; index++) {
    const path = join(folder, 's3', 'bucket', `t${index % 7}`, `f${index}.csv`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'id,v\n1,2\n');
  }
}

describe('a crawl that is stopped', () => {
  it('lists no more than the page that it is at', async () => {
    put(2500);
    const abort = new AbortController();
    const counts: number[] = [];
    const listing = listTarget(storage, TARGET, {
      signal: abort.signal,
      onListed: (count) => {
        counts.push(count);
        abort.abort(new Error('stopped'));
      },
    });
    await expect(listing).rejects.toThrow('stopped');
    expect(counts).toEqual([1000]);
  });

  it('reads no file after the turn in which it was told', async () => {
    put(20);
    const { root } = await listTarget(storage, TARGET, { signal: new AbortController().signal });
    const abort = new AbortController();
    let readCount = 0;
    const slow: Classifier = {
      classification: 'slow',
      classify() {
        readCount++;
        const end = performance.now() + 9;
        while (performance.now() < end);
        return { notBecause: 'it is slow' };
      },
    };
    const reading = readFiles(storage, 'bucket', root, {
      sampleSize: undefined,
      classifiers: [slow],
      signal: abort.signal,
      onRead: (count) => {
        if (count === 3) abort.abort(new Error('stopped'));
      },
    });
    await expect(reading).rejects.toThrow('stopped');
    expect(readCount).toBe(3);
  });
});

// What the history keeps of a crawl's changes comes back as it was.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState, type State } from '../../state/state.js';
import { openCrawlHistory } from './crawl-history.js';
import { crawlSchema } from './crawl-schema.js';
import type { RecordedChange } from './recorded-change.js';

let folder: string;
let state: State;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crawl-history-'));
  state = openState(join(folder, 'state.db'), [crawlSchema]);
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const partition = (day: string) => ({
  Values: [day],
  LastAccessTime: new Date('2026-01-01T00:00:00Z'),
  Parameters: {},
  StorageDescriptor: {
    Columns: [{ Name: 'id', Type: 'bigint' }],
    Location: `s3://bucket/sales/day=${day}/`,
    Parameters: { sizeKey: day },
    SerdeInfo: { SerializationLibrary: 'x', Parameters: { 'field.delim': ',' } },
  },
});

const CHANGES: RecordedChange[] = [
  { kind: 'database', action: 'create', database: 'lake', reason: 'It was missing.' },
  {
    kind: 'table',
    action: 'update',
    database: 'lake',
    table: 'sales',
    reason: 'New columns.',
    before: { Name: 'sales', Parameters: { UpdateTime: 'not a time', n: '1' } },
    after: { Name: 'sales', LastAccessTime: new Date('2026-01-01T00:00:00Z'), Parameters: {} },
    versionBefore: '3',
    versionAfter: '4',
  },
  ...['1', '2'].map((day): RecordedChange => ({
    kind: 'partition',
    action: 'create',
    database: 'lake',
    table: 'sales',
    values: [day],
    after: partition(day),
    reason: 'New folder.',
  })),
  {
    kind: 'partition',
    action: 'delete',
    database: 'lake',
    table: 'old',
    values: ['3'],
    before: { Values: ['3'] },
    reason: 'Its table is deleted.',
  },
];

describe('the crawl history', () => {
  it('gives changes back in their order, whole, and sums them up', () => {
    const history = openCrawlHistory(state);
    const recorder = history.start('crawl-1', 'crawler', new Date());
    for (const change of CHANGES) recorder.record(change);
    expect(history.changes('crawl-1')).toEqual(CHANGES);
    expect(history.summary('crawl-1')).toEqual({
      tables: { create: [], update: ['sales'], delete: [] },
      partitions: {
        create: { tables: ['sales'], count: 2 },
        update: { tables: [], count: 0 },
        delete: { tables: ['old'], count: 1 },
      },
    });
  });

  it('forgets a crawl, with its changes, a year after it ended', () => {
    const history = openCrawlHistory(state);
    history.start('old', 'crawler', new Date('2024-01-01')).record(CHANGES[0]!);
    history.finish('old', 'COMPLETED', new Date('2024-01-01'), undefined);
    history.start('kept', 'crawler', new Date('2024-12-30'));
    expect(history.changes('old')).toHaveLength(1);
    history.start('new', 'crawler', new Date('2025-01-02'));
    expect(history.list('crawler', { since: new Date(0) }).map((crawl) => crawl.crawlId)).toEqual([
      'new',
      'kept',
    ]);
    expect(history.changes('old')).toEqual([]);
  });
});

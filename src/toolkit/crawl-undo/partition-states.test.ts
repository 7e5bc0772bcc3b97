// What is undone of a partition, by what is known of it before the crawl, after it and now.
import { describe, expect, it } from 'vitest';
import type { ObjectOf } from '../../change/index.js';
import { parseSummary, type Crawl } from './crawl.js';
import type { SeenKnowledge } from './object-knowledge.js';
import { partitionStates, type PartitionEvidence } from './partition-states.js';

type Partition = ObjectOf<'partition'>;

const BEFORE = new Date('2024-05-01T09:00:00Z');
const DURING = new Date('2024-05-01T10:00:05Z');
const AFTER = new Date('2024-05-01T11:00:00Z');
const COUNTS = { averageRecordSize: '1', recordCount: '1', sizeKey: '1' };

const leaf = JSON.stringify({ Details: { names: ['t'] } });
const crawl = (partitions: Record<string, string> | undefined): Crawl => ({
  ...{ crawlId: 'c1', crawlerName: 'lake', state: 'COMPLETED' },
  ...{ start: new Date('2024-05-01T10:00:00Z'), end: new Date('2024-05-01T10:00:09Z') },
  summary: partitions && parseSummary(JSON.stringify({ PARTITION: partitions })),
});

function partition(
  Location: string,
  CreateTime = BEFORE,
  Parameters: Record<string, string> = COUNTS,
): Partition {
  return {
    key: { kind: 'partition', DatabaseName: 'lake', TableName: 't', Values: ['1'] },
    definition: { Values: ['1'], Parameters, StorageDescriptor: { Location } },
    provenance: { CreateTime },
  };
}
function manifest(Location: string, CreateTime = BEFORE): Partition {
  const InputFormat = 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat';
  const { definition, ...made } = partition(Location, CreateTime, {});
  return { ...made, definition: { ...definition, StorageDescriptor: { Location, InputFormat } } };
}
const snapshot = (snapshotId: string) => ({ from: 'snapshot' as const, snapshotId, takenAt: 'then' });
const sawIt = (side: string, { definition, provenance }: Partition): SeenKnowledge => ({
  ...{ known: true, definition, evidence: [snapshot(side)] },
  CreateTime: provenance.CreateTime,
});
const sawNone = (side: string): SeenKnowledge => ({ known: true, evidence: [snapshot(side)] });
const UNKNOWN: SeenKnowledge = { known: false, reason: 'no snapshot' };

function statesOf(evidence: Partial<PartitionEvidence>, partitions?: Record<string, string>) {
  const known = { before: UNKNOWN, after: UNKNOWN, current: undefined };
  const doubts = { before: undefined, after: undefined };
  return partitionStates({ TableName: 't', doubts, ...known, ...evidence }, [crawl(partitions)]);
}
const definitionOf = ({ definition }: Partition) => ({ known: true, definition });

describe('a partition that is there', () => {
  it('and was made during the crawl goes; not when somebody else made it then', () => {
    const made = partition('new', DURING);
    const goes = statesOf({ current: made });
    expect(goes).toMatchObject({ base: definitionOf(made), wanted: { known: true } });
    expect(goes?.wanted).not.toHaveProperty('definition');
    const byHand = partition('new', DURING, {});
    expect(statesOf({ current: byHand })).toBeUndefined();
    expect(statesOf({ current: byHand }, { ADD: leaf })).toBeUndefined();
    expect(statesOf({ current: partition('new', AFTER) })).toBeUndefined();
    expect(statesOf({ current: partition('new', BEFORE) })).toBeUndefined();
  });

  it('and was there before is not the crawl’s, though it was made anew during it', () => {
    const [was, now] = [partition('old'), partition('new', DURING)];
    const states = statesOf({ current: now, before: sawIt('before', was), after: sawIt('after', now) });
    expect(states).toMatchObject({ base: definitionOf(now), wanted: definitionOf(was) });
  });

  it('is as the crawl left it by the snapshot from after it, not by what it is now', () => {
    const [left, edited] = [partition('new', DURING), partition('ours', DURING)];
    const states = statesOf({ current: edited, after: sawIt('after', left) });
    expect(states?.base).toMatchObject(definitionOf(left));
    expect(statesOf({ current: edited })?.base).toMatchObject(definitionOf(edited));
  });

  it('and that a redo has made again is the crawl’s all the same', () => {
    const again = partition('new', AFTER);
    expect(statesOf({ current: again, after: sawIt('after', partition('new', DURING)) })).toBeDefined();
  });

  it('and that the crawl changed becomes what it was', () => {
    const [was, left] = [partition('old'), partition('new')];
    const known = { before: sawIt('before', was), after: sawIt('after', left) };
    expect(statesOf({ current: left, ...known })).toMatchObject({
      base: definitionOf(left),
      wanted: definitionOf(was),
    });
    expect(statesOf({ current: left, ...known, after: sawIt('after', was) })).toBeUndefined();
    expect(statesOf({ current: left, ...known, after: sawNone('after') })).toBeUndefined();
    const byHand = sawIt('after', partition('new', BEFORE, {}));
    expect(statesOf({ current: left, ...known, after: byHand })).toBeUndefined();
  });

  it('of Delta manifests has no counts: the history tells that the crawl made or changed it', () => {
    const made = manifest('new', DURING);
    expect(statesOf({ current: made }, { ADD: leaf })).toMatchObject({ base: definitionOf(made) });
    expect(statesOf({ current: made }, { UPDATE: leaf })).toBeUndefined();
    const [was, left] = [manifest('old'), manifest('new')];
    const known = { current: left, before: sawIt('before', was), after: sawIt('after', left) };
    expect(statesOf(known, { UPDATE: leaf })).toMatchObject({
      base: definitionOf(left),
      wanted: definitionOf(was),
    });
    expect(statesOf(known, { ADD: leaf })).toBeUndefined();
  });

  it('and changed, nobody knows when, is left with the reason', () => {
    const current = partition('new');
    const before = sawIt('before', partition('old'));
    const reason = expect.stringContaining('no snapshot from after it shows by whom') as unknown;
    const left = { base: { known: false, reason } };
    expect(statesOf({ current, before })).toMatchObject(left);
    expect(statesOf({ current, before }, { UPDATE: leaf })).toMatchObject(left);
    expect(statesOf({ current, before }, {})).toBeUndefined();
    expect(statesOf({ current, before: sawIt('before', current) })).toBeUndefined();
  });

  it.each(['before', 'after'] as const)('is left where what was seen %s the crawl is in doubt', (side) => {
    const [was, left] = [partition('old'), partition('new')];
    const known = { before: sawIt('before', was), after: sawIt('after', left) };
    const doubts = { before: undefined, after: undefined, [side]: 'another crawl wrote' };
    const states = statesOf({ current: left, ...known, doubts });
    const unknown = { known: false, reason: 'another crawl wrote' };
    expect(states).toMatchObject(side === 'before' ? { wanted: unknown } : { base: unknown });
  });
});

describe('a partition that is gone', () => {
  const was = partition('old');
  const before = sawIt('before', was);
  const wanted = definitionOf(was);

  it('comes back where the crawl’s history or the snapshot from after it tells that it went', () => {
    const base = { known: true, evidence: [{ from: 'crawl-changes', crawlId: 'c1' }] };
    expect(statesOf({ before }, { DELETE: leaf })).toMatchObject({ base, wanted });
    expect(statesOf({ before, after: sawNone('after') })).toMatchObject({
      base: { known: true, evidence: [snapshot('after')] },
      wanted,
    });
  });

  it.each<[string, Partial<PartitionEvidence>, Record<string, string> | undefined]>([
    ['nothing tells of it', {}, undefined],
    ['the history says that it did not', {}, {}],
    ['it was still there after the crawl', { after: sawIt('after', was) }, { DELETE: leaf }],
    ['the history says nothing, and it was still there', { after: sawIt('after', was) }, undefined],
  ])('stays gone where %s', (_, evidence, told) => {
    const reason = 'it is gone, and nothing shows that the crawl deleted it';
    expect(statesOf({ before, ...evidence }, told)).toMatchObject({ base: { known: false, reason } });
  });

  it('is nobody’s business where it was not there before, or nobody knows', () => {
    expect(statesOf({ before: sawNone('before'), after: sawNone('after') })).toBeUndefined();
    expect(statesOf({ after: sawNone('after') }, { DELETE: leaf })).toBeUndefined();
  });

  it.each(['before', 'after'] as const)('stays gone where what was seen %s the crawl is in doubt', (side) => {
    const doubts = { before: undefined, after: undefined, [side]: 'another crawl wrote' };
    const states = statesOf({ before, after: sawNone('after'), doubts });
    const unknown = { known: false, reason: 'another crawl wrote' };
    expect(states).toMatchObject(side === 'before' ? { wanted: unknown } : { base: unknown });
  });
});

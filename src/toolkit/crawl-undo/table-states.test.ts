// What is undone of a table, by its versions and by what snapshots saw of it.
import { describe, expect, it } from 'vitest';
import type { ObjectOf } from '../../change/index.js';
import { parseSummary, type Crawl } from './crawl.js';
import { doubtAbout, type SeenKnowledge } from './object-knowledge.js';
import { isReachedBack, tableStates, type TableEvidence } from './table-states.js';

type Table = ObjectOf<'table'>;

const at = (time: string) => new Date(`2024-05-01T${time}Z`);
const MADE = at('08:00:00');

const crawl = (members: Partial<Crawl> = {}): Crawl => ({
  ...{ crawlId: 'c1', crawlerName: 'lake', state: 'COMPLETED', summary: undefined },
  ...{ start: at('10:00:00'), end: at('10:00:09') },
  ...members,
});

/** A version of a table that a crawler wrote; `own` are parameters beside its mark. */
function version(number: number, updated: string, own: Record<string, string> = {}, created = MADE): Table {
  return {
    key: { kind: 'table', DatabaseName: 'lake', TableName: 't' },
    definition: { Name: 't', Parameters: { UPDATED_BY_CRAWLER: 'lake', CRAWL_RUN_ID: 'c1', ...own } },
    provenance: { VersionId: String(number), CreateTime: created, UpdateTime: at(updated) },
  };
}
const snapshot = (snapshotId: string) => ({ from: 'snapshot' as const, snapshotId, takenAt: 'then' });
const sawIt = (side: string, { definition, provenance }: Table): SeenKnowledge => ({
  ...{ known: true, definition, evidence: [snapshot(side)] },
  CreateTime: provenance.CreateTime,
});
const sawNone = (side: string): SeenKnowledge => ({ known: true, evidence: [snapshot(side)] });
const UNKNOWN: SeenKnowledge = { known: false, reason: 'no snapshot' };
const NO_DOUBTS = { before: undefined, after: undefined };

const statesOf = (evidence: Partial<TableEvidence>, crawls = [crawl()]) =>
  tableStates(
    {
      TableName: 't',
      current: evidence.versions?.[0],
      versions: [],
      before: UNKNOWN,
      after: UNKNOWN,
      doubts: NO_DOUBTS,
      ...evidence,
    },
    crawls,
  );
const definitionOf = ({ definition }: Table) => ({ known: true, definition });

describe('a table with the crawl’s version', () => {
  const was = version(3, '09:00:00', { CRAWL_RUN_ID: 'c0' });
  const left = version(4, '10:00:05', { column: 'new' });

  it('becomes the version before it', () => {
    expect(statesOf({ versions: [left, was] })).toMatchObject({
      base: definitionOf(left),
      wanted: definitionOf(was),
    });
  });

  it('was left as its last touch left it, up to somebody else’s first edit', () => {
    const counted = version(5, '10:00:06', { column: 'new', recordCount: '2' });
    const edited = version(6, '10:00:07', { column: 'ours', recordCount: '2' });
    const again = version(7, '10:00:08', { column: 'new', recordCount: '2' });
    expect(statesOf({ versions: [counted, left, was] })?.base).toMatchObject(definitionOf(counted));
    expect(statesOf({ versions: [edited, counted, left, was] })?.base).toMatchObject(definitionOf(counted));
    expect(statesOf({ versions: [again, edited, counted, left, was] })?.base).toMatchObject(
      definitionOf(counted),
    );
  });

  it('of several crawls is as the last of them left it, where nobody wrote in between', () => {
    const second = crawl({ crawlId: 'c2', start: at('11:00:00'), end: at('11:00:09') });
    const ofSecond = version(5, '11:00:05', { CRAWL_RUN_ID: 'c2', column: 'newer' });
    const both = [crawl(), second];
    expect(statesOf({ versions: [ofSecond, left, was] }, both)).toMatchObject({
      base: definitionOf(ofSecond),
      wanted: definitionOf(was),
    });
    const edited = version(5, '10:30:00', { column: 'ours' });
    const later = version(6, '11:00:05', { CRAWL_RUN_ID: 'c2', column: 'newer' });
    expect(statesOf({ versions: [later, edited, left, was] }, both)?.base).toMatchObject(definitionOf(left));
  });

  it('written then by another crawler, or by a crawl with another id, is not its work', () => {
    expect(
      statesOf({ versions: [version(4, '10:00:05', { UPDATED_BY_CRAWLER: 'other' }), was] }),
    ).toBeUndefined();
    expect(statesOf({ versions: [version(4, '10:00:05', { CRAWL_RUN_ID: 'c9' }), was] })).toBeUndefined();
    expect(statesOf({ versions: [version(4, '11:00:00'), was] })).toBeUndefined();
  });

  it('whose version from before is not kept is as a snapshot saw just that version, else not known', () => {
    const older = version(2, '07:00:00', { CRAWL_RUN_ID: 'c0' });
    const before = sawIt('before', was);
    expect(statesOf({ versions: [left, older], before, beforeVersionId: '3' })?.wanted).toMatchObject(
      definitionOf(was),
    );
    const reason = expect.stringContaining('its version before the crawl, 3, is not kept') as unknown;
    for (const one of [{ before, beforeVersionId: '2' }, { before }, {}]) {
      expect(statesOf({ versions: [left, older], ...one })?.wanted).toMatchObject({ known: false, reason });
    }
  });

  it('whose name a table bore that was made anew since is not as a snapshot saw that one', () => {
    const other = version(3, '07:30:00', { column: 'of another table' }, at('07:00:00'));
    expect(
      statesOf({ versions: [left], before: sawIt('before', other), beforeVersionId: '3' })?.wanted,
    ).toMatchObject({ known: false, reason: expect.stringContaining('is not kept any more') as unknown });
  });

  it('that was made during the crawl was not there; made before, its first version says nothing of that', () => {
    const made = version(0, '10:00:05', {}, at('10:00:05'));
    const wanted = statesOf({ versions: [made] })?.wanted;
    expect(wanted).toMatchObject({ known: true, evidence: [{ from: 'creation-time' }] });
    expect(wanted).not.toHaveProperty('definition');
    const elsewhere = version(7, '10:00:05', {}, at('10:00:05'));
    expect(statesOf({ versions: [elsewhere] })?.wanted).toMatchObject({ known: true });
    expect(statesOf({ versions: [version(0, '10:00:05')] })?.wanted).toMatchObject({
      known: false,
      reason: expect.stringContaining('it was not made during the crawl') as unknown,
    });
  });

  it('that was made anew during the crawl becomes what a snapshot saw before', () => {
    const made = version(0, '10:00:05', {}, at('10:00:05'));
    expect(statesOf({ versions: [made], before: sawIt('before', was) })?.wanted).toMatchObject(
      definitionOf(was),
    );
  });
});

describe('a table without the crawl’s version', () => {
  const was = version(3, '09:00:00', { column: 'old' });
  const left = version(4, '10:00:05', { column: 'new' });
  const current = version(6, '12:00:00', { column: 'new' });
  const known = { current, versions: [current], before: sawIt('before', was), after: sawIt('after', left) };

  it('is known by snapshots from both sides', () => {
    expect(statesOf(known)).toMatchObject({ base: definitionOf(left), wanted: definitionOf(was) });
  });

  it.each<[string, Partial<TableEvidence>]>([
    ['there is none from after', { after: UNKNOWN }],
    ['it was not there after', { after: sawNone('after') }],
    [
      'the one from after is of another crawl',
      { after: sawIt('after', version(4, '10:00:05', { CRAWL_RUN_ID: 'c9' })) },
    ],
    ['nothing changed between them', { before: sawIt('before', left) }],
    ['it was there, and nobody knows as what', { before: UNKNOWN }],
  ])('is left alone where %s', (_, evidence) => {
    expect(statesOf({ ...known, ...evidence })).toBeUndefined();
  });

  it('was not there before, if it was made during the crawl', () => {
    const made = version(0, '10:00:05', {}, at('10:00:05'));
    const states = statesOf({ ...known, before: sawNone('before'), after: sawIt('after', made) });
    expect(states).toMatchObject({ base: definitionOf(made), wanted: { known: true } });
    expect(states?.wanted).not.toHaveProperty('definition');
  });

  it.each(['before', 'after'] as const)('is left where what was seen %s the crawl is in doubt', (side) => {
    const states = statesOf({ ...known, doubts: { ...NO_DOUBTS, [side]: 'another crawl wrote' } });
    const unknown = { known: false, reason: 'another crawl wrote' };
    expect(states).toMatchObject(side === 'before' ? { wanted: unknown } : { base: unknown });
  });
});

describe('a table that is gone', () => {
  const was = version(3, '09:00:00');
  const before = sawIt('before', was);
  const told = (names: string[]) =>
    crawl({
      summary: parseSummary(JSON.stringify({ TABLE: { DELETE: JSON.stringify({ Details: { names } }) } })),
    });
  const doubts = { before: undefined, after: 'another crawl wrote' };

  it('comes back where the history or the snapshot from after tells that the crawl deleted it', () => {
    expect(statesOf({ before }, [told(['t'])])).toMatchObject({
      base: { known: true, evidence: [{ from: 'crawl-changes' }] },
      wanted: definitionOf(was),
    });
    expect(statesOf({ before, after: sawNone('after') })).toMatchObject({
      base: { known: true, evidence: [snapshot('after')] },
      wanted: definitionOf(was),
    });
  });

  it('stays gone where nothing tells it, or the history says that it did not', () => {
    const base = { known: false, reason: 'it is gone, and nothing shows that the crawl deleted it' };
    expect(statesOf({ before })).toMatchObject({ base });
    expect(statesOf({ before, after: sawIt('after', was) })).toMatchObject({ base });
    expect(statesOf({ before, after: sawNone('after') }, [told([])])).toMatchObject({ base });
  });

  it('stays gone where another crawl may have deleted or written it', () => {
    const unknown = { known: false, reason: 'another crawl wrote' };
    expect(statesOf({ before, after: sawNone('after'), doubts })).toMatchObject({ base: unknown });
    expect(statesOf({ before, doubts }, [told(['t'])])).toMatchObject({ base: { known: true } });
    const ofBefore = { before: 'another crawl wrote', after: undefined };
    expect(statesOf({ before, doubts: ofBefore }, [told(['t'])])).toMatchObject({ wanted: unknown });
  });

  it('stays gone where it is not known from before, which is said when the history tells that the crawl deleted it', () => {
    const wanted = { known: false, reason: 'no snapshot' };
    expect(statesOf({ after: sawNone('after') }, [told(['t'])])).toMatchObject({ wanted });
    expect(statesOf({ after: sawNone('after') }, [told([])])).toBeUndefined();
    expect(statesOf({ after: sawNone('after') })).toBeUndefined();
  });

  it('is nobody’s business where another crawler’s, or not there before', () => {
    const others = sawIt('before', version(3, '09:00:00', { UPDATED_BY_CRAWLER: 'other' }));
    expect(statesOf({ before: others }, [told(['t'])])).toBeUndefined();
    expect(statesOf({ before: sawNone('before') }, [told(['t'])])).toBeUndefined();
  });
});

it('versions reach back far enough once one is from before all crawls', () => {
  const reached = (...versions: Table[]) =>
    isReachedBack(versions, [crawl(), crawl({ start: at('11:00:00') })]);
  expect(reached(version(4, '10:00:05'), version(3, '09:59:59'))).toBe(true);
  expect(reached(version(4, '10:00:05'), version(3, '10:00:00'))).toBe(false);
  expect(reached()).toBe(false);
});

describe('what a snapshot saw is in doubt', () => {
  const view = (from: string, until: string) => ({ seenFrom: at(from), seenUntil: at(until) });
  const BEFORE = view('09:00:00', '09:01:00');
  const AFTER = view('11:00:00', '11:01:00');
  const other = (start: string, end: string | undefined, summary?: Crawl['summary']) =>
    crawl({ crawlId: 'other', start: at(start), end: end === undefined ? undefined : at(end), summary });
  const SILENT = undefined;
  const elsewhere = parseSummary('{}');

  it.each([
    ['before', BEFORE, other('09:30:00', '09:40:00'), true],
    ['before', BEFORE, other('08:50:00', '09:00:30'), true],
    ['before', BEFORE, other('08:50:00', undefined), true],
    ['before', BEFORE, other('08:00:00', '08:10:00'), false],
    ['before', BEFORE, other('10:30:00', '10:40:00'), false],
    ['before', BEFORE, other('09:30:00', '09:40:00', elsewhere), false],
    ['after', AFTER, other('10:30:00', '10:40:00'), true],
    ['after', AFTER, other('11:00:30', '11:40:00'), true],
    ['after', AFTER, other('11:01:00', '11:40:00'), false],
    ['after', AFTER, other('09:30:00', '09:40:00'), false],
    ['after', AFTER, other('10:30:00', '10:40:00', elsewhere), false],
    ['before', SILENT, other('09:30:00', '09:40:00'), false],
  ] as const)('%s the crawl: case %#', (side, seen, another, isInDoubt) => {
    const doubt = doubtAbout(seen, side, 't', { crawls: [crawl()], others: [another] });
    expect(doubt !== undefined).toBe(isInDoubt);
  });
});

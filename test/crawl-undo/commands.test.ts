// crawl undo and redo as they are typed: what is refused before anything is done, and what is checked again before it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  applyPlan,
  buildPlan,
  openDocumentStore,
  parsePlan,
  planText,
  readObjects,
} from '../../src/change/index.js';
import { readSnapshot } from '../../src/change/snapshot/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { runCommand, runCommandInto } from '../in-process-command.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
let common: string[];

const part = (day: string) => ({ [`orders/day=${day}/part.csv`]: csv('id,amount', '1,10.5', '2,11.5') });

/** How far two crawls of the fixture move AWS's clock. */
const CRAWLS_MS = 40_000;

/**
 * Two crawls: the second makes partition 2.
 * @param aheadMs how far AWS's clock is ahead after them
 */
async function open(aheadMs = CRAWLS_MS) {
  lake = await openUndoFixture({ aheadMs: aheadMs - CRAWLS_MS });
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  lake.put(part('1'));
  await lake.crawlLater();
  lake.put(part('2'));
  await lake.crawlLater();
  const { endpoint } = await lake.aws.listen({ port: 0 });
  common = ['--endpoint-url', endpoint];
}
const close = () => lake.close();

/** A crawl that is under way until the test ends. */
async function startCrawl() {
  const release = lake.holdCrawls();
  await lake.glue.startCrawler({ Name: CRAWLER });
  let isOver = false;
  const end = async () => {
    if (isOver) return;
    isOver = true;
    release();
    await lake.ready();
  };
  onTestFinished(end);
  return end;
}

const place = () => join(lake.folder, 'store');
const undo = (...args: string[]) => runCommand(...common, 'crawl', 'undo', ...args);
const redo = (...args: string[]) => runCommand(...common, 'crawl', 'redo', ...args);
const undoHere = (...args: string[]) => undo(CRAWLER, '--store', place(), ...args);
const redoHere = (...args: string[]) => redo('--store', place(), ...args);
const planFile = () => join(lake.folder, 'plan.json');
const journalOf = ({ outcome }: Awaited<ReturnType<typeof runCommand>>) =>
  (outcome.result as { report: { journalId: string } }).report.journalId;
const days = async () => (await lake.partitions('orders')).map(({ Values }) => Values?.[0]).sort();

describe('with two crawls behind it', () => {
  beforeAll(() => open());
  afterAll(close);

  it.each<[string, string[], string]>([
    ['a limit of deletions that is none', [CRAWLER, '--max-deletes', '5x'], '"5x" limits no deletions'],
    ['a pattern that is none', [CRAWLER, '--protect', '['], '"[" names no tables: it is no pattern'],
    ['an empty pattern', [CRAWLER, '--except', ''], '"" names no tables: it is no pattern'],
    [
      'a database that is not there',
      [CRAWLER, '--database', 'laek'],
      'There is no database laek in this account and region. Did you mean lake?',
    ],
    ['two crawlers', [CRAWLER, '-c', 'other'], 'Which crawler, crawler or other? Name one.'],
    [
      'two databases',
      [CRAWLER, '--database', 'lake', '-d', 'other'],
      '-d, --database-name is the same as --database: give one of them',
    ],
    ['two places', [CRAWLER, '--store', 'x', '-b', 'y'], '-b, --backup-location is the same as --store'],
    ['two times', [CRAWLER, '--since', 'now-1h', '-t', 'now-2h'], '-t, --timestamp is the same as --since'],
    ['a time and a crawl', [CRAWLER, '--crawl', 'x', '-t', 'now-2h'], 'cannot be used with'],
    ['what is to be planned of a plan', [CRAWLER, '--plan', 'x', '--since', 'now-1h'], 'cannot be used with'],
    ['what is to be planned of a journal', [CRAWLER, '--resume', 'x', '--crawl', 'y'], 'cannot be used with'],
    ['a journal that is not there', [CRAWLER, '--resume', 'x'], 'There is no journal x in'],
  ])('refuses %s', async (_, args, message) => {
    await expect(undo(...args)).rejects.toThrow(message);
    expect(await days()).toEqual(['1', '2']);
  });

  it.each(['--since', '-t'])('refuses a %s that is none before it connects', async (flag) => {
    const nowhere = ['--endpoint-url', 'http://nowhere.invalid', 'crawl', 'undo', CRAWLER];
    await expect(runCommand(...nowhere, flag, 'yesterday')).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('"yesterday" is no instant.') as unknown,
    });
  });

  it.each([
    ['-c', '--crawler', '-c, --crawler-name is the same as --crawler: give one of them'],
    ['-d', '--database', '-d, --database-name is the same as --database: give one of them'],
  ])('refuses %s beside %s of a redo', async (former, own, message) => {
    await expect(redo(former, 'one', own, 'one')).rejects.toThrow(message);
  });

  it('refuses a time for a redo, which has no use for it', async () => {
    await expect(redo('-t', 'now-1h')).rejects.toThrow("unknown option '-t'");
  });

  it('refuses a file for the plan that is there already, or cannot be', async () => {
    writeFileSync(planFile(), 'mine');
    await expect(undoHere('--out', planFile())).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`There is a file ${planFile()} already`) as unknown,
    });
    expect(readFileSync(planFile(), 'utf8')).toBe('mine');
    await expect(undoHere('--out', join(planFile(), 'x'))).rejects.toMatchObject({ kind: 'usage' });
  });

  it('takes -r for the region, as in AWS’s sample scripts', async () => {
    const flags = [
      '-c',
      CRAWLER,
      '-d',
      DATABASE,
      '-t',
      'now-1h',
      '-b',
      place(),
      '-r',
      'us-east-1',
      '--dry-run',
    ];
    const ran = await undo(...flags);
    expect(ran.region).toBe('us-east-1');
    expect(ran.text).toContain('- partition lake.orders [2]');
    await expect(runCommand('--region', 'eu-west-1', ...common, 'crawl', 'undo', ...flags)).rejects.toThrow(
      '-r is the same as --region',
    );
  });

  it('says in a dry run by which limits the plan would be refused', async () => {
    const { text, outcome } = await undoHere('--dry-run', '--max-deletes', '0', '--detailed-exitcode');
    expect(text).toContain(
      'warning: It would be refused: The plan deletes 1 objects, and at most 0 are allowed.',
    );
    expect(outcome.exitCode).toBe(2);
    expect((await undoHere('--dry-run', '--max-deletes', '1')).text).not.toContain('refused');
  });
});

it('says of a plan that is refused that it would be, and not what it takes away for good', async () => {
  await open();
  onTestFinished(close);
  lake.put(part('3'));
  await lake.crawlLater();
  const words = ['--since', 'now-1d', '--dry-run'];
  const lost = 'Not to be brought back: 1 table is deleted';
  expect((await undoHere(...words)).text).toContain(lost);
  const limited = await undoHere(...words, '--max-changes', '0');
  expect(limited.text).toContain('It would be refused: The plan has');
  expect(limited.text).not.toContain('Not to be brought back');

  await lake.edit('orders', (input) => (input.Description = 'ours'));
  const refused = 'object was changed since. Keep them with --on-conflict keep-current';
  const dry = await undoHere(...words);
  expect(dry.text).toContain(`warning: It would be refused: 1 ${refused}`);
  expect(dry.text).not.toContain('Not to be brought back');
  expect(dry.outcome.result).toMatchObject({ counts: { conflict: 1 }, notRestored: [] });
  const lines: string[] = [];
  const undone = runCommandInto(
    lines,
    ...common,
    'crawl',
    'undo',
    CRAWLER,
    '--store',
    place(),
    '--since',
    'now-1d',
    '--yes',
  );
  await expect(undone).rejects.toThrow(`Nothing was done: 1 ${refused}`);
  expect(lines.join('\n')).toContain('! table lake.orders');
  expect(lines.join('\n')).not.toContain('Not to be brought back');
});

describe('a saved plan', () => {
  beforeEach(() => open());
  beforeEach(() => undoHere('--out', planFile()));
  afterEach(close);

  it('is shown, and told stale, without being carried out', async () => {
    const shown = await undoHere('--plan', planFile(), '--dry-run');
    expect(shown.text).toContain('- partition lake.orders [2]');
    expect(await days()).toEqual(['1', '2']);
    await lake.edit('orders', (input) => (input.Description = 'ours'));
    await expect(undoHere('--plan', planFile(), '--dry-run')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is refused while a crawler is at work, also one that began after it was made', async () => {
    const end = await startCrawl();
    await expect(undoHere('--plan', planFile(), '--yes')).rejects.toMatchObject({
      kind: 'guard-refused',
      message: expect.stringContaining('crawler is crawling into lake') as unknown,
    });
    expect(await days()).toEqual(['1', '2']);
    await end();
    await undoHere('--plan', planFile(), '--yes');
    expect(await days()).toEqual(['1']);
  });

  it('is refused when it is of another crawler, of another kind, or of another account', async () => {
    await expect(undo('other', '--plan', planFile(), '--yes')).rejects.toThrow(
      `The plan ${planFile()} is of crawler crawler, not of other.`,
    );
    const restore = (...args: string[]) => runCommand(...common, 'catalog', 'snapshot', 'restore', ...args);
    await expect(restore('--store', place(), '--plan', planFile(), '--yes')).rejects.toThrow(
      'is of a crawl-undo, and this command does snapshot-restore',
    );
    const elsewhere = { ...parsePlan(readFileSync(planFile(), 'utf8')), region: 'eu-west-1' };
    writeFileSync(planFile(), planText(buildPlan(elsewhere)));
    await expect(undoHere('--plan', planFile(), '--yes')).rejects.toThrow(
      'The plan is of account 123456789012 in eu-west-1, and this is account 123456789012 in us-east-1',
    );
    expect(await days()).toEqual(['1', '2']);
    expect(existsSync(join(place(), 'journals'))).toBe(false);
  });
});

describe('a journal', () => {
  beforeEach(() => open());
  afterEach(close);

  it('is resumed and rolled back only while no crawler is at work, and says how far it is', async () => {
    const journalId = journalOf(await undoHere('--yes'));
    const end = await startCrawl();
    for (const flag of ['--resume', '--rollback']) {
      await expect(undoHere(flag, journalId, '--yes')).rejects.toMatchObject({ kind: 'guard-refused' });
    }
    await end();
    await expect(undo('other', '--store', place(), '--resume', journalId, '--yes')).rejects.toThrow(
      `Journal ${journalId} is of crawler crawler, not of other.`,
    );
  });

  it('that was rolled back is not taken back again: the one before it is', async () => {
    const first = journalOf(await undoHere('--yes'));
    const second = journalOf(await redoHere('--yes'));
    const rolledBack = await undoHere('--rollback', second, '--yes');
    expect(rolledBack.text).toContain('2 of 2 changes are written down as made');
    expect(await days()).toEqual(['1']);
    const { text } = await redoHere('--dry-run');
    expect(text).toContain(`inverseOf: ${first}`);
    expect(text).toContain('+ partition lake.orders [2]');
  });

  it('of two that carry out the same, the one that changed something is taken back', async () => {
    const plan = await lake.plan({ since: new Date(0) });
    const first = journalOf(await undoHere('--since', 'now-1d', '--yes'));
    lake.later();
    const { applied } = await applyPlan(lake.scope, plan, {
      journal: openDocumentStore(place(), lake.clients),
      clock: lake.clock,
      onConflict: 'force',
    });
    expect(applied).toBe(0);
    const { text } = await redoHere('--yes');
    expect(text).toContain(`inverseOf: ${first}`);
    expect(await days()).toEqual(['1', '2']);
  });

  it('is refused while another one is at work, which alone has all that was changed in its journal', async () => {
    let refused: unknown;
    const { journalId = '' } = await applyPlan(lake.scope, await lake.plan(), {
      journal: openDocumentStore(place(), lake.clients),
      clock: lake.clock,
      async firstLook(...look) {
        await readObjects(...look);
        refused = await undoHere('--yes').catch((error: unknown) => error);
      },
    });
    expect(refused).toMatchObject({
      kind: 'guard-refused',
      message: expect.stringMatching(
        /^Nothing was done: lake is being changed .*crawl-undo with journal/,
      ) as unknown,
    });
    expect(await days()).toEqual(['1']);
    const { text } = await redoHere('--yes');
    expect(text).toContain(`inverseOf: ${journalId}`);
    expect(await days()).toEqual(['1', '2']);
  });

  it('of another crawler or database is not taken for the one that is named', async () => {
    const journalId = journalOf(await undoHere('--yes'));
    await expect(redoHere('-c', 'other', '--yes')).rejects.toThrow('No crawl of other has been undone with');
    await expect(redoHere(journalId, '-d', 'elsewhere', '--yes')).rejects.toThrow(
      `Journal ${journalId} is of crawler crawler and database lake, which are not those that were named.`,
    );
    await expect(redoHere('--crawler', 'other', '--yes')).rejects.toThrow(
      'No crawl of other has been undone',
    );
    await expect(redoHere('--database', 'elsewhere', '--yes')).rejects.toThrow(
      'No crawl into elsewhere has been undone with',
    );
    expect(await days()).toEqual(['1']);
    await redoHere('--crawler', CRAWLER, '--database', DATABASE, '--yes');
    expect(await days()).toEqual(['1', '2']);
    await redoHere('-c', CRAWLER, '-d', DATABASE, '--yes');
    expect(await days()).toEqual(['1']);
  });
});

it('says of each crawl, undo, redo and restore how it is taken back, in the store that it went by', async () => {
  await open();
  onTestFinished(close);
  const typed = (line: string, ran: { text: string }) => {
    const [, words = ''] = new RegExp(`${line}: gluepot (.*)`).exec(ran.text) ?? [];
    expect(words.split(' ')).toEqual(expect.arrayContaining(['--store', place(), ...common]));
    return runCommand(...words.split(' '), '--yes');
  };
  lake.put(part('3'));
  lake.later();
  const crawled = await runCommand(...common, 'crawl', 'run', CRAWLER, '--store', place());
  lake.later();
  const undone = await typed('To take it back', crawled);
  expect(await days()).toEqual(['1', '2']);
  const redone = await typed('To take it back', undone);
  expect(await days()).toEqual(['1', '2', '3']);
  await typed('To take it back', redone);
  expect(await days()).toEqual(['1', '2']);

  const snapshot = (...args: string[]) =>
    runCommand(...common, 'catalog', 'snapshot', ...args, '--store', place());
  lake.later();
  const { outcome } = await snapshot('create');
  lake.later();
  await lake.glue.deletePartition({ DatabaseName: DATABASE, TableName: 'orders', PartitionValues: ['1'] });
  await snapshot('create');
  lake.later();
  const restored = await snapshot('restore', (outcome.result as { id: string }).id, '--yes');
  expect(await days()).toEqual(['1', '2']);
  lake.later();
  await typed('to undo this', restored);
  expect(await days()).toEqual(['2']);
});

it.each([-700, 400, 1500])(
  'of a crawl run the snapshots lie on either side, with a clock that AWS is %i ms ahead of',
  async (aheadMs) => {
    await open(aheadMs);
    onTestFinished(close);
    const { outcome } = await runCommand(...common, 'crawl', 'run', CRAWLER, '--store', place());
    const { start, end, snapshots } = outcome.result as {
      start: Date;
      end: Date;
      snapshots: { before: string; after: string };
    };
    const store = openDocumentStore(place(), lake.clients);
    const [before, after] = [
      await readSnapshot(store, snapshots.before),
      await readSnapshot(store, snapshots.after),
    ];
    expect(Date.parse(before.manifest.takenAt)).toBeLessThanOrEqual(start.getTime());
    expect(Date.parse(after.manifest.startedAt)).toBeGreaterThanOrEqual(end.getTime());
  },
);

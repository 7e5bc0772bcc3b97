// Undo and redo of some tables: what is left out stays as it is, and can be taken back later.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectsLookedAt, resumeApply, rollBackApply, type Plan } from '../../src/change/index.js';
import { applyUndo, findLastUndo, type TablesAsked } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { runCommand } from '../in-process-command.js';
import { CRAWLER, csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

const FOLDERS = ['gold', 'old', 'orders', 'strays'];
const day = (folder: string, name: string, header = 'id,amount,city', row = '1,10.5,Oslo') => ({
  [`${folder}/day=${name}/part.csv`]: csv(header, row, row),
});

let lake: UndoFixture;
let before: Record<string, string>;
let after: Record<string, string>;

/** The second crawl widens orders, makes a day of it and of gold, and makes strays. */
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({
    Targets: { S3Targets: FOLDERS.map((folder) => ({ Path: `s3://bucket/${folder}/` })) },
  });
  lake.put({ ...day('gold', '1'), ...day('old', '1'), ...day('orders', '1'), 'strays/keep.txt': '' });
  await lake.crawlLater();
  await lake.snapshot();
  before = await lake.content();
  lake.put({ ...day('gold', '2'), ...day('orders', '2', 'id,amount,city,zip', '1,10.5,Oslo,0150') });
  lake.put({ 'strays/part.csv': csv('id,note', '1,what', '2,is this') });
  await lake.crawlLater();
  await lake.snapshot();
  after = await lake.content();
});
afterEach(() => lake.close());

/** Those tables as they were before the crawl, all others as after it. */
const undone = (...names: string[]) => {
  const isUndone = ([key]: [string, string]) => names.includes((JSON.parse(key) as string[])[2] ?? '');
  return Object.fromEntries([
    ...Object.entries(before).filter(isUndone),
    ...Object.entries(after).filter((one) => !isUndone(one)),
  ]);
};
const tablesOf = ({ changes }: Plan) =>
  [...new Set(changes.map(({ key }) => ('TableName' in key ? key.TableName : '')))].sort();
const saidOf = ({ subject: { resolved } }: Plan) =>
  ['tables', 'except', 'tablesLeftOut'].map((name) => resolved[name]);

describe('an undo', () => {
  it.each<[asked: TablesAsked, tables: string[], said: (string | undefined)[]]>([
    [{}, ['gold', 'orders', 'strays'], [undefined, undefined, undefined]],
    [{ tables: ['ORDERS'] }, ['orders'], ['ORDERS', undefined, '3']],
    [{ tables: ['go*', 'orders'] }, ['gold', 'orders'], ['go*, orders', undefined, '2']],
    [{ except: ['Gold'] }, ['orders', 'strays'], [undefined, 'Gold', '1']],
    [{ tables: ['lake.*'], except: ['gold', 'l?ke.or*'] }, ['strays'], ['lake.*', 'gold, l?ke.or*', '2']],
    [{ tables: ['old'] }, [], ['old', undefined, '3']],
  ])('of %j is of %j, and says so', async (asked, tables, said) => {
    const whole = linesOf(await lake.plan());
    const plan = await lake.plan(asked);
    expect(tablesOf(plan)).toEqual(tables);
    expect(saidOf(plan)).toEqual(said);
    const isMeant = (line: string) => tables.some((name) => line.includes(`lake.${name}`));
    expect(linesOf(plan)).toEqual(whole.filter(isMeant));
  });

  it.each<[asked: TablesAsked, message: string]>([
    [
      { tables: ['orders', 'odrers'] },
      'There is no table odrers in database lake, now or before. Did you mean orders?',
    ],
    [
      { except: ['golden_*'] },
      'There is no table golden_* in database lake, now or before. There are gold, old, orders, strays.',
    ],
    [
      { except: ['lka.gold'] },
      'There is no table lka.gold in database lake, now or before. Did you mean lake.gold?',
    ],
    [{ tables: ['['] }, '"[" names no tables: it is no pattern. Give one like gold_* or sales.gold_*.'],
  ])('of %j is refused', async (asked, message) => {
    await expect(lake.plan(asked)).rejects.toMatchObject({ kind: 'usage', message });
  });

  it('can be of a table that is gone', async () => {
    await lake.glue.deleteTable({ DatabaseName: DATABASE, Name: 'orders' });
    expect(tablesOf(await lake.plan({ tables: ['orders'] }))).toEqual(['orders']);
    expect(tablesOf(await lake.plan({ except: ['orders'] }))).toEqual(['gold', 'strays']);
  });

  it('is a percentage of what the database has, without partitions that would have to be read', async () => {
    const countOf = async (asked?: TablesAsked) => objectsLookedAt(await lake.plan(asked));
    const whole = (await countOf()) ?? 0;
    expect(await countOf({ except: ['old'] })).toBe(whole);
    expect(await countOf({ except: ['gold'] })).toBe(whole - 2);
  });

  it('asks nothing about tables that are left out', async () => {
    const clients = lake.aws.clients();
    const { calls } = withFaults(clients.glue, {});
    await lake.plan({ tables: ['strays'] }, clients.glue);
    expect(calls).not.toContain('GetPartitions');
    await lake.plan({ tables: ['gold'] }, clients.glue);
    expect(calls).toContain('GetPartitions');
  });

  it('of which somebody says that it leaves out something else is refused', async () => {
    const plan = await lake.plan({ except: ['gold'] });
    const { subject } = plan;
    const resolved = { ...subject.resolved, except: 'strays' };
    await expect(lake.apply({ ...plan, subject: { ...subject, resolved } })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('is not what was made') as unknown,
    });
    expect(await lake.content()).toEqual(after);
  });

  it.each(['resumed', 'rolled back'])('that is cut short is %s, and what is left out stays', async (end) => {
    const clients = lake.aws.clients();
    withFaults(clients.glue, { faultOf: (name) => (name === 'UpdateTable' ? 'deny' : undefined) });
    const options = { version: 'test', signal: lake.scope.signal, clock: lake.clock };
    const plan = await lake.plan({ except: ['gold'] });
    await expect(applyUndo(clients, lake.store, plan, options)).rejects.toMatchObject({
      kind: 'partial-apply',
    });
    const { journalId } = await findLastUndo(lake.store, lake.home);
    const act = end === 'resumed' ? resumeApply : rollBackApply;
    await act(lake.scope, lake.store, journalId, { clock: lake.clock });
    expect(await lake.content()).toEqual(end === 'resumed' ? undone('orders', 'strays') : after);
  });
});

describe('a redo', () => {
  it('is of what the undo did, and may leave out some of that, which can follow', async () => {
    const { journalId } = await lake.apply(await lake.plan({ except: ['gold'] }));
    expect(await lake.content()).toEqual(undone('orders', 'strays'));
    lake.later();
    const whole = await lake.inverse();
    expect(tablesOf(whole)).toEqual(['orders', 'strays']);
    expect(saidOf(whole)).toEqual([undefined, undefined, undefined]);
    const some = await lake.inverse(journalId, { tables: ['s*'] });
    expect(saidOf(some)).toEqual(['s*', undefined, '1']);
    await lake.apply(some);
    expect(await lake.content()).toEqual(undone('orders'));
    lake.later();
    await lake.apply(await lake.inverse(journalId));
    expect(await lake.content()).toEqual(after);
  });

  it('of a table that the undo left out is refused', async () => {
    const { journalId } = await lake.apply(await lake.plan({ except: ['gold'] }));
    await expect(lake.inverse(journalId, { tables: ['gold'] })).rejects.toMatchObject({
      kind: 'usage',
      message: `There is no table gold among those that journal ${journalId} changed. There are orders, strays.`,
    });
  });
});

describe('on the command line', () => {
  let common: string[];
  beforeEach(async () => {
    const { endpoint } = await lake.aws.listen({ port: 0 });
    common = ['--endpoint-url', endpoint];
  });
  const command = (...args: string[]) => runCommand(...common, ...args, '--store', lake.folder);
  const undo = (...args: string[]) => command('crawl', 'undo', CRAWLER, ...args);

  it('a protected table is left out, as the refusal advises, and redo puts back the rest', async () => {
    await expect(undo('--protect', 'gold', '--yes')).rejects.toMatchObject({
      kind: 'guard-refused',
      message: expect.stringContaining(
        'table lake.gold (by its name). Leave them out, with --except',
      ) as unknown,
    });
    const { text } = await undo('--protect', 'gold', '--except', 'gold', '--yes');
    expect(text).toContain('except: gold\ntablesLeftOut: 1\n');
    expect(await lake.content()).toEqual(undone('orders', 'strays'));
    await command('crawl', 'redo', '--except', 'strays', '--yes');
    expect(await lake.content()).toEqual(undone('strays'));
  });

  it('a table in conflict is left out, as the refusal advises', async () => {
    await lake.edit('gold', (input) => (input.Description = 'ours'));
    const edited = await lake.content();
    await expect(undo('--yes')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('leave their tables out with --except') as unknown,
    });
    await undo('--except', 'gold', '--yes');
    const gold = JSON.stringify(['table', DATABASE, 'gold']);
    expect(await lake.content()).toEqual({ ...undone('orders', 'strays'), [gold]: edited[gold] });
  });

  it('a saved plan is of what it was made of', async () => {
    const file = join(lake.folder, 'plan.json');
    await undo('--table', 'strays', '--table', 'gold', '--out', file);
    await expect(undo('--plan', file, '--except', 'gold', '--yes')).rejects.toThrow('cannot be used with');
    await undo('--plan', file, '--yes');
    expect(await lake.content()).toEqual(undone('gold', 'strays'));
  });

  it('a restore chooses by the same words', async () => {
    const restore = (...args: string[]) => command('catalog', 'snapshot', 'restore', ...args, '--yes');
    const [, id = ''] = /^snapshotBefore: (.*)$/m.exec((await undo('--dry-run')).text) ?? [];
    await restore(id, '--table', 'lake.*', '--except', 'gold', '--except', 'orders');
    expect(await lake.content()).toEqual(undone('strays'));
    await restore(id, '--database', 'lake', '--except', 'gold');
    expect(await lake.content()).toEqual(undone('orders', 'strays'));
  });

  it.each([
    [['--table', 'odrers'], 'There is no table odrers in the snapshot or now. Did you mean orders?'],
    [['--database', 'laek'], 'There is no database laek in the snapshot or now. Did you mean lake?'],
  ])('a restore with %j is refused', async (args, message) => {
    await expect(command('catalog', 'snapshot', 'restore', 'latest', ...args, '--yes')).rejects.toMatchObject(
      { kind: 'usage', message },
    );
  });
});

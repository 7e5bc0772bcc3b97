// What others edit between one run of a journal and the next: it stays and is told of, also where it takes a change back.
import type { PartitionInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DatabaseName,
  openApplyFixture,
  partition,
  partitionKey,
  table,
  tableKey,
  type ApplyFixture,
} from '../../../test/change/apply-fixture.js';
import { applyPlan, keyLabel, resumeApply, rollBackApply } from '../index.js';
import type { ApplyReport } from './apply-report.js';

let fixture: ApplyFixture;
let journalId: string;
beforeEach(async () => {
  fixture = await openApplyFixture();
  const plan = await fixture.mixedPlan(3, 2);
  ({ journalId = '' } = await applyPlan(fixture.access, plan, {
    journal: fixture.store,
    clock: fixture.clock,
  }));
});
afterEach(() => fixture.close());

const resume = (onConflict: 'abort' | 'keep-current' | 'force') =>
  resumeApply(fixture.access, fixture.store, journalId, { onConflict, clock: fixture.clock });
const rollBack = (onConflict: 'abort' | 'keep-current' | 'force') =>
  rollBackApply(fixture.access, fixture.store, journalId, { onConflict, clock: fixture.clock });
const told = ({ conflicts, failed }: Pick<ApplyReport, 'conflicts' | 'failed'>) => ({
  conflicts: conflicts.map(({ key }) => keyLabel(key)).sort(),
  failed: failed.map(({ key }) => keyLabel(key)),
});
const dropPartition = (TableName: string, day: string) =>
  fixture.glue.deletePartition({ DatabaseName, TableName, PartitionValues: [day] });
const makePartition = (TableName: string, day: string) =>
  fixture.glue.createPartition({
    ...{ DatabaseName, TableName },
    PartitionInput: partition(day) as PartitionInput,
  });
const write = (of: ReturnType<typeof table>) => fixture.glue.updateTable({ DatabaseName, TableInput: of });

describe('what somebody else takes back', () => {
  const TAKEN_BACK = ['partition sales.made [0]', 'partition sales.updated [0]', 'table sales.updated'];
  const takeBack = async () => {
    await dropPartition('made', '0');
    await makePartition('updated', '0');
    await write(table('updated'));
  };

  it('of a finished apply stops its resume', async () => {
    await takeBack();
    const before = await fixture.catalogText();
    await expect(resume('abort')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('took it back') as string,
    });
    expect(await fixture.catalogText()).toBe(before);
  });

  it('is left to them by a resume that keeps it, and done again by one that is forced', async () => {
    const whole = await fixture.catalogText();
    await takeBack();
    const before = await fixture.catalogText();
    expect(told(await resume('keep-current'))).toEqual({ conflicts: TAKEN_BACK, failed: [] });
    expect(await fixture.catalogText()).toBe(before);
    await resume('force');
    expect(await fixture.catalogText()).toBe(whole);
  });

  it('of a rollback is left to them by the next', async () => {
    await rollBack('abort');
    await dropPartition('removed', '1');
    await makePartition('updated', 'x');
    const before = await fixture.catalogText();
    expect(told(await rollBack('keep-current'))).toEqual({
      conflicts: ['partition sales.removed [1]'],
      failed: [],
    });
    expect(await fixture.catalogText()).toBe(before);
  });
});

describe('of a table that was made anew', () => {
  it('all that is as it was to be counts as such when somebody else has changed the table', async () => {
    await write({ ...table('made'), Description: 'theirs' });
    const report = await resume('keep-current');
    expect(told(report)).toEqual({ conflicts: ['table sales.made'], failed: [] });
    expect(report.applied).toBe(0);
  });

  it('nothing more is made in one that somebody else has made in its place', async () => {
    await fixture.glue.deleteTable({ DatabaseName, Name: 'made' });
    await fixture.glue.createTable({
      DatabaseName,
      TableInput: { ...table('made'), Description: 'theirs' },
    });
    const before = await fixture.catalogText();
    expect(told(await resume('keep-current'))).toEqual({
      conflicts: [
        ...['index by_day of sales.made', 'partition sales.made [0]'],
        ...['partition sales.made [1]', 'table sales.made'],
      ],
      failed: [],
    });
    expect(await fixture.catalogText()).toBe(before);
  });

  it('nothing is made when somebody else has removed it', async () => {
    await fixture.glue.deleteTable({ DatabaseName, Name: 'made' });
    const { conflicts, failed } = told(await resume('keep-current'));
    expect(failed).toEqual([]);
    expect(conflicts).toContain('table sales.made');
    expect(await fixture.now(tableKey('made'))).toBeUndefined();
    expect(await fixture.now(partitionKey('made', '0'))).toBeUndefined();
  });
});

it.each<[string, (glue: ApplyFixture['glue']) => Promise<unknown>]>([
  ['has indexed the same keys under another name', (glue) => glue.createPartitionIndex(indexOfTheirs)],
  ['has removed the table', (glue) => glue.deleteTable({ DatabaseName, Name: 'indexed' })],
])('an index that cannot be made, for somebody else %s, is in conflict', async (_, edit) => {
  const { access, clock, glue, store, change, planOf, createTable } = fixture;
  await createTable('indexed');
  const key = { kind: 'partition-index', DatabaseName, TableName: 'indexed', IndexName: 'ours' } as const;
  const plan = await planOf(change(key, { IndexName: 'ours', Keys: ['day'] }));
  await edit(glue);
  const report = await applyPlan(access, plan, { journal: store, clock, onConflict: 'keep-current' });
  expect(told(report)).toEqual({ conflicts: ['index ours of sales.indexed'], failed: [] });
});

const indexOfTheirs = {
  ...{ DatabaseName, TableName: 'indexed' },
  PartitionIndex: { IndexName: 'theirs', Keys: ['day'] },
};

// A launch through SDK clients: once, in order, with a reason for every no; crashed anywhere; raced by others.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { undoPreparation } from '../../src/toolkit/job-launch/index.js';
import {
  batchEvent,
  JOB,
  openLaunchFixture,
  QUEUE,
  withTable,
  type LaunchFixture,
} from './launch-fixture.js';

let fixture: LaunchFixture;
const open = async (change?: (spec: string) => string) => (fixture = await openLaunchFixture(change));
afterEach(() => fixture.close());

const WRITES = /^(Put|Copy|Delete|Start|Create|Update)/;
const writes = (calls: readonly string[]) => calls.filter((name) => WRITES.test(name));

describe('a launch', () => {
  it('clears, starts the job with its arguments, and records what it did', async () => {
    const { put, keys, runs, launcher } = await open();
    await put('results/a');
    await put('results_archive/b');
    const { records, ...one } = launcher();
    const { decision, run } = await one.launch(batchEvent({ id: 'e1' }));
    expect(decision).toBe('launch');
    expect(run).toMatchObject({ eventId: 'e1', fencingToken: 1, clearedCount: 1, isBatchIgnored: false });
    expect(await keys('results')).toEqual(['results_archive/b']);
    expect(await keys('trash/')).toEqual([`trash/${run?.runKey}/lake/results/a`]);
    const [started] = await runs();
    expect(started?.Id).toBe(run?.runId);
    expect(started?.Arguments).toEqual({
      '--from': expect.stringMatching(/^\d{4}-\d\d-\d\d 00:00:00$/) as string,
      '--gluepot-run-key': run?.runKey,
      '--gluepot-fencing-token': '1',
    });
    expect(await records.records(10)).toEqual([run]);
    expect((await records.lease())?.content).toMatchObject({ phase: 'running', runId: run?.runId });
  });

  it('is not begun for the same event twice', async () => {
    const { runs, launcher } = await open();
    await launcher().launch(batchEvent({ id: 'e1' }));
    expect(await launcher().launch(batchEvent({ id: 'e1' }))).toMatchObject({
      decision: 'skip',
      reason: 'duplicate-event',
    });
    expect(await runs()).toHaveLength(1);
  });

  it('gives a growing fencing token to each run', async () => {
    const { launcher } = await open();
    const tokens: (number | undefined)[] = [];
    for (let index = 0; index < 3; index++) {
      tokens.push((await launcher().launch(batchEvent())).run?.fencingToken);
    }
    expect(tokens).toEqual([1, 2, 3]);
  });

  it('is not begun for an event from before the last run was started', async () => {
    const { clock, later, runs, launcher } = await open();
    const time = clock.now();
    later(1);
    await launcher().launch(batchEvent({ time }));
    later(1);
    expect(await launcher().launch(batchEvent({ time }))).toMatchObject({
      decision: 'wait',
      reason: 'launched-since',
    });
    expect((await launcher().launch(batchEvent({ time: clock.now() }))).decision).toBe('launch');
    expect(await runs()).toHaveLength(2);
  });

  it('is begun for a job that ended in the second in which the last run was started, but after it', async () => {
    const { clock, runs, launcher } = await open();
    await launcher().launch(batchEvent({ time: clock.now() }));
    const stoppedAt = clock.now().getTime();
    const time = new Date(Math.floor(stoppedAt / 1000) * 1000 - 1000);
    expect((await launcher().launch(batchEvent({ time, detail: { stoppedAt } }))).decision).toBe('launch');
    expect(await runs()).toHaveLength(2);
  });
});

describe('a no', () => {
  it.each([
    ['a job that has only begun', batchEvent({ status: 'RUNNING' }), 'skip', 'status-ignored'],
    ['a dependency that failed', batchEvent({ status: 'FAILED' }), 'refuse', 'dependency-failed'],
  ])('is the answer to %s, and touches nothing', async (_, event, decision, reason) => {
    const { put, keys, runs, launcher } = await open();
    await put('results/a');
    const { calls, launch } = launcher();
    expect(await launch(event)).toMatchObject({ decision, reason });
    // The claim of the event and its outcome are all that may be written.
    expect(new Set(writes(calls))).toEqual(new Set(decision === 'skip' ? [] : ['PutObject']));
    expect(await keys('results/')).toEqual(['results/a']);
    expect(await runs()).toEqual([]);
  });

  it('costs no call at all when the job of the event has not ended', async () => {
    const { launcher } = await open();
    const { calls, launch } = launcher();
    await launch(batchEvent({ status: 'RUNNABLE' }));
    expect(calls).toEqual([]);
  });

  it('is the answer while a required object is missing, and the sweep looks again', async () => {
    const { s3, put, runs, launcher } = await open();
    await s3.deleteObject({ Bucket: 'lake', Key: 'ready' });
    expect(await launcher().launch(batchEvent())).toMatchObject({
      decision: 'wait',
      reason: 'object-missing',
    });
    expect(await launcher().launch()).toMatchObject({ decision: 'wait' });
    await put('ready');
    expect(await launcher().launch()).toMatchObject({ decision: 'launch' });
    expect(await runs()).toHaveLength(1);
  });

  it('comes before anything is cleared when the runs of the day are used up', async () => {
    const { put, keys, glue, launcher } = await open((spec) => `${spec}policy: { runsPerDay: 1 }\n`);
    // A run that succeeded: those that fail do not count.
    await put('nothing/none.json', '{}');
    await glue.updateJob({
      JobName: JOB,
      JobUpdate: {
        Role: 'glue',
        GlueVersion: '4.0',
        Command: { Name: 'glueetl', ScriptLocation: 's3://lake/etl.py' },
        CodeGenConfigurationNodes: {
          in: { S3JsonSource: { Name: 'in', Paths: ['s3://lake/nothing/'] } },
          out: { S3DirectTarget: { Name: 'out', Inputs: ['in'], Path: 's3://lake/out/', Format: 'json' } },
        },
      },
    });
    await launcher().launch(batchEvent());
    await expect
      .poll(async () => (await glue.getJobRuns({ JobName: JOB })).JobRuns?.[0]?.JobRunState)
      .toBe('SUCCEEDED');
    await put('results/yesterday');
    expect(await launcher().launch(batchEvent())).toMatchObject({
      decision: 'refuse',
      reason: 'cap-reached',
    });
    expect(await keys('results/')).toEqual(['results/yesterday']);
  });

  it('is the answer to a job that may have several runs at once', async () => {
    const { glue, launcher } = await open();
    await glue.createJob({
      Name: 'many',
      Role: 'glue',
      GlueVersion: '4.0',
      Command: { Name: 'glueetl', ScriptLocation: 's3://lake/etl.py' },
      ExecutionProperty: { MaxConcurrentRuns: 2 },
    });
    const { scope, records } = launcher();
    const { launch, parseLaunchEvent } = await import('../../src/toolkit/job-launch/index.js');
    const spec = { ...fixture.spec, start: { ...fixture.spec.start, job: 'many' } };
    expect(await launch(scope, { spec, records, event: parseLaunchEvent(batchEvent()) })).toMatchObject({
      decision: 'refuse',
      reason: 'job-not-exclusive',
    });
  });

  it('comes before anything is cleared when there is more than expected', async () => {
    const { put, keys, runs, launcher } = await open((spec) =>
      spec.replace('prepare:', 'prepare:\n  objectCountMax: 1'),
    );
    await put('results/a');
    await put('results/b');
    await expect(launcher().launch(batchEvent())).rejects.toMatchObject({ kind: 'guard-refused' });
    expect(await keys('results/')).toHaveLength(2);
    expect(await runs()).toEqual([]);
    expect((await launcher().records.lease())?.content.phase).toBe('free');
  });
});

it.each([true, 'true'])(
  'ignoreBatchChecks as %j launches in spite of a failed dependency, and says so',
  async (flag) => {
    const { launcher } = await open();
    const event = batchEvent({ status: 'FAILED', detail: { ignoreBatchChecks: flag } });
    const { decision, run } = await launcher().launch(event);
    expect([decision, run?.isBatchIgnored]).toEqual(['launch', true]);
    expect(run?.gates[0]).toMatchObject({ gate: 'dependency', reason: 'overridden' });
  },
);

describe('without a pattern', () => {
  const queueOnly = (spec: string) =>
    spec
      .replace('on: { source: [aws.batch] }\n', '')
      .replace(
        '  - objectPresent: { object: s3://lake/ready }',
        '  - batchJobsSucceeded: { queue: exports, jobNames: [export] }',
      );

  it('events of other queues are not acted on', async () => {
    const { launcher } = await open(queueOnly);
    const { calls, launch } = launcher();
    const event = batchEvent({ detail: { jobQueue: QUEUE.replace('exports', 'others') } });
    expect(await launch(event)).toMatchObject({ decision: 'skip', reason: 'other-event' });
    expect(calls).toEqual([]);
  });
});

describe('what was cleared', () => {
  it('comes back from the trash, never over what is newer', async () => {
    const { s3, put, keys, launcher } = await open();
    for (const key of ['results/a', 'results/b ü+.txt']) await put(key, `old ${key}`);
    const { scope, records, launch } = launcher();
    const { run } = await launch(batchEvent());
    expect(await keys('results/')).toEqual([]);
    await put('results/a', 'new');
    expect(await undoPreparation(scope, records, run?.runKey ?? '')).toMatchObject({
      restored: 1,
      present: 1,
      missing: [],
    });
    const text = async (Key: string) =>
      (await s3.getObject({ Bucket: 'lake', Key })).Body?.transformToString();
    expect(await text('results/a')).toBe('new');
    expect(await text('results/b ü+.txt')).toBe('old results/b ü+.txt');
  });

  it('may be 2,500 objects', async () => {
    const { drop, keys, launcher } = await open();
    drop('results', 2500);
    expect((await launcher().launch(batchEvent())).run?.clearedCount).toBe(2500);
    expect(await keys('results/')).toEqual([]);
  });
});

describe('a launcher that dies', () => {
  it('at any call leaves what the next one makes good: one run, its table, and no object gone that no run replaced', async () => {
    const { launcher, put, keys, runs, later, tables, queriesEnded } = await open(withTable);
    await put('results/a');
    await launcher().launch(batchEvent());
    await put('results/b');
    const sound = launcher();
    await sound.launch(batchEvent());
    const callCount = sound.calls.length;
    expect(sound.calls).toEqual(
      expect.arrayContaining([
        'StartQueryExecution',
        'BatchDeleteTable',
        'CopyObject',
        'UpdateTable',
        'StartJobRun',
      ]),
    );
    const ofRun = (runKey: string | undefined) => [
      { Name: 'counts', Location: `s3://lake/counts/${runKey}` },
    ];
    const readable = async () => (await tables()).filter(({ Name }) => Name === 'counts');
    const lastKey = async () => (await runs())[0]?.Arguments?.['--gluepot-run-key'];
    for (let call = 1; call <= callCount; call++) {
      for (const when of ['before', 'after'] as const) {
        const key = `results/${call}-${when}`;
        await put(key);
        const before = (await runs()).length;
        const dying = launcher({ crashAt: { call, when } });
        await dying
          .launch(batchEvent())
          .catch((error: unknown) => expect(String(error)).toContain('The process is dead.'));
        const place = `${dying.calls.at(-1)} ${when}`;
        await queriesEnded();
        const after = (await runs()).length;
        expect(after - before, place).toBeLessThanOrEqual(1);
        expect(await readable(), place).toHaveLength(1);
        if (after === before) {
          const isKept =
            (await keys('results/')).includes(key) || (await keys('trash/')).some((one) => one.endsWith(key));
          expect(isKept, place).toBe(true);
        }
        later(20);
        const next = await launcher().launch();
        const expected = after === before ? ['all-gates-pass'] : ['run-taken-over', 'all-gates-pass'];
        expect(expected, place).toContain(next.reason);
        expect((await runs()).length - after, place).toBe(next.decision === 'launch' ? 1 : 0);
        // Nothing that a launcher made for itself is left, and the table is that of the last run.
        expect(await tables(), place).toEqual(ofRun(await lastKey()));
        const trashed = (await keys('trash/')).filter((one) => one.endsWith(key));
        expect([...trashed, ...(await keys('results/'))], place).not.toEqual([]);
        later(20);
      }
    }
  }, 120_000);

  it('is waited for until its lease has expired', async () => {
    const { launcher, put, later, keys } = await open();
    await put('results/a');
    const dying = launcher();
    await dying.launch(batchEvent());
    const deletion = dying.calls.indexOf('DeleteObjects') + 1;
    await put('results/b');
    const event = batchEvent();
    await expect(launcher({ crashAt: { call: deletion, when: 'after' } }).launch(event)).rejects.toThrow();
    expect(await keys('results/')).toEqual([]);
    expect(await launcher().launch(batchEvent())).toMatchObject({
      decision: 'wait',
      reason: 'being-launched',
    });
    later(20);
    expect(await launcher().launch(event)).toMatchObject({ decision: 'launch' });
  });
});

describe('events that come together', () => {
  // A job's runs are read whole each time, so four jobs are quicker than one.
  it.each([1, 2, 3, 4])('start exactly one run, in 50 interleavings of seed %i', async (seed) => {
    const { launcher, runs, later, clock, tables } = await open(withTable);
    let expected = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 3 }),
        fc.infiniteStream(fc.nat(6)),
        async (count, delays) => {
          const time = clock.now();
          const delayTurns = () => delays.next().value as number;
          const outcomes = await Promise.all(
            Array.from({ length: count }, () => launcher({ delayTurns }).launch(batchEvent({ time }))),
          );
          expect(outcomes.filter(({ decision }) => decision === 'launch')).toHaveLength(1);
          expect(await runs()).toHaveLength(++expected);
          const { runKey } = outcomes.find(({ run }) => run)?.run ?? {};
          expect(await tables()).toEqual([{ Name: 'counts', Location: `s3://lake/counts/${runKey}` }]);
          later(1);
        },
      ),
      { numRuns: 50, seed, endOnFailure: true },
    );
  });
});

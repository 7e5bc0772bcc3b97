// Jobs and their runs, with an engine that does what the test says.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../base/clock.js';
import { countingIds } from '../base/ids.js';
import { openTags } from '../catalog/tag.js';
import { openIdentity, type Identity } from '../identity/identity.js';
import { openLogGroups, type LogStore } from '../logs/open-log-groups.js';
import { logsSchema } from '../logs/schema.js';
import { documentsSchema } from '../state/documents.js';
import { openState, type State } from '../state/state.js';
import type { Engine, EngineWork } from './engine.js';
import { toJobRun } from './job-run.js';
import { RUNS_AT_ONCE_MAX } from './job-runner.js';
import { openJobs, type Jobs } from './open-jobs.js';
import { jobsSchema } from './schema.js';

const accountId = '123456789012';
const region = 'us-east-1';
const ROLE = 'arn:aws:iam::123456789012:role/glue';

/** What is being worked on, by run: to be ended by the test. Honours its signal as an engine must. */
class HandEngine {
  readonly active = new Map<
    string,
    { work: EngineWork; succeed: () => void; fail: (message: string) => void }
  >();
  readonly engine: Engine = (work) =>
    new Promise((resolve, reject) => {
      const ended = (settle: () => void) => {
        this.active.delete(work.runId);
        settle();
      };
      work.signal.addEventListener('abort', () => ended(() => reject(work.signal.reason as Error)));
      this.active.set(work.runId, {
        work,
        succeed: () => ended(resolve),
        fail: (message) => ended(() => reject(new Error(message))),
      });
    });
}

let state: State;
let nowMs: number;
let identity: Identity;
let logs: LogStore;
let hand: HandEngine;
let jobs: Jobs;
const clock: Clock = { now: () => new Date(nowMs), sleep: () => Promise.resolve() };
const ids = countingIds();

function open(): Jobs {
  return openJobs(state, {
    engine: hand.engine,
    roles: identity.directory,
    logs,
    tags: openTags(state, { accountId, region }),
    clock,
    ids,
    accountId,
    region,
  });
}

beforeEach(() => {
  nowMs = Date.parse('2024-05-01T10:00:00Z');
  state = openState(':memory:', [documentsSchema, logsSchema, jobsSchema]);
  identity = openIdentity(state, { clock, ids, accountId });
  logs = openLogGroups(state, { clock });
  hand = new HandEngine();
  jobs = open();
  const trust = { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' };
  identity.roles.create({
    RoleName: 'glue',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: trust }),
  });
});

afterEach(() => jobs.close());

const nodes = {
  target: { S3DirectTarget: { Name: 't', Inputs: ['s'], Path: 's3://b/o/', Format: 'csv' as const } },
};
const definition = (extra: object = {}) => ({
  Role: ROLE,
  Command: { Name: 'glueetl', ScriptLocation: 's3://b/script.py' },
  CodeGenConfigurationNodes: nodes,
  ...extra,
});
const create = (Name: string, extra: object = {}) => jobs.definitions.create({ Name, ...definition(extra) });
const start = (JobName = 'j', extra: object = {}) => jobs.start({ JobName, ...extra }).runId;
const run = (runId: string, jobName = 'j') => toJobRun(jobs.runs.get(jobName, runId), clock.now());
const stateOf = (runId: string) => run(runId).JobRunState;
/** Lets what was started or ended take its course. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a definition', () => {
  it.each<[string, object, object]>([
    [
      'a visual job of an old version',
      {},
      { GlueVersion: '0.9', Timeout: 2880, MaxCapacity: 10, AllocatedCapacity: 10 },
    ],
    ['a job of Glue 5', { GlueVersion: '5.0' }, { GlueVersion: '5.0', Timeout: 480 }],
    ['a job of Glue 4 with a timeout', { GlueVersion: '4.0', Timeout: 5 }, { Timeout: 5 }],
    [
      'a Python shell job',
      { Command: { Name: 'pythonshell' } },
      { MaxCapacity: 0.0625, AllocatedCapacity: 0, Timeout: 2880 },
    ],
    ['a streaming job', { Command: { Name: 'gluestreaming' } }, { MaxCapacity: 10, Timeout: undefined }],
    [
      'workers',
      { WorkerType: 'G.2X', NumberOfWorkers: 3 },
      { WorkerType: 'G.2X', NumberOfWorkers: 3, MaxCapacity: 6, AllocatedCapacity: 6 },
    ],
    [
      'a Python shell job with a whole unit',
      { Command: { Name: 'pythonshell' }, MaxCapacity: 1 },
      { MaxCapacity: 1, AllocatedCapacity: 1 },
    ],
    ['an old capacity', { AllocatedCapacity: 4 }, { MaxCapacity: 4, AllocatedCapacity: 4 }],
  ])('gets the defaults of %s', (_, extra, expected) => {
    create('j', extra);
    expect(jobs.definitions.get('j')).toMatchObject({
      MaxRetries: 0,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      JobMode: 'SCRIPT',
      CodeGenConfigurationNodes: nodes,
      CreatedOn: clock.now(),
      LastModifiedOn: clock.now(),
    });
    expect(
      Object.entries(expected).map(([name]) => [name, jobs.definitions.get('j')[name as 'Timeout']]),
    ).toEqual(Object.entries(expected));
  });

  it.each<[string, object, RegExp]>([
    [
      'capacity and workers',
      { MaxCapacity: 2, WorkerType: 'G.1X', NumberOfWorkers: 2 },
      /^Please do not set Max Capacity if using Worker Type/,
    ],
    [
      'a worker type without a number',
      { WorkerType: 'G.1X' },
      /^Please set both Worker Type and Number of Workers/,
    ],
    ['both capacities', { MaxCapacity: 2, AllocatedCapacity: 2 }, /only Allocated Capacity or Max Capacity/],
    [
      'much for a Python shell',
      { Command: { Name: 'pythonshell' }, MaxCapacity: 5 },
      /^Max Capacity is 5; a pythonshell job has 0.0625 or 1 DPU/,
    ],
    ['a fraction for Spark', { MaxCapacity: 2.5 }, /^Max Capacity is 2.5; a glueetl job has 2 to 100 DPUs/],
    ['too little for Spark', { AllocatedCapacity: 1 }, /^Max Capacity is 1; a glueetl job has 2 to 100 DPUs/],
    ['too much for Spark', { MaxCapacity: 101 }, /2 to 100 DPUs/],
    ['a timeout of over a week', { Timeout: 10_081 }, /Timeout is 10081 minutes/],
    [
      'a command that is none',
      { Command: { Name: 'spark' } },
      /Command\.Name is "spark"; it must be one of glueetl/,
    ],
    ['no concurrent runs', { ExecutionProperty: { MaxConcurrentRuns: 0 } }, /MaxConcurrentRuns is 0/],
    ['too many retries', { MaxRetries: 11 }, /MaxRetries is 11/],
    ['a role that is not there', { Role: 'nobody' }, /^Service is unable to assume provided role/],
  ])('with %s is refused', (_, extra, message) => {
    const refused = { name: 'InvalidInputException', message: expect.stringMatching(message) as string };
    expect(() => create('j', extra)).toThrow(expect.objectContaining(refused) as Error);
    expect(jobs.definitions.find('j')).toBeUndefined();
  });

  it('is made once, replaced as a whole, and deleted without complaint', () => {
    create('j', { Description: 'old', MaxRetries: 3 });
    expect(() => create('j')).toThrow(expect.objectContaining({ name: 'AlreadyExistsException' }) as Error);
    const created = clock.now();
    nowMs += 5000;
    jobs.definitions.update('j', definition({ Timeout: 7 }));
    expect(jobs.definitions.get('j')).toMatchObject({
      MaxRetries: 0,
      Timeout: 7,
      CreatedOn: created,
      LastModifiedOn: clock.now(),
    });
    expect(jobs.definitions.get('j').Description).toBeUndefined();
    expect(() => jobs.definitions.update('j', { Role: ROLE })).toThrow(/must have a Role and a Command/);
    jobs.delete('j');
    jobs.delete('j');
    expect(() => jobs.definitions.get('j')).toThrow('Job j not found.');
  });
});

describe('a run', () => {
  it('goes from STARTING over RUNNING to SUCCEEDED, and hands the engine what it needs', async () => {
    create('j', {
      DefaultArguments: { '--a': '1', '--b': '2', '--c': '3' },
      NonOverridableArguments: { '--c': '9' },
    });
    const runId = start('j', { Arguments: { '--b': 'x' } });
    expect(runId).toMatch(/^jr_[0-9a-f]{64}$/);
    expect(run(runId)).toMatchObject({
      JobRunState: 'STARTING',
      Attempt: 0,
      ExecutionTime: 0,
      StartedOn: clock.now(),
    });
    nowMs += 1000;
    await settle();
    expect(stateOf(runId)).toBe('RUNNING');
    const { work, succeed } = hand.active.get(runId)!;
    expect(work).toMatchObject({
      jobName: 'j',
      runId,
      nodes,
      arguments: { '--a': '1', '--b': 'x', '--c': '9' },
      session: { arn: 'arn:aws:sts::123456789012:assumed-role/glue/GlueJobRunnerSession' },
    });
    work.log('reading');
    nowMs += 61_400;
    expect(run(runId).ExecutionTime).toBe(61);
    succeed();
    await settle();
    expect(run(runId)).toMatchObject({
      JobRunState: 'SUCCEEDED',
      Arguments: { '--b': 'x' },
      CompletedOn: clock.now(),
      LastModifiedOn: clock.now(),
      ExecutionTime: 61,
      Timeout: 2880,
      LogGroupName: '/aws-glue/jobs',
    });
    expect(logs.read('/aws-glue/jobs/output', runId).events.map((event) => event.message)).toEqual([
      'reading',
    ]);
  });

  it('that fails says why, also in its error log', async () => {
    create('j');
    const runId = start();
    await settle();
    hand.active.get(runId)!.fail('node Join: no column id');
    await settle();
    expect(run(runId)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'node Join: no column id' });
    expect(logs.read('/aws-glue/jobs/error', runId).events[0]!.message).toBe('node Join: no column id');
  });

  it('of a script fails, because there is nothing that runs it', async () => {
    create('j', { CodeGenConfigurationNodes: undefined });
    const runId = start();
    await settle();
    expect(run(runId)).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: expect.stringMatching(
        /glueetl script \(s3:\/\/b\/script\.py\).*cannot be run here/,
      ) as string,
    });
  });

  it('whose role is gone fails in the words of Glue', async () => {
    create('j');
    identity.roles.delete('glue');
    const runId = start();
    await settle();
    expect(run(runId).ErrorMessage).toBe(
      `JobName:j and JobRunId:${runId} failed to execute with exception Role ${ROLE} should be given assume role ` +
        'permissions for Glue Service.',
    );
  });

  it('may ask for other capacity and another timeout, but not override what is fixed', () => {
    create('j', { NonOverridableArguments: { '--c': '9' }, ExecutionProperty: { MaxConcurrentRuns: 9 } });
    expect(run(start('j', { WorkerType: 'G.1X', NumberOfWorkers: 2, Timeout: 3 }))).toMatchObject({
      MaxCapacity: 2,
      WorkerType: 'G.1X',
      Timeout: 3,
    });
    expect(() => start('j', { Arguments: { '--c': '1' } })).toThrow(
      /Arguments --c of job j are non-overridable/,
    );
    expect(() => start('j', { MaxCapacity: 2, WorkerType: 'G.1X' })).toThrow(
      /Please do not set Max Capacity/,
    );
    expect(() => start('j', { MaxCapacity: 0.0625 })).toThrow(/^Max Capacity is 0.0625; a glueetl job has 2/);
    expect(() => start('none')).toThrow(/^Failed to start job run due to missing metadata/);
  });

  it('ends as TIMEOUT when its minutes are over, counted from its beginning', async () => {
    create('j', { Timeout: 2 });
    const runId = start();
    await settle();
    nowMs += 119_000;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(stateOf(runId)).toBe('RUNNING');
    nowMs += 1_000;
    await expect.poll(() => stateOf(runId), { timeout: 2000 }).toBe('TIMEOUT');
    expect(run(runId).ErrorMessage).toBe('The run took longer than its Timeout of 2 minutes.');
  });

  it('is stopped over STOPPING, and only while it is live', async () => {
    create('j');
    const runId = start();
    await settle();
    jobs.stop('j', runId);
    expect(stateOf(runId)).toBe('STOPPING');
    jobs.stop('j', runId);
    await settle();
    expect(run(runId)).toMatchObject({ JobRunState: 'STOPPED', CompletedOn: clock.now() });
    expect(() => jobs.stop('j', runId)).toThrow(/is STOPPED; only a run that has not ended can be stopped/);
    expect(() => jobs.stop('other', runId)).toThrow(`Job run ${runId} not found.`);
  });

  it('whose work was done before it could be stopped has succeeded', async () => {
    create('j');
    const runId = start();
    await settle();
    const { succeed } = hand.active.get(runId)!;
    succeed();
    jobs.stop('j', runId);
    await settle();
    expect(stateOf(runId)).toBe('SUCCEEDED');
  });

  it('is forgotten with its job, and ended', async () => {
    create('j');
    const runId = start();
    await settle();
    jobs.delete('j');
    await settle();
    expect(hand.active.size).toBe(0);
    expect(() => jobs.runs.get('j', runId)).toThrow('not found');
  });

  it('waits in STARTING while other runs have all places', async () => {
    create('j', { ExecutionProperty: { MaxConcurrentRuns: 100 } });
    const runIds = Array.from({ length: RUNS_AT_ONCE_MAX + 2 }, () => start());
    await settle();
    expect(hand.active.size).toBe(RUNS_AT_ONCE_MAX);
    const last = runIds.at(-1)!;
    expect(stateOf(last)).toBe('STARTING');
    jobs.stop('j', last);
    await settle();
    expect(stateOf(last)).toBe('STOPPED');
    hand.active.get(runIds[0]!)!.succeed();
    await settle();
    expect(stateOf(runIds.at(-2)!)).toBe('RUNNING');
  });
});

describe('the limit of concurrent runs', () => {
  it('refuses one too many', async () => {
    create('j', { ExecutionProperty: { MaxConcurrentRuns: 2 } });
    start();
    const second = start();
    await settle();
    const refused = { name: 'ConcurrentRunsExceededException', message: 'Concurrent runs exceeded for j' };
    expect(() => start()).toThrow(expect.objectContaining(refused) as Error);
    hand.active.get(second)!.succeed();
    await settle();
    expect(stateOf(start())).toBe('STARTING');
  });

  it('lets a run wait where queuing is on, for the job or for the run', async () => {
    create('j', { JobRunQueuingEnabled: true });
    const first = start();
    const [second, third] = [start(), start()];
    await settle();
    expect([stateOf(first), stateOf(second), stateOf(third)]).toEqual(['RUNNING', 'WAITING', 'WAITING']);
    expect(() => start('j', { JobRunQueuingEnabled: false })).toThrow('Concurrent runs exceeded for j');
    jobs.stop('j', second);
    expect(stateOf(second)).toBe('STOPPED');
    hand.active.get(first)!.fail('x');
    await settle();
    expect([stateOf(first), stateOf(third)]).toEqual(['FAILED', 'RUNNING']);
  });
});

describe('retries', () => {
  it('follow a failure as often as the job says, each a run of its own', async () => {
    create('j', { MaxRetries: 2 });
    const first = start('j', { Arguments: { '--a': '1' } });
    for (const suffix of ['', '_attempt_1', '_attempt_2']) {
      await settle();
      hand.active.get(first + suffix)!.fail(`again${suffix}`);
    }
    await settle();
    const history = jobs.runs.list('j', { count: 10 }).map(({ run: each }) => toJobRun(each, clock.now()));
    expect(
      history.map((each) => [each.Id, each.Attempt, each.PreviousRunId, each.JobRunState, each.Arguments]),
    ).toEqual([
      [`${first}_attempt_2`, 2, `${first}_attempt_1`, 'FAILED', { '--a': '1' }],
      [`${first}_attempt_1`, 1, first, 'FAILED', { '--a': '1' }],
      [first, 0, undefined, 'FAILED', { '--a': '1' }],
    ]);
  });

  it('do not follow a run that was stopped', async () => {
    create('j', { MaxRetries: 2 });
    const runId = start();
    await settle();
    jobs.stop('j', runId);
    await settle();
    expect(jobs.runs.list('j', { count: 10 })).toHaveLength(1);
  });

  it('can be asked for with the id of a run that has ended', async () => {
    create('j');
    const first = start('j', { Arguments: { '--a': '1' } });
    expect(() => start('j', { JobRunId: first, JobRunQueuingEnabled: true })).toThrow(
      /only a run that has ended can be retried/,
    );
    await settle();
    hand.active.get(first)!.fail('x');
    await settle();
    const second = start('j', { JobRunId: first });
    expect(run(second)).toMatchObject({
      Id: `${first}_attempt_1`,
      PreviousRunId: first,
      Attempt: 1,
      Arguments: { '--a': '1' },
    });
  });
});

describe('closing', () => {
  it('ends what is in progress as FAILED, and tries nothing again', async () => {
    create('j', { MaxRetries: 3 });
    const runId = start();
    await settle();
    await jobs.close();
    expect(run(runId)).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: expect.stringContaining('gluepot was closed') as string,
    });
    expect(jobs.runs.list('j', { count: 10 })).toHaveLength(1);
  });

  it('that never came is found at the next start', async () => {
    create('j', { JobRunQueuingEnabled: true, MaxRetries: 3 });
    const [running, waiting] = [start(), start()];
    await settle();
    nowMs += 5000;
    const again = open();
    expect(run(running)).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: 'The run was interrupted: gluepot ended while it was in progress.',
      CompletedOn: clock.now(),
      ExecutionTime: 0,
    });
    expect(run(waiting)).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: 'The run was WAITING when gluepot ended, and did not begin.',
    });
    await settle();
    expect(again.runs.list('j', { count: 10 })).toHaveLength(2);
  });
});

describe('whatever happens', () => {
  const TERMINAL = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'];
  const step = fc.oneof(
    fc.record({ do: fc.constant('start' as const), queue: fc.boolean() }),
    fc.record({
      do: fc.constantFrom('stop' as const, 'succeed' as const, 'fail' as const),
      which: fc.nat(20),
    }),
    fc.record({ do: fc.constant('settle' as const) }),
  );

  it('running runs stay within the limit, and every run ends once, in one state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 2 }),
        fc.array(step, { maxLength: 30 }),
        async (MaxConcurrentRuns, MaxRetries, steps) => {
          create('j', { MaxRetries, ExecutionProperty: { MaxConcurrentRuns } });
          const ended = new Map<string, string>();
          const check = () => {
            const all = jobs.runs.list('j', { count: 200 }).map(({ run: each }) => each);
            const running = all.filter((each) => ['STARTING', 'RUNNING', 'STOPPING'].includes(each.state));
            expect(running.length).toBeLessThanOrEqual(MaxConcurrentRuns);
            expect(hand.active.size).toBeLessThanOrEqual(RUNS_AT_ONCE_MAX);
            for (const each of all) {
              const before = ended.get(each.runId);
              if (before !== undefined) expect(each.state).toBe(before);
              if (!TERMINAL.includes(each.state)) continue;
              ended.set(each.runId, each.state);
              expect(each.completedMs).toBeDefined();
            }
            return all;
          };
          for (const each of steps) {
            const all = check();
            if (each.do === 'start') {
              const isFull =
                all.filter((one) => ['STARTING', 'RUNNING', 'STOPPING'].includes(one.state)).length >=
                MaxConcurrentRuns;
              if (isFull && !each.queue) expect(() => start()).toThrow('Concurrent runs exceeded');
              else start('j', { JobRunQueuingEnabled: each.queue });
            } else if (each.do === 'stop') {
              const target = all.filter((one) => !TERMINAL.includes(one.state))[each.which];
              if (target) jobs.stop('j', target.runId);
            } else if (each.do === 'settle') {
              await settle();
            } else {
              const target = [...hand.active.values()][each.which];
              if (each.do === 'succeed') target?.succeed();
              else target?.fail('x');
            }
          }
          for (let i = 0; i < 500 && check().some((each) => !TERMINAL.includes(each.state)); i++) {
            for (const { succeed } of [...hand.active.values()]) succeed();
            await settle();
          }
          expect(check().every((each) => TERMINAL.includes(each.state))).toBe(true);
          jobs.delete('j');
        },
      ),
      { numRuns: 60 },
    );
  });
});

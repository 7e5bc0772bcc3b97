// Notices of late runs, by a clock that the test moves; and what the end of a run tells.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../base/clock.js';
import type { AwsEvent } from '../events/event.js';
import { silentLog } from '../base/log.js';
import { openState, type State } from '../state/state.js';
import { openDelayNotices, type DelayNotices } from './delay-notices.js';
import { jobStateEvent } from './job-event.js';
import { openJobRunTable, type JobRunRecord, type JobRunTable } from './job-run.js';
import { jobsSchema } from './schema.js';

const MINUTE = 60_000;
let state: State;
let clock: ManualClock;
let runs: JobRunTable;
let notices: DelayNotices;
let told: AwsEvent[];

beforeEach(() => {
  state = openState(':memory:', [jobsSchema]);
  clock = manualClock(new Date('2024-05-01T10:00:00Z'));
  runs = openJobRunTable(state);
  told = [];
  notices = openDelayNotices(state, { runs, clock, log: silentLog, emit: (event) => void told.push(event) });
});
afterEach(() => state.close());

function begin(settings: JobRunRecord['settings']): JobRunRecord {
  const startedMs = clock.now().getTime();
  const run: JobRunRecord = {
    runId: 'jr_1',
    jobName: 'nightly',
    state: 'RUNNING',
    attempt: 0,
    startedMs,
    lastModifiedMs: startedMs,
    settings,
  };
  runs.insert(run);
  notices.watch(run);
  return run;
}
const change = (run: JobRunRecord) => {
  runs.put(run);
  notices.changed(run);
};
const states = () => told.map(({ detail }) => detail['state']);

describe('a run that takes longer than it should', () => {
  it('is told of once its delay has passed, with what AWS tells', async () => {
    begin({ NotificationProperty: { NotifyDelayAfter: 10 } });
    await clock.advance(10 * MINUTE - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([
      {
        source: 'aws.glue',
        detailType: 'Glue Job Run Status',
        resources: [],
        detail: {
          jobName: 'nightly',
          severity: 'INFO',
          notificationCondition: { NotifyDelayAfter: 10 },
          state: 'RUNNING',
          jobRunId: 'jr_1',
          message: 'Job is in RUNNING state',
          startedOn: '2024-05-01T10:00:00.000Z',
        },
      },
    ]);
    await clock.advance(60 * MINUTE);
    expect(told).toHaveLength(1);
  });

  it('is told of once more in each further state, but not when it has ended', async () => {
    const run = begin({ NotificationProperty: { NotifyDelayAfter: 1 } });
    change({ ...run, state: 'STARTING' });
    await clock.advance(MINUTE);
    change({ ...run, state: 'RUNNING' });
    change({ ...run, state: 'RUNNING', runningMs: 1 });
    change({ ...run, state: 'STOPPING' });
    change({ ...run, state: 'STOPPED' });
    expect(states()).toEqual(['STARTING', 'RUNNING', 'STOPPING']);
  });

  it('is not told of when it ends before, or nobody asked', async () => {
    const run = begin({ NotificationProperty: { NotifyDelayAfter: 1 } });
    notices.forget(run.runId);
    await clock.advance(2 * MINUTE);
    expect(told).toEqual([]);
    runs.deleteAll('nightly');
    begin({});
    await clock.advance(2 * MINUTE);
    expect(told).toEqual([]);
  });
});

describe('the end of a run', () => {
  it.each<[Partial<JobRunRecord>, string, string]>([
    [{ state: 'SUCCEEDED' }, 'INFO', 'Job run succeeded'],
    [{ state: 'STOPPED' }, 'INFO', 'Job run stopped'],
    [{ state: 'TIMEOUT' }, 'WARN', 'Job run timed out'],
    [
      { state: 'FAILED', errorMessage: 'no such table' },
      'ERROR',
      'JobName:nightly and JobRunId:jr_1 failed to execute with exception no such table',
    ],
  ])('%j is told with severity %s and "%s"', (change, severity, message) => {
    const event = jobStateEvent({ ...begin({}), ...change });
    expect(event).toEqual({
      source: 'aws.glue',
      detailType: 'Glue Job State Change',
      resources: [],
      detail: { jobName: 'nightly', severity, state: change.state, jobRunId: 'jr_1', message },
    });
  });
});

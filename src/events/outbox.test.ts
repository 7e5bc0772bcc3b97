// Deliveries that fail: tried again within their limits, given up, and what becomes of those whose transaction is not kept.
import { expect, it } from 'vitest';
import { manualClock } from '../base/clock.js';
import { silentLog } from '../base/log.js';
import { openState, type StateSchema } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { DEFAULT_RETRY, type Delivery } from './delivery.js';
import { openOutbox } from './outbox.js';
import { eventsSchema } from './schema.js';

/** A row that names no other fails the whole transaction when it is committed, as a full disk may. */
const sentSchema: StateSchema = {
  component: 'sent',
  steps: [
    'CREATE TABLE sent (payload TEXT PRIMARY KEY, after TEXT REFERENCES sent DEFERRABLE INITIALLY DEFERRED)',
  ],
};

it('what is written by deliveries whose transaction fails is written again, by all of them', async () => {
  const clock = manualClock();
  const state = openState(':memory:', [eventsSchema, sentSchema]);
  const told: string[] = [];
  let isBroken = true;
  const outbox = openOutbox(state, {
    clock,
    log: (_level, message) => void told.push(message),
    send: ({ payload }) => {
      const after = isBroken && payload === 'second' ? 'none' : null;
      state.sql('INSERT INTO sent VALUES (?, ?)').run(payload, after);
      return Promise.resolve();
    },
    sendDeadLetter: () => expect.unreachable('nothing is given up'),
  });
  const sent = () => state.sql('SELECT payload FROM sent ORDER BY payload').all();
  const left = () => state.sql('SELECT attempt_count FROM event_deliveries').all();
  const delivery = (payload: string): Delivery => ({
    sourceArn: 'arn:aws:events:us-east-1:123456789012:rule/r',
    target: { arn: 'arn:aws:sqs:us-east-1:123456789012:q', retry: DEFAULT_RETRY },
    payload,
  });
  state.transaction(() => ['first', 'second', 'third'].forEach((payload) => outbox.add(delivery(payload))));

  await clock.advance(0);
  expect(sent()).toEqual([]);
  expect(left()).toHaveLength(3);
  expect(told).toEqual(['events wait: what became of a delivery could not be recorded']);

  isBroken = false;
  await clock.advance(1000);
  expect(sent()).toEqual([{ payload: 'first' }, { payload: 'second' }, { payload: 'third' }]);
  expect(left()).toEqual([]);
  await outbox.close();
  state.close();
});

it.each([
  {
    limit: 'attempts',
    retry: { attemptsMax: 2, ageSecondsMax: 86_400 },
    attemptSeconds: [0, 1, 3],
    condition: 'MaximumRetryAttempts',
  },
  {
    limit: 'age',
    retry: { attemptsMax: 185, ageSecondsMax: 60 },
    attemptSeconds: [0, 1, 3, 7, 15, 31],
    condition: 'MaximumEventAgeInSeconds',
  },
])('a schedule’s delivery is given up by its $limit, told with the execution', async (given) => {
  const clock = manualClock();
  const state = openState(':memory:', [eventsSchema]);
  const start = clock.now().getTime();
  const [attempts, dead]: [string[], Record<string, string>[]] = [[], []];
  const outbox = openOutbox(state, {
    clock,
    log: silentLog,
    send: ({ payload }) => {
      attempts.push(`${payload} at ${(clock.now().getTime() - start) / 1000}`);
      return Promise.reject(new AwsError('TooManyRequestsException', 'busy'));
    },
    sendDeadLetter: (queueArn, body, attributes) => void dead.push({ queueArn, body, ...attributes }),
  });
  outbox.add({
    sourceArn: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s',
    target: {
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      retry: given.retry,
      deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
      execution: { id: 'e-1', scheduledTime: '2024-01-01T00:00:00Z' },
    },
    payload: 'attempt <aws.scheduler.attempt-number>',
  });
  await clock.advance(3600_000);

  expect(attempts).toEqual(given.attemptSeconds.map((at, index) => `attempt ${index + 1} at ${at}`));
  expect(dead).toEqual([
    {
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
      body: `attempt ${given.attemptSeconds.length}`,
      SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s',
      EXECUTION_ID: 'e-1',
      SCHEDULED_TIME: '2024-01-01T00:00:00Z',
      IS_PAYLOAD_TRUNCATED: 'false',
      TARGET_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      ERROR_CODE: 'TooManyRequestsException',
      ERROR_MESSAGE: 'busy',
      RETRY_ATTEMPTS: String(given.attemptSeconds.length - 1),
      EXHAUSTED_RETRY_CONDITION: given.condition,
    },
  ]);
  await outbox.close();
  state.close();
});

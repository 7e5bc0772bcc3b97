// Deliveries that are begun together, and what becomes of them when the state does not take what they wrote.
import { expect, it } from 'vitest';
import { manualClock } from '../base/clock.js';
import { openState, type StateSchema } from '../state/state.js';
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

// Deliveries that are still to be made: kept until the target has taken them, tried again, given up into a dead-letter queue.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { deliveryFates, type EventFaults } from './delivery-faults.js';
import type { Delivery, DeliveryTarget, SendDelivery } from './delivery.js';
import { isWorthRetrying, retryDelayMs } from './retry.js';

/** Deliveries under way at once. */
const AT_ONCE_MAX = 16;
/** How long deliveries wait when the state cannot be written. */
const PAUSE_MS = 1000;

export interface Outbox {
  /** The delivery is kept when the transaction is that it is called in, and made after that. */
  add(delivery: Delivery): void;
  /** Goes on with what is kept from before. */
  resume(): void;
  /** Lets deliveries under way end; the others are made after the next start. */
  close(): Promise<void>;
}

export interface OutboxOptions {
  clock: Clock;
  log: Log;
  send: SendDelivery;
  /** Puts a message on the queue that the ARN names. */
  sendDeadLetter: (queueArn: string, body: string, attributes: Record<string, string>) => void;
  faults?: EventFaults | undefined;
}

interface Row {
  number: number;
  source_arn: string;
  target: string;
  payload: string;
  created_ms: number;
  attempt_count: number;
}

/** Deliveries that began in one transaction: false when it was not kept, and nothing has been delivered by any of them. */
interface Round {
  isKept: boolean;
}

/** `state` must have been opened with eventsSchema. A delivery that was under way when the process died is made again. */
export function openOutbox(
  state: State,
  { clock, log, send, sendDeadLetter, faults }: OutboxOptions,
): Outbox {
  const fateOf = faults && deliveryFates(faults);
  const underWay = new Map<number, Promise<void>>();
  /** Numbers of rows whose targets have taken them, which are still to be removed. */
  const delivered: number[] = [];
  let cancelAlarm = () => {};
  let isLooking = false;
  let isPaused = false;
  let isClosed = false;

  const nowMs = () => clock.now().getTime();
  const look = () => {
    if (isLooking || isClosed) return;
    isLooking = true;
    // After the transaction that a delivery may have been added in.
    setImmediate(() => {
      isLooking = false;
      if (!isClosed && !isPaused) unlessStateFails(start);
    });
  };
  /** Nobody waits for deliveries: when a full disk keeps them from being recorded, they wait for it to have room. */
  const unlessStateFails = (act: () => void) => {
    try {
      act();
    } catch (error) {
      pause(error);
    }
  };
  const pause = (error: unknown) => {
    log('error', 'events wait: what became of a delivery could not be recorded', { error: messageOf(error) });
    isPaused = true;
    cancelAlarm();
    cancelAlarm = setAlarm(clock, new Date(nowMs() + PAUSE_MS), () => {
      isPaused = false;
      look();
    });
  };

  function start(): void {
    const round: Round = { isKept: true };
    try {
      // One commit for the deliveries that have ended, and for what most targets write as soon as they are asked.
      state.transaction(() => {
        delivered.forEach(remove);
        due(AT_ONCE_MAX - underWay.size).forEach((row) => begin(row, round));
      });
    } catch (error) {
      round.isKept = false;
      throw error;
    }
    delivered.length = 0;
    cancelAlarm();
    const next = state
      .sql('SELECT min(due_ms) AS due_ms FROM event_deliveries WHERE due_ms > ?')
      .get(nowMs()) as { due_ms: number | null };
    cancelAlarm = next.due_ms === null ? () => {} : setAlarm(clock, new Date(next.due_ms), look);
  }

  const due = (count: number): Row[] => {
    const rows = state
      .sql('SELECT * FROM event_deliveries WHERE due_ms <= ? ORDER BY due_ms, number LIMIT ?')
      .all(nowMs(), count + underWay.size) as Row[];
    return rows.filter(({ number }) => !underWay.has(number)).slice(0, count);
  };

  const begin = (row: Row, round: Round) => {
    const done = attempt(row, round)
      .catch(pause)
      .finally(() => {
        underWay.delete(row.number);
        look();
      });
    underWay.set(row.number, done);
  };

  async function attempt(row: Row, round: Round): Promise<void> {
    const target = JSON.parse(row.target) as DeliveryTarget;
    const payload = target.execution ? withAttempt(row.payload, row.attempt_count + 1) : row.payload;
    const delivery: Delivery = { sourceArn: row.source_arn, target, payload };
    // What is sent, and that it was, comes into the state's log after the delivery and in this order: a power failure takes
    // the last of it away, and never what it follows from. So nothing waits for the disk here.
    try {
      await send(delivery);
      if (round.isKept) delivered.push(row.number);
    } catch (error) {
      if (round.isKept) failed(row, delivery, error);
    }
  }

  const remove = (number: number) => {
    state.sql('DELETE FROM event_deliveries WHERE number = ?').run(number);
  };

  function failed(row: Row, delivery: Delivery, error: unknown): void {
    const { retry } = delivery.target;
    const attemptCount = row.attempt_count + 1;
    const dueMs = nowMs() + retryDelayMs(attemptCount);
    const isTooOld = dueMs > row.created_ms + retry.ageSecondsMax * 1000;
    const isTooOften = attemptCount > retry.attemptsMax;
    const facts = { source: row.source_arn, target: delivery.target.arn, error: messageOf(error) };
    if (!isTooOld && !isTooOften && isWorthRetrying(error)) {
      log('warn', 'an event was not delivered and will be tried again', facts);
      state
        .sql('UPDATE event_deliveries SET attempt_count = ?, due_ms = ? WHERE number = ?')
        .run(attemptCount, dueMs, row.number);
      return;
    }
    log('warn', 'an event was given up', facts);
    const exhausted = isTooOften ? 'MaximumRetryAttempts' : isTooOld ? 'MaximumEventAgeInSeconds' : undefined;
    state.transaction(() => {
      giveUp(delivery, error, {
        RETRY_ATTEMPTS: String(row.attempt_count),
        ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      });
      remove(row.number);
    });
  }

  /** AWS docs: "Using dead-letter queues", and "Configuring a schedule's dead-letter queue": the attributes of such a message. */
  function giveUp(
    { sourceArn, target, payload }: Delivery,
    error: unknown,
    attributes: Record<string, string>,
  ): void {
    if (target.deadLetterArn === undefined) return;
    const facts = {
      ...(target.execution
        ? {
            SCHEDULE_ARN: sourceArn,
            EXECUTION_ID: target.execution.id,
            SCHEDULED_TIME: target.execution.scheduledTime,
            IS_PAYLOAD_TRUNCATED: 'false',
          }
        : { RULE_ARN: sourceArn }),
      TARGET_ARN: target.arn,
      ERROR_CODE: error instanceof AwsError ? error.name : 'INTERNAL_ERROR',
      ERROR_MESSAGE: messageOf(error) || 'unknown',
      ...attributes,
    };
    try {
      sendDeadLetter(target.deadLetterArn, payload, facts);
    } catch (failure) {
      if (!(failure instanceof AwsError)) throw failure;
      // AWS drops the event too, and counts it in a metric.
      log('error', 'an event could not be put on its dead-letter queue', {
        queue: target.deadLetterArn,
        error: messageOf(failure),
      });
    }
  }

  const insert = ({ sourceArn, target, payload }: Delivery, delayMs: number) => {
    const now = nowMs();
    state
      .sql(
        `INSERT INTO event_deliveries (source_arn, target, payload, created_ms, due_ms, attempt_count)
           VALUES (?, ?, ?, ?, ?, 0)`,
      )
      .run(sourceArn, JSON.stringify(target), payload, now, now + delayMs);
  };

  return {
    add(delivery) {
      const { count, delayMs } = fateOf?.() ?? { count: 1, delayMs: 0 };
      for (let copy = 0; copy < count; copy++) insert(delivery, delayMs);
      look();
    },
    resume: look,
    async close() {
      isClosed = true;
      await Promise.all(underWay.values());
      unlessStateFails(() => state.transaction(() => delivered.forEach(remove)));
      cancelAlarm();
    },
  };
}

/** AWS docs: "Adding context attributes". */
function withAttempt(payload: string, number: number): string {
  return payload.replaceAll('<aws.scheduler.attempt-number>', String(number));
}

// Asynchronous invocations: kept until they are handled, tried again after a while, and handed on when they fail for good.
import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { openDocuments, type Documents } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { Invocation, InvocationResult } from './function-invoker.js';
import { functionArn, LATEST, type FunctionReference, type FunctionScope } from './function-name.js';
import type { FunctionTable } from './function-table.js';

/** Events that are handled at once; further ones wait. */
const EVENTS_AT_ONCE_MAX = 8;

// AWS docs: "How Lambda handles errors and retries with asynchronous invocation": two retries, after one and two minutes.
const RETRIES_MAX = 2;
const RETRY_MS = 60_000;
const EVENT_AGE_SECONDS_MAX = 6 * 3600;
const THROTTLED_MS = 1000;

/** Puts a message on the queue, topic, bus or function that an ARN names. @throws AwsError when there is no such target */
export type SendTo = (arn: string, body: string, attributes?: Record<string, string>) => void;

export type EventConfig = Pick<
  FunctionEventInvokeConfig,
  'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'DestinationConfig'
> & { lastModified: Date };

export interface EventInvocations {
  /** By `name:qualifier`. */
  configs: Documents<EventConfig>;
  /** The event is on disk when this returns. */
  enqueue(invocation: Invocation): void;
  /** Goes on with what waits. Until the first call or event nothing is handled: opening a folder runs no programs. */
  resume(): void;
  /** Lets those under way end; what is not done is done again after the next start. */
  close(): Promise<void>;
}

export interface EventInvocationOptions extends FunctionScope {
  functions: FunctionTable;
  invoke: (invocation: Invocation) => Promise<InvocationResult>;
  sendTo: SendTo;
  clock: Clock;
  log: Log;
}

type Handled = InvocationResult & { deadLetterArn: string | undefined };

interface EventRow {
  number: number;
  request_id: string;
  name: string;
  qualifier: string | null;
  payload: string;
  client_context: string | null;
  attempts: number;
  created_ms: number;
  due_ms: number;
}

export function configKey({ name, qualifier = LATEST }: FunctionReference): string {
  return `${name}:${qualifier}`;
}

export function openEventInvocations(state: State, options: EventInvocationOptions): EventInvocations {
  const { functions, clock, log } = options;
  const configs = openDocuments<EventConfig>(state, 'lambda-event-config');
  const underWay = new Map<number, Promise<void>>();
  let cancelAlarm: (() => void) | undefined;
  let isClosing = false;

  function pump(): void {
    cancelAlarm?.();
    cancelAlarm = undefined;
    if (isClosing) return;
    const waiting = state
      .sql(
        `SELECT * FROM lambda_events WHERE number NOT IN (SELECT value FROM json_each(?)) ORDER BY due_ms, number LIMIT ?`,
      )
      .all(JSON.stringify([...underWay.keys()]), EVENTS_AT_ONCE_MAX) as EventRow[];
    const nowMs = clock.now().getTime();
    for (const event of waiting) {
      if (underWay.size >= EVENTS_AT_ONCE_MAX) return;
      if (event.due_ms > nowMs) {
        cancelAlarm = setAlarm(clock, new Date(event.due_ms), pump);
        return;
      }
      underWay.set(event.number, handleAndGoOn(event));
    }
  }

  async function handleAndGoOn(event: EventRow): Promise<void> {
    try {
      await handle(event);
      underWay.delete(event.number);
      pump();
    } catch (error) {
      // A full disk, say. Not again at once: the function would run over and over.
      log('error', 'an asynchronous invocation could not be recorded', {
        requestId: event.request_id,
        error: messageOf(error),
      });
      underWay.delete(event.number);
      cancelAlarm ??= setAlarm(clock, new Date(clock.now().getTime() + RETRY_MS), pump);
    }
  }

  async function handle(event: EventRow): Promise<void> {
    const reference = {
      name: event.name,
      ...(event.qualifier === null ? {} : { qualifier: event.qualifier }),
    };
    let result: InvocationResult;
    let deadLetterArn: string | undefined;
    try {
      ({ deadLetterArn } = functions.resolve(reference));
      result = await options.invoke({
        reference,
        requestId: event.request_id,
        payload: event.payload,
        ...(event.client_context === null ? {} : { clientContext: event.client_context }),
      });
    } catch (error) {
      if (isClosing) return;
      if (error instanceof Error && error.name === 'TooManyRequestsException') {
        postpone(event, event.attempts, THROTTLED_MS);
        return;
      }
      log('warn', 'an asynchronous invocation was dropped', {
        requestId: event.request_id,
        error: messageOf(error),
      });
      remove(event);
      return;
    }
    // What closing has killed is no failure of the function.
    if (isClosing && result.isError) return;
    finish(event, reference, { ...result, deadLetterArn });
  }

  function finish(event: EventRow, reference: FunctionReference, result: Handled): void {
    const config = configs.get(configKey(reference));
    const attempts = event.attempts + 1;
    const ageMs = clock.now().getTime() - event.created_ms;
    const ageMsMax = (config?.MaximumEventAgeInSeconds ?? EVENT_AGE_SECONDS_MAX) * 1000;
    const delayMs = RETRY_MS * attempts;
    if (result.isError && attempts <= (config?.MaximumRetryAttempts ?? RETRIES_MAX)) {
      if (ageMs + delayMs <= ageMsMax) {
        postpone(event, attempts, delayMs);
        return;
      }
    }
    state.transaction(() => {
      remove(event);
      handOn(event, reference, { ...result, attempts, isTooOld: ageMs + delayMs > ageMsMax }, config);
    });
  }

  function handOn(
    event: EventRow,
    reference: FunctionReference,
    result: Handled & { attempts: number; isTooOld: boolean },
    config: EventConfig | undefined,
  ): void {
    const destination = config?.DestinationConfig?.[result.isError ? 'OnFailure' : 'OnSuccess']?.Destination;
    send(destination, () => destinationBody(event, reference, result));
    send(result.isError ? result.deadLetterArn : undefined, () => event.payload, {
      RequestID: event.request_id,
      ErrorCode: '200',
      ErrorMessage: errorMessageOf(result.payload),
    });
  }

  function send(arn: string | undefined, body: () => string, attributes?: Record<string, string>): void {
    if (arn === undefined) return;
    try {
      options.sendTo(arn, body(), attributes);
    } catch (error) {
      // Lambda counts such failures in a metric; the event is gone there too.
      log('warn', 'an event could not be handed on', { to: arn, error: messageOf(error) });
    }
  }

  /** AWS docs: "Capturing records of Lambda asynchronous invocations", the record's members. */
  function destinationBody(
    event: EventRow,
    reference: FunctionReference,
    result: InvocationResult & { attempts: number; isTooOld: boolean },
  ): string {
    return JSON.stringify({
      version: '1.0',
      timestamp: clock.now().toISOString(),
      requestContext: {
        requestId: event.request_id,
        functionArn: functionArn(options, { name: reference.name, qualifier: reference.qualifier ?? LATEST }),
        condition: result.isError ? (result.isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted') : 'Success',
        approximateInvokeCount: result.attempts,
      },
      requestPayload: JSON.parse(event.payload) as unknown,
      responseContext: {
        statusCode: 200,
        executedVersion: result.executedVersion,
        ...(result.isError ? { functionError: 'Unhandled' } : {}),
      },
      responsePayload: JSON.parse(result.payload) as unknown,
    });
  }

  const remove = (event: EventRow) =>
    void state.sql('DELETE FROM lambda_events WHERE number = ?').run(event.number);
  const postpone = (event: EventRow, attempts: number, delayMs: number) =>
    void state
      .sql('UPDATE lambda_events SET attempts = ?, due_ms = ? WHERE number = ?')
      .run(attempts, clock.now().getTime() + delayMs, event.number);

  return {
    configs,
    enqueue({ reference, requestId, payload, clientContext }) {
      const nowMs = clock.now().getTime();
      state
        .sql(
          `INSERT INTO lambda_events (request_id, name, qualifier, payload, client_context, attempts, created_ms, due_ms)
           VALUES (?, ?, ?, ?, ?, 0, ?, ?)`,
        )
        .run(
          ...[requestId, reference.name, reference.qualifier ?? null],
          ...[payload, clientContext ?? null, nowMs, nowMs],
        );
      // Not now: the caller may be in a transaction that is not kept.
      setImmediate(pump);
    },
    resume: pump,
    async close() {
      isClosing = true;
      cancelAlarm?.();
      await Promise.all(underWay.values());
    },
  };
}

function errorMessageOf(payload: string): string {
  const { errorMessage } = JSON.parse(payload) as { errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : payload;
}

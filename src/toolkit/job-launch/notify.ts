// Tells an event bus or a queue what was decided and how a run ended. What cannot be told is said, and changes nothing else.
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { messageOf } from '../../base/errors.js';
import type { LaunchOutcome } from './launch.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';

/** What is told, in an event's detail and as a message of a queue. */
export interface Notice {
  schemaVersion: 1;
  kind: 'launch' | 'refuse' | 'wait' | 'run-ended';
  /** The spec's. */
  name: string;
  job: string;
  /** ISO 8601. */
  at: string;
  reason: string;
  message: string;
  eventId?: string;
  runKey?: string;
  runId?: string;
  fencingToken?: number;
  clearedCount?: number;
  tables?: string[];
}

/** AWS refuses sources that begin with `aws.`; rules match this one. */
const SOURCE = 'gluepot.launch';
const DETAIL_TYPES: Record<Notice['kind'], string> = {
  launch: 'Gluepot Job Launched',
  refuse: 'Gluepot Launch Refused',
  wait: 'Gluepot Launch Waiting',
  'run-ended': 'Gluepot Run Ended',
};

export function outcomeNotice(
  scope: LaunchScope,
  { name, start }: LaunchSpec,
  { decision, reason, message, run }: LaunchOutcome,
  eventId: string | undefined,
): Notice | undefined {
  if (decision === 'skip') return undefined;
  return {
    ...{ schemaVersion: 1, kind: decision, name, job: start.job, at: scope.clock.now().toISOString() },
    ...{ reason, message },
    ...(eventId === undefined ? {} : { eventId }),
    ...(run
      ? {
          runKey: run.runKey,
          runId: run.runId,
          fencingToken: run.fencingToken,
          clearedCount: run.clearedCount,
          tables: run.tables,
        }
      : {}),
  };
}

/** @returns what could not be told and why; nothing when all was, or when the spec has no `notify` for it */
export async function notify(
  scope: LaunchScope,
  { notify: spec }: LaunchSpec,
  notice: Notice | undefined,
): Promise<string[]> {
  if (!spec || !notice || !spec.on.includes(notice.kind)) return [];
  const { eventBus, queue } = spec;
  const told = await Promise.all([
    eventBus === undefined
      ? undefined
      : attempt(`event bus ${eventBus}`, () => putEvent(scope, eventBus, notice)),
    queue === undefined ? undefined : attempt(`queue ${queue}`, () => sendMessage(scope, queue, notice)),
  ]);
  return told.filter((problem) => problem !== undefined);
}

/** The run is started and recorded by then: a bus that is gone must not make it seem otherwise. */
async function attempt(place: string, tell: () => Promise<void>): Promise<string | undefined> {
  try {
    await tell();
    return undefined;
  } catch (error) {
    return `The ${place} could not be told: ${messageOf(error)}`;
  }
}

async function putEvent(scope: LaunchScope, EventBusName: string, notice: Notice): Promise<void> {
  const { Entries: [entry] = [] } = await scope.clients.events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName,
          Source: SOURCE,
          DetailType: DETAIL_TYPES[notice.kind],
          Time: new Date(notice.at),
          Detail: JSON.stringify(notice),
        },
      ],
    }),
  );
  // PutEvents succeeds though an entry of it fails.
  if (entry?.ErrorCode !== undefined) throw new Error(`${entry.ErrorCode} ${entry.ErrorMessage ?? ''}`);
}

async function sendMessage(scope: LaunchScope, QueueUrl: string, notice: Notice): Promise<void> {
  const key = `${notice.name} ${notice.kind} ${notice.runId ?? notice.eventId ?? ''} ${notice.at}`;
  await scope.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: JSON.stringify(notice),
      ...(QueueUrl.endsWith('.fifo')
        ? { MessageGroupId: notice.name, MessageDeduplicationId: key.replace(/[^\w-]/g, '_').slice(-128) }
        : {}),
    }),
  );
}

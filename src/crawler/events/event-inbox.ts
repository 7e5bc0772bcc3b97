// The messages of a crawler in event mode: taken when its crawl starts, gone when it has succeeded.
import type { Queues } from '../../queues/open-queues.js';
import type { RoleSession } from '../../identity/role-session.js';
import type { CrawlLog } from '../record/crawl-log.js';
import { changedObjects, type ChangedObject } from './s3-event-message.js';

/** AWS docs: "The maximum number of messages to consume is 100,000 messages per crawl". */
const MESSAGE_COUNT_MAX = 100_000;
const MESSAGES_AT_ONCE = 10;
/** Nobody else gets a crawl's messages for so long; those of a process that died come back then. */
const HIDDEN_SECONDS = 3600;

export interface EventInbox {
  messageCount: number;
  /** Objects that came or went, each once. */
  objects: readonly ChangedObject[];
  /** The crawl has seen to them. */
  acknowledge(): void;
  /** The crawl did not come to its end: the next one gets them. */
  giveBack(): void;
}

export interface InboxContext {
  queues: Queues;
  session: RoleSession;
  log: CrawlLog;
  signal: AbortSignal;
}

/**
 * Takes what is in the queue. A message that S3 did not send goes to the dead-letter queue, or stays where there is none.
 * @throws AwsError QueueDoesNotExist, AccessDeniedException; the signal's reason when it aborts
 */
export async function takeEvents(
  { queueArn, deadLetterArn }: { queueArn: string; deadLetterArn: string | undefined },
  { queues, session, log, signal }: InboxContext,
): Promise<EventInbox> {
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    session.require(action, queueArn);
  }
  const handles: string[] = [];
  const objects = new Map<string, ChangedObject>();
  const foreign: { handle: string; body: string }[] = [];
  while (handles.length + foreign.length < MESSAGE_COUNT_MAX) {
    signal.throwIfAborted();
    const messages = await queues.receive(queueArn, {
      count: MESSAGES_AT_ONCE,
      visibilitySeconds: HIDDEN_SECONDS,
      waitSeconds: 0,
    });
    if (messages.length === 0) break;
    for (const { ReceiptHandle: handle = '', body } of messages) {
      const changed = changedObjects(body);
      if (!changed) foreign.push({ handle, body });
      else {
        handles.push(handle);
        for (const object of changed) objects.set(`${object.bucket}/${object.key}`, object);
      }
    }
  }
  if (foreign.length > 0) {
    log.write(
      'WARN',
      `${foreign.length} messages in ${queueArn} are not of S3 and ${deadLetterArn === undefined ? 'stay there' : `go to ${deadLetterArn}`}.`,
    );
  }
  const giveBack = (handle: string) => queues.changeVisibility(queueArn, handle, 0);
  return {
    messageCount: handles.length,
    objects: [...objects.values()],
    acknowledge() {
      for (const handle of handles) queues.deleteMessage(queueArn, handle);
      for (const { handle, body } of foreign) {
        if (deadLetterArn === undefined) giveBack(handle);
        else {
          queues.send(deadLetterArn, body);
          queues.deleteMessage(queueArn, handle);
        }
      }
    },
    giveBack() {
      for (const handle of handles) giveBack(handle);
      for (const { handle } of foreign) giveBack(handle);
    },
  };
}

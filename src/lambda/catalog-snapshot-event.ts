// The events that ask for a snapshot: a crawler's change of state, or a schedule.
import { literal, looseObject, optional, picklist, safeParse, string, variant } from 'valibot';
import { GluepotError } from '../base/errors.js';
import type { SnapshotReason } from '../toolkit/catalog-snapshot/index.js';

export type SnapshotEvent =
  | { kind: 'schedule'; reason: SnapshotReason; labels: Record<string, string> }
  | { kind: 'crawler'; crawler: string; reason: SnapshotReason; labels: Record<string, string> };

/** AWS docs, "Automating AWS Glue with EventBridge": what a crawler's event says. */
const CRAWLER_EVENT = looseObject({
  'detail-type': literal('Glue Crawler State Change'),
  source: literal('aws.glue'),
  time: optional(string()),
  detail: looseObject({
    crawlerName: string(),
    state: string(),
  }),
});

/** What rules and EventBridge Scheduler send; the template has the scheduler send just these two members. */
const SCHEDULE_EVENT = looseObject({
  'detail-type': literal('Scheduled Event'),
  source: picklist(['aws.events', 'aws.scheduler']),
});

const EVENT = variant('detail-type', [CRAWLER_EVENT, SCHEDULE_EVENT]);

/** @throws GluepotError `usage` for anything else */
export function readSnapshotEvent(event: unknown): SnapshotEvent {
  const parsed = safeParse(EVENT, event);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = issue.path?.map(({ key }) => String(key)).join('.');
    throw new GluepotError(
      'usage',
      `This event asks for no snapshot${path ? `: ${path}` : ''}: ${issue.message}. ` +
        'Send "Glue Crawler State Change" events of aws.glue, or "Scheduled Event".',
    );
  }
  const given = parsed.output;
  if (given['detail-type'] === 'Scheduled Event')
    return { kind: 'schedule', reason: 'scheduled', labels: {} };
  const { crawlerName: crawler, state } = given.detail;
  const labels = { crawler, state, ...(given.time === undefined ? {} : { eventTime: given.time }) };
  return { kind: 'crawler', crawler, reason: state === 'Started' ? 'pre-crawl' : 'post-crawl', labels };
}

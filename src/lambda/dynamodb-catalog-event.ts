// The events that ask for a catalog of DynamoDB tables: a schedule, a table that was made or deleted, a run that is to go on.
import * as v from 'valibot';
import { GluepotError } from '../base/errors.js';

export type DynamodbCatalogEvent =
  /** All tables, or those behind the name `after`. */
  | { kind: 'all'; after: string | undefined; continuations: number }
  | { kind: 'table'; TableName: string; eventName: 'CreateTable' | 'DeleteTable' };

/** Of the function's own events. */
export const CONTINUATION_SOURCE = 'gluepot.dynamodb-catalog';
export const CONTINUATION_TYPE = 'DynamoDB Catalog Continuation';

/** A run is handed on so many times at most: something is wrong by then. */
export const CONTINUATIONS_MAX = 100;

const SCHEDULE_EVENT = v.looseObject({
  'detail-type': v.literal('Scheduled Event'),
  source: v.picklist(['aws.events', 'aws.scheduler']),
});

/** AWS docs, "AWS service events delivered via CloudTrail". */
const TABLE_EVENT = v.looseObject({
  'detail-type': v.literal('AWS API Call via CloudTrail'),
  source: v.literal('aws.dynamodb'),
  detail: v.looseObject({
    eventName: v.picklist(['CreateTable', 'DeleteTable']),
    errorCode: v.optional(v.string()),
    requestParameters: v.looseObject({ tableName: v.pipe(v.string(), v.minLength(1)) }),
  }),
});

const CONTINUATION_EVENT = v.looseObject({
  'detail-type': v.literal(CONTINUATION_TYPE),
  source: v.literal(CONTINUATION_SOURCE),
  detail: v.object({
    after: v.string(),
    continuations: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(CONTINUATIONS_MAX)),
  }),
});

const EVENT = v.variant('detail-type', [SCHEDULE_EVENT, TABLE_EVENT, CONTINUATION_EVENT]);

/** @throws GluepotError `usage` for anything else */
export function readDynamodbCatalogEvent(event: unknown): DynamodbCatalogEvent {
  const parsed = v.safeParse(EVENT, event);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = issue.path?.map(({ key }) => String(key)).join('.');
    throw new GluepotError(
      'usage',
      `This event asks for no catalog of tables${path ? `: ${path}` : ''}: ${issue.message}. Send "Scheduled Event", ` +
        '"AWS API Call via CloudTrail" of aws.dynamodb with CreateTable or DeleteTable, or the function’s own continuation.',
    );
  }
  const given = parsed.output;
  switch (given['detail-type']) {
    case 'Scheduled Event':
      return { kind: 'all', after: undefined, continuations: 0 };
    case 'DynamoDB Catalog Continuation':
      return { kind: 'all', ...given.detail };
    case 'AWS API Call via CloudTrail': {
      const { eventName, requestParameters } = given.detail;
      // CloudTrail has the ARN where the caller gave one.
      const TableName = requestParameters.tableName.split('/').at(-1) as string;
      return { kind: 'table', TableName, eventName };
    }
  }
}

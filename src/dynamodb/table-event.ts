// What CloudTrail tells EventBridge of a table that is made, changed or deleted.
// Source: AWS docs, "Events from AWS services delivered via CloudTrail" and "CloudTrail record contents".
import type { AwsEvent } from '../events/event.js';
import { tableArn } from './table-name.js';

export interface Caller {
  callerArn: string;
  requestId: string;
}

export function tableEvent(
  eventName: 'CreateTable' | 'UpdateTable' | 'DeleteTable',
  facts: Caller & {
    eventId: string;
    now: Date;
    accountId: string;
    region: string;
    /** The operation's input and the name of its table. */
    input: object;
    tableName: string;
    tableStatus: string;
  },
): AwsEvent {
  const { accountId, region, tableName, callerArn } = facts;
  return {
    source: 'aws.dynamodb',
    detailType: 'AWS API Call via CloudTrail',
    resources: [],
    detail: {
      eventVersion: '1.09',
      userIdentity: {
        type: callerArn.includes(':assumed-role/') ? 'AssumedRole' : 'Root',
        arn: callerArn,
        accountId,
      },
      eventTime: `${facts.now.toISOString().slice(0, 19)}Z`,
      eventSource: 'dynamodb.amazonaws.com',
      eventName,
      awsRegion: region,
      requestParameters: withLowerFirst({ ...facts.input, TableName: tableName }),
      responseElements: {
        tableDescription: {
          tableName,
          tableStatus: facts.tableStatus,
          tableArn: tableArn(region, accountId, tableName),
        },
      },
      requestID: facts.requestId,
      eventID: facts.eventId,
      readOnly: false,
      eventType: 'AwsApiCall',
      apiVersion: '2012-08-10',
      managementEvent: true,
      recipientAccountId: accountId,
      eventCategory: 'Management',
    },
  };
}

// CloudTrail spells members with a small first letter.
function withLowerFirst(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      withLowerFirst(member),
    ]),
  );
}

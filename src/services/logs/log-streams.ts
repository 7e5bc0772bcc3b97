// CloudWatch Logs operations on log streams.
import type { LogStore } from '../../logs/open-log-groups.js';
import type { LogStream } from '../../logs/log-stream.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { pageOf, requireGroup } from './page.js';

export function logStreamOperations({ streams }: LogStore) {
  return {
    CreateLogStream({ logGroupName, logStreamName }) {
      streams.create(logGroupName, logStreamName);
      return {};
    },
    DescribeLogStreams(input, { region, accountId }) {
      const group = requireGroup(input);
      const { logStreamNamePrefix, orderBy = 'LogStreamName', descending = false, limit, nextToken } = input;
      if (logStreamNamePrefix !== undefined && orderBy === 'LastEventTime') {
        throw new AwsError(
          'InvalidParameterException',
          'Cannot order by LastEventTime with a logStreamNamePrefix.',
        );
      }
      const [page, answer] = pageOf(nextToken, limit, (after, count) =>
        streams
          .list(group, {
            ...(logStreamNamePrefix === undefined ? {} : { prefix: logStreamNamePrefix }),
            orderBy: orderBy === 'LastEventTime' ? 'last-event' : 'name',
            descending,
            offset: Number(after),
            count,
          })
          .map((stream, index) => ({ item: stream, position: String(Number(after) + index + 1) })),
      );
      const groupArn = `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
      return { logStreams: page.map((stream) => toLogStream(stream, groupArn)), ...answer };
    },
    DeleteLogStream({ logGroupName, logStreamName }) {
      streams.delete(logGroupName, logStreamName);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-cloudwatch-logs')>;
}

function toLogStream(stream: LogStream, groupArn: string) {
  return {
    logStreamName: stream.name,
    creationTime: stream.created.getTime(),
    ...(stream.firstEvent ? { firstEventTimestamp: stream.firstEvent.getTime() } : {}),
    ...(stream.lastEvent ? { lastEventTimestamp: stream.lastEvent.getTime() } : {}),
    ...(stream.lastIngestion ? { lastIngestionTime: stream.lastIngestion.getTime() } : {}),
    arn: `${groupArn}:log-stream:${stream.name}`,
    // Always 0 since June 2019 (AWS docs: LogStream, storedBytes).
    storedBytes: 0,
  };
}

// The last lines that a crawl or a job run logged, for the message about its failure.
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { messageOf } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import type { ResourceScope } from './stack-scope.js';

const LINE_COUNT = 10;

/** Never fails: a log that cannot be read is a line that says so, because the failure it belongs to matters more. */
export async function lastLogLines(
  scope: Pick<ResourceScope<'logs'>, 'clients' | 'signal'>,
  logGroupName: string,
  logStreamName: string,
): Promise<string[]> {
  try {
    const { events } = await scope.clients.logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, limit: LINE_COUNT, startFromHead: false }),
      { abortSignal: scope.signal },
    );
    return (events ?? []).map((event) => (event.message ?? '').trimEnd());
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return [];
    return [`(log ${logGroupName}/${logStreamName} cannot be read: ${messageOf(error)})`];
  }
}

export function withLog(message: string, lines: readonly string[]): string {
  if (lines.length === 0) return message;
  return [message, 'Its last log lines:', ...lines.map((line) => `  ${line}`)].join('\n');
}

// StartLiveTail: the events of log groups as they arrive.
import {
  SessionTimeoutException,
  type LiveTailSessionStart,
  type StartLiveTailRequest,
  type StartLiveTailResponseStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { compileFilter } from '../../logs/filter/filter-pattern.js';
import type { LiveTail, TailedEvent } from '../../logs/live-tail.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked, Operations } from '../../wire/service.js';
import type { LogsServiceParts } from './index.js';
import { groupNameOf } from './page.js';

export function liveTailOperations({ logs, clock, ids, closing }: LogsServiceParts) {
  return {
    StartLiveTail(input, context) {
      const groups = new Map(input.logGroupIdentifiers.map((each) => [groupOf(each), each]));
      for (const name of groups.keys()) logs.groups.get(name);
      const updates = logs.liveTail({
        groups: [...groups.keys()],
        filter: compileFilter(input.logEventFilterPattern ?? ''),
        isStreamMeant: streamTest(input),
        clock,
        signal: closing,
      });
      const identifierOf = (group: string) => groups.get(group) as string;
      const start = { requestId: context.requestId, sessionId: ids.uuid(), ...input };
      return { responseStream: session(start, updates, identifierOf) };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-cloudwatch-logs')>;
}

function streamTest(input: Checked<StartLiveTailRequest>): (stream: string) => boolean {
  const { logStreamNames: names, logStreamNamePrefixes: prefixes, logGroupIdentifiers } = input;
  if (names && prefixes) {
    throw invalid('logStreamNames and logStreamNamePrefixes cannot both be specified.');
  }
  if ((names ?? prefixes) && logGroupIdentifiers.length > 1) {
    throw invalid('logStreamNames and logStreamNamePrefixes can be specified for one log group only.');
  }
  if (names) return (stream) => names.includes(stream);
  return (stream) => !prefixes || prefixes.some((prefix) => stream.startsWith(prefix));
}

/** AWS docs: StartLiveTail: "If you specify an ARN, the ARN can't end with an asterisk". */
function groupOf(identifier: string): string {
  if (identifier.endsWith('*'))
    throw invalid(`The log group identifier ${identifier} must not end with an asterisk.`);
  return groupNameOf(identifier);
}

async function* session(
  sessionStart: LiveTailSessionStart,
  updates: LiveTail,
  identifierOf: (group: string) => string,
): AsyncGenerator<StartLiveTailResponseStream> {
  yield { sessionStart };
  for (;;) {
    const { value, done } = await updates.next();
    if (done && value === 'closed') return;
    if (done) {
      const timeout = new SessionTimeoutException({ message: 'Session Timed Out', $metadata: {} });
      yield { SessionTimeoutException: timeout };
      return;
    }
    yield {
      sessionUpdate: {
        sessionMetadata: { sampled: value.isSampled },
        sessionResults: value.events.map((event) => toLogEvent(event, identifierOf)),
      },
    };
  }
}

function toLogEvent(
  { stream, group, message, timestamp, ingestionMs }: TailedEvent,
  identifierOf: (group: string) => string,
) {
  return {
    logStreamName: stream,
    logGroupIdentifier: identifierOf(group),
    message,
    timestamp,
    ingestionTime: ingestionMs,
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

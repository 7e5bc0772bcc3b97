// What the operations of CloudWatch Logs share: pages with a token, and groups named by name or ARN.
import { AwsError } from '../../wire/aws-error.js';

// AWS docs: DescribeLogGroups and DescribeLogStreams, limit: "the default is up to 50 items".
const PAGE_ITEMS_DEFAULT = 50;

/** `read` gives at most `count` items after position `after`, each with its own position; '' is the beginning. */
export function pageOf<T>(
  token: string | undefined,
  limit: number = PAGE_ITEMS_DEFAULT,
  read: (after: string, count: number) => { item: T; position: string }[],
): [T[], { nextToken?: string }] {
  const found = read(token === undefined ? '' : positionOf(token), limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return [
    page.map(({ item }) => item),
    found.length > page.length && last ? { nextToken: tokenOf(last.position) } : {},
  ];
}

export function tokenOf(position: string): string {
  return Buffer.from(`after:${position}`).toString('base64url');
}

/** @throws AwsError InvalidParameterException for a token that no page gave */
export function positionOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw invalidToken(token);
}

export function invalidToken(token: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `The specified nextToken is invalid: "${token}". Use the token of the page before, as it is.`,
  );
}

/** The name of a group given by its name or by its ARN. */
export function groupNameOf(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:\d*:log-group:([^:]+)(:\*)?$/.exec(identifier)?.[1] ?? identifier;
}

/** Of `logGroupName` and `logGroupIdentifier` exactly one is given. @throws AwsError InvalidParameterException */
export function requireGroup(input: {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}): string {
  const { logGroupName, logGroupIdentifier } = input;
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw new AwsError(
      'InvalidParameterException',
      'Exactly one of logGroupName and logGroupIdentifier must be specified.',
    );
  }
  return logGroupName ?? groupNameOf(logGroupIdentifier as string);
}

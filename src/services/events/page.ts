// Pages of EventBridge's lists, with tokens that say nothing to a caller.
import { AwsError } from '../../wire/aws-error.js';

// AWS docs: Limit, 1 to 100.
const PAGE_MAX = 100;

/** `read` gives at most `count` items whose name is after a name. */
export function pageOf<T>(
  { NextToken, Limit = PAGE_MAX }: { NextToken?: string | undefined; Limit?: number | undefined },
  read: (options: { after?: string; count: number }) => T[],
  nameOf: (item: T) => string,
): [T[], { NextToken?: string }] {
  const found = read({
    count: Limit + 1,
    ...(NextToken === undefined ? {} : { after: positionOf(NextToken) }),
  });
  const page = found.slice(0, Limit);
  const last = page.at(-1);
  const hasMore = found.length > Limit && last !== undefined;
  return [page, hasMore ? { NextToken: Buffer.from(`after:${nameOf(last)}`).toString('base64url') } : {}];
}

function positionOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new AwsError(
    'ValidationException',
    `The NextToken '${token}' is not valid. Use the token of the page before.`,
  );
}

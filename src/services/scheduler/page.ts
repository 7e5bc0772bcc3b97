// Pages of Scheduler's lists, with tokens that say nothing to a caller.
import { AwsError } from '../../wire/aws-error.js';

// AWS docs: MaxResults, 1 to 100.
const PAGE_MAX = 100;

/** @param items in order of their positions */
export function pageOf<T>(
  items: readonly T[],
  positionOf: (item: T) => string,
  { NextToken, MaxResults = PAGE_MAX }: { NextToken?: string | undefined; MaxResults?: number | undefined },
): [T[], { NextToken?: string }] {
  const after = NextToken === undefined ? undefined : readToken(NextToken);
  const found = after === undefined ? items : items.filter((item) => positionOf(item) > after);
  const page = found.slice(0, MaxResults);
  const last = page.at(-1);
  const hasMore = found.length > MaxResults && last !== undefined;
  return [page, hasMore ? { NextToken: Buffer.from(`after:${positionOf(last)}`).toString('base64url') } : {}];
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new AwsError(
    'ValidationException',
    `The NextToken '${token}' is not valid. Use the token of the page before.`,
  );
}

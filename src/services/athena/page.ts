// Pages of Athena's lists: a token holds the position of the last item.
import { invalidRequest } from '../../query/execution/invalid-request.js';

/** `read` gives at most `count` items behind `after`; `positionOf` is what the next page begins behind. */
export function pageOf<T>(
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults?: number | undefined },
  countDefault: number,
  read: (after: string | undefined, count: number) => T[],
  positionOf: (item: T) => string,
): [T[], { NextToken?: string }] {
  const count = MaxResults ?? countDefault;
  const found = read(NextToken === undefined ? undefined : positionIn(NextToken), count + 1);
  const page = found.slice(0, count);
  const last = page.at(-1);
  return [
    page,
    found.length > page.length && last !== undefined ? { NextToken: tokenOf(positionOf(last)) } : {},
  ];
}

export function tokenOf(position: string): string {
  return Buffer.from(`after:${position}`).toString('base64url');
}

/** @throws AwsError InvalidRequestException for a token that no page gave */
export function positionIn(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw invalidRequest(`The NextToken '${token}' is invalid: use the token of the page before, as it is.`);
}

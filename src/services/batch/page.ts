// Pages of Batch's lists, with tokens that say nothing to a caller.
import { clientError } from '../../batch/batch-error.js';

// AWS docs: DescribeComputeEnvironments, DescribeJobQueues, DescribeJobDefinitions, maxResults.
const PAGE_MAX = 100;

/** `read` gives at most `count` items after a position, each with its own. */
export function pageOf<T>(
  { nextToken, maxResults }: { nextToken?: string | undefined; maxResults?: number | undefined },
  read: (options: { after?: string; count: number }) => { position: string; item: T }[],
): { items: T[]; nextToken?: string } {
  const count = Math.min(maxResults ?? PAGE_MAX, PAGE_MAX);
  if (count < 1) throw clientError(`maxResults must be between 1 and ${PAGE_MAX}, not ${maxResults}.`);
  const after = nextToken === undefined ? undefined : positionOf(nextToken);
  const found = read({ count: count + 1, ...(after === undefined ? {} : { after }) });
  const page = found.slice(0, count);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(found.length > count && last ? { nextToken: tokenOf(last.position) } : {}),
  };
}

export function tokenOf(position: string): string {
  return Buffer.from(`batch:${position}`).toString('base64url');
}

/** @throws AwsError ClientException for a token that no page gave */
export function positionOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('batch:')) return text.slice('batch:'.length);
  throw clientError(`The nextToken '${token}' is not valid. Use the token of the page before, as it is.`);
}

// IAM's pages: at most MaxItems, and a Marker to go on from.
import { AwsError } from '../../wire/aws-error.js';

export interface PageRequest {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

export interface PageAnswer {
  IsTruncated: boolean;
  Marker?: string;
}

// AWS docs: IAM API reference, MaxItems: "this defaults to 100".
const PAGE_ITEMS_DEFAULT = 100;

/**
 * The page of `items` after the marker, in the order of `keyOf`, whose values are unique.
 * @throws AwsError ValidationError for a marker that no page gave
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { Marker, MaxItems = PAGE_ITEMS_DEFAULT }: PageRequest,
): [T[], PageAnswer] {
  const after = Marker === undefined ? undefined : keyOfMarker(Marker);
  const rest = [...items]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .filter((item) => after === undefined || keyOf(item) > after);
  const page = rest.slice(0, MaxItems);
  const last = page.at(-1);
  return rest.length > page.length && last !== undefined
    ? [page, { IsTruncated: true, Marker: Buffer.from(`after:${keyOf(last)}`).toString('base64url') }]
    : [page, { IsTruncated: false }];
}

function keyOfMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new AwsError(
    'ValidationError',
    `Invalid Marker: "${marker}". Use the Marker of the page before, as it is.`,
  );
}

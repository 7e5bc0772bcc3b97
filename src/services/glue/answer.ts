// Answers made of JSON text that the catalog keeps ready.
import type { Page } from '../../catalog/catalog.js';
import { decodePageToken, encodePageToken } from '../../catalog/page-token.js';
import { EncodedJson } from '../../wire/service.js';

/** JSON text in wire form in the place of the structure that it encodes; the wire copies it. */
export function encoded<T>(text: string): T {
  return new EncodedJson(text) as unknown as T;
}

/** Where and how long a page is: AWS's `NextToken` and `MaxResults` as the catalog takes them. */
export function pageOptions(
  operation: string,
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults?: number | undefined },
  countMax: number,
): { after?: string; count: number } {
  const count = Math.min(MaxResults ?? countMax, countMax);
  return NextToken ? { after: decodePageToken(operation, NextToken), count } : { count };
}

/** The `NextToken` member of an answer; none at the end. */
export function nextToken(operation: string, page: Page<unknown>): { NextToken?: string } {
  return page.next === undefined ? {} : { NextToken: encodePageToken(operation, page.next) };
}

/** The structure with only the members named, of those that it has. */
export function withMembers<T>(text: string, names: readonly (keyof T & string)[]): T {
  const structure = JSON.parse(text) as T;
  return encoded(JSON.stringify(Object.fromEntries(names.map((name) => [name, structure[name]]))));
}

// Entity tags: quoted on the wire, bare in storage.

export const quoted = (etag: string): string => `"${etag}"`;

/** Takes quotes off, and the mark of a weak tag, which S3 does not have. */
export const unquoted = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

/** True when a condition's list of tags names `etag`, or is `*`. */
export function matchesEtag(condition: string, etag: string): boolean {
  return condition.split(',').some((each) => each.trim() === '*' || unquoted(each) === etag);
}

// Documents as JSON text in wire form (timestamps as seconds since the epoch), and back to what the SDK's types say.

/** Whole seconds since the epoch, as AWS Glue keeps times of catalog objects. */
export function secondsOf(time: Date): number;
export function secondsOf(time: Date | undefined): number | undefined;
export function secondsOf(time: Date | undefined): number | undefined {
  return time && Math.floor(time.getTime() / 1000);
}

/** Parses a document and turns its top-level members named in `timeMembers` into Dates. */
export function parseDocument<T>(text: string, timeMembers: readonly (keyof T & string)[]): T {
  const document = JSON.parse(text) as T;
  reviveTimes(document, timeMembers);
  return document;
}

export function reviveTimes<T>(document: T, timeMembers: readonly (keyof T & string)[]): void {
  const members = document as Record<string, unknown>;
  for (const name of timeMembers) {
    const seconds = members[name];
    if (typeof seconds === 'number') members[name] = new Date(seconds * 1000);
  }
}

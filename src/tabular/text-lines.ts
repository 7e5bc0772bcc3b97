// The first lines of a text.
const LF = 0x0a;
const CR = 0x0d;

export interface TextLines {
  lines: string[];
  /** Bytes of every line without its terminator. */
  lineBytes: number[];
}

/** At most `countMax` lines from `start` on, without empty ones; a last line without an end counts only if `isWhole`. */
export function firstLines(bytes: Buffer, start: number, isWhole: boolean, countMax: number): TextLines {
  const lines: string[] = [];
  const lineBytes: number[] = [];
  for (let at = start; at < bytes.length && lines.length < countMax;) {
    const newline = bytes.indexOf(LF, at);
    if (newline < 0 && !isWhole) break;
    let end = newline < 0 ? bytes.length : newline;
    const next = newline < 0 ? bytes.length : newline + 1;
    if (end > at && bytes[end - 1] === CR) end--;
    if (end > at) {
      lines.push(bytes.toString('utf8', at, end));
      lineBytes.push(end - at);
    }
    at = next;
  }
  return { lines, lineBytes };
}

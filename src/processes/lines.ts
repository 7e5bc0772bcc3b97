// A stream of bytes as lines of text.
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut into pieces of this many characters, so that output without line ends is bounded. */
export const LINE_CHARACTERS_MAX = 256 * 1024;

/** Calls `onLine` with each line as soon as it is complete, and with what is left at the end. Line ends are LF or CRLF. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) emitPieces(line.endsWith('\r') ? line.slice(0, -1) : line, onLine);
    while (rest.length > LINE_CHARACTERS_MAX) {
      onLine(rest.slice(0, LINE_CHARACTERS_MAX));
      rest = rest.slice(LINE_CHARACTERS_MAX);
    }
  };
  let isEnded = false;
  const end = () => {
    if (isEnded) return;
    isEnded = true;
    take(decoder.end());
    if (rest !== '') onLine(rest);
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.once('end', end);
  stream.once('close', end);
}

function emitPieces(line: string, onLine: (line: string) => void): void {
  if (line === '') onLine('');
  for (let at = 0; at < line.length; at += LINE_CHARACTERS_MAX) {
    onLine(line.slice(at, at + LINE_CHARACTERS_MAX));
  }
}

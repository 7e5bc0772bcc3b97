// Writes text that is long in coming, no faster than it is read.
import { setImmediate as otherWork } from 'node:timers/promises';

const WRITTEN_AT_ONCE = 256 * 1024;

/**
 * Ends early, and without a word, when nobody reads any more. What is short is written before this returns.
 * @param onWritten told of how many characters are written, and may throw to end it
 */
export async function writeParts(
  stream: NodeJS.WritableStream,
  parts: Iterable<string>,
  onWritten: (length: number) => void = () => {},
): Promise<void> {
  let waiting = '';
  let written = 0;
  for (const part of parts) {
    waiting += part;
    if (waiting.length < WRITTEN_AT_ONCE) continue;
    if (!(await write(stream, waiting))) return;
    written += waiting.length;
    waiting = '';
    onWritten(written);
    // Writes to files never wait, and signals would.
    await otherWork();
  }
  await write(stream, waiting);
}

/** False when nobody takes it: what went wrong the stream tells its listeners. */
function write(stream: NodeJS.WritableStream, text: string): Promise<boolean> {
  return new Promise((done) => stream.write(text, (error) => done(!error)));
}

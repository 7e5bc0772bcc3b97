// Reads part of an open file, all of it or not at all.
import { close, createReadStream, read } from 'node:fs';
import { Readable } from 'node:stream';

/**
 * Bytes `start` to `end` of the file, both included; it is closed with the stream. The stream fails when the file ends
 * before them, for another tool has cut it short: nobody shall take a part for the whole, or wait for the rest.
 */
export function readRange(descriptor: number, start: number, end: number): Readable {
  if (end >= start)
    return createReadStream('', { fd: descriptor, start, end, fs: { read: readSome, close } });
  close(descriptor);
  return Readable.from([]);
}

type Done = (error: NodeJS.ErrnoException | null, byteCount: number, buffer: Uint8Array) => void;

function readSome(
  descriptor: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
  done: Done,
): void {
  read(descriptor, buffer, offset, length, position, (error, byteCount, bytes) => {
    const isCut = !error && byteCount === 0;
    done(isCut ? new Error('The file was cut short while it was read.') : error, byteCount, bytes);
  });
}

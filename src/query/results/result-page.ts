// Pages of a result, read from the file that it was written to.
import type { Row } from '@aws-sdk/client-athena';
import { open, type FileHandle } from 'node:fs/promises';

export interface ResultPage {
  rows: Row[];
  /** Offset in the file at which the next page begins; absent at the end. */
  next?: number;
}

const CHUNK_BYTES = 256 * 1024;
const [QUOTE, COMMA, NEWLINE] = [0x22, 0x2c, 0x0a];

/**
 * At most `count` records of a CSV file as Athena writes it, from the byte `start`: every field is quoted, one that is
 * empty is null. Holds no more of the file than the page.
 */
export function csvPage(path: string, start: number, count: number): Promise<ResultPage> {
  return withFile(path, async (handle) => {
    const rows: Row[] = [];
    let offset = start;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const { chunk, isLast } = await readChunk(handle, offset + rest.length);
      const bytes = Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        if (rows.length === count)
          return at < bytes.length || !isLast ? { rows, next: offset + at } : { rows };
        const end = recordEnd(bytes, at);
        if (end < 0) break;
        rows.push({ Data: fieldsOf(bytes.subarray(at, end)) });
        at = end + 1;
      }
      if (isLast) return { rows };
      offset += at;
      rest = bytes.subarray(at);
    }
  });
}

/** Lines of a text file, each a row of one field. */
export function linePage(path: string, start: number, count: number): Promise<ResultPage> {
  return withFile(path, async (handle) => {
    const rows: Row[] = [];
    let offset = start;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const { chunk, isLast } = await readChunk(handle, offset + rest.length);
      const bytes = Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
        if (rows.length === count) return { rows, next: offset + at };
        rows.push({ Data: [{ VarCharValue: bytes.toString('utf8', at, end) }] });
        at = end + 1;
      }
      if (isLast) return { rows };
      offset += at;
      rest = bytes.subarray(at);
    }
  });
}

async function withFile<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    return await read(handle);
  } finally {
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, position: number): Promise<{ chunk: Buffer; isLast: boolean }> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
  return { chunk: buffer.subarray(0, bytesRead), isLast: bytesRead < CHUNK_BYTES };
}

/** Offset of the line end that ends the record, -1 when it is not among the bytes. */
function recordEnd(bytes: Buffer, start: number): number {
  let isQuoted = false;
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === NEWLINE && !isQuoted) return at;
  }
  return -1;
}

function fieldsOf(record: Buffer): { VarCharValue?: string }[] {
  const fields: { VarCharValue?: string }[] = [];
  for (let at = 0; ;) {
    if (record[at] !== QUOTE) {
      fields.push({});
    } else {
      let end = at + 1;
      while (record[end] !== QUOTE || record[end + 1] === QUOTE) end += record[end] === QUOTE ? 2 : 1;
      fields.push({ VarCharValue: record.toString('utf8', at + 1, end).replaceAll('""', '"') });
      at = end + 1;
    }
    if (record[at] !== COMMA) return fields;
    at += 1;
  }
}

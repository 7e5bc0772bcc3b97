// Rows of one object that a job wrote: how many, and the first ones. CSV, JSON lines and Parquet, told apart by content.
import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib';
import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import { csvRecords } from './csv-records.js';
import type { ObservedObject } from './resource.js';
import type { StackScope } from './stack-scope.js';

export interface OutputRows {
  format: 'csv' | 'json' | 'parquet';
  rowCount: number;
  columns: string[];
  /** The first rows, in the order of `columns`; null stands for no value. */
  rows: (string | null)[][];
}

/**
 * @param rowCountMax how many rows to keep; all are counted
 * CSV is taken to begin with a header, which Glue's jobs write.
 */
export async function readOutputRows(
  scope: StackScope,
  bucket: string,
  object: ObservedObject,
  rowCountMax: number,
): Promise<OutputRows> {
  if (object.size === 0) return { format: 'csv', rowCount: 0, columns: [], rows: [] };
  const head = Buffer.from(await readRange(scope, bucket, object.key, 0, Math.min(object.size, 4)));
  if (head.toString('latin1') === 'PAR1') return parquetRows(scope, bucket, object, rowCountMax);
  const text = await openText(scope, bucket, object.key, head);
  const first = await text.next();
  const start = first.done ? '' : first.value;
  const chunks = prepend(start, text);
  return /^\s*[{[]/.test(start) ? jsonRows(chunks, rowCountMax) : csvRows(chunks, rowCountMax);
}

async function csvRows(chunks: AsyncIterable<string>, rowCountMax: number): Promise<OutputRows> {
  let columns: string[] | undefined;
  const rows: string[][] = [];
  let rowCount = 0;
  for await (const record of csvRecords(chunks)) {
    if (!columns) {
      columns = record;
      continue;
    }
    rowCount++;
    if (rows.length < rowCountMax) rows.push(record);
  }
  return { format: 'csv', rowCount, columns: columns ?? [], rows };
}

async function jsonRows(chunks: AsyncIterable<string>, rowCountMax: number): Promise<OutputRows> {
  const first: Record<string, unknown>[] = [];
  let rowCount = 0;
  for await (const line of lines(chunks)) {
    if (line.trim() === '') continue;
    rowCount++;
    if (first.length < rowCountMax) first.push(JSON.parse(line) as Record<string, unknown>);
  }
  return { format: 'json', rowCount, ...tabulate(first) };
}

async function parquetRows(
  scope: StackScope,
  bucket: string,
  { key, size }: ObservedObject,
  rowCountMax: number,
): Promise<OutputRows> {
  const file: AsyncBuffer = {
    byteLength: size,
    slice: (start, end = size) => readRange(scope, bucket, key, start, end),
  };
  const metadata = await parquetMetadataAsync(file);
  const first = await parquetReadObjects({ file, metadata, rowEnd: rowCountMax, compressors: COMPRESSORS });
  return { format: 'parquet', rowCount: Number(metadata.num_rows), ...tabulate(first) };
}

// Snappy and no compression are hyparquet's own.
const COMPRESSORS = {
  GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
  BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
};

function tabulate(objects: readonly Record<string, unknown>[]): Pick<OutputRows, 'columns' | 'rows'> {
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  return { columns, rows: objects.map((object) => columns.map((column) => formatValue(object[column]))) };
}

function formatValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
}

/** Bytes from `start` up to, not including, `end`. */
async function readRange(
  scope: StackScope,
  Bucket: string,
  Key: string,
  start: number,
  end: number,
): Promise<ArrayBuffer> {
  const answer = await scope.clients.s3.send(
    new GetObjectCommand({ Bucket, Key, Range: `bytes=${start}-${end - 1}` }),
    { abortSignal: scope.signal },
  );
  const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

async function openText(
  scope: StackScope,
  Bucket: string,
  Key: string,
  head: Buffer,
): Promise<AsyncGenerator<string>> {
  const answer = await scope.clients.s3.send(new GetObjectCommand({ Bucket, Key }), {
    abortSignal: scope.signal,
  });
  const body = answer.Body as Readable;
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return decode(isGzip ? body.pipe(createGunzip()) : body);
}

async function* decode(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true });
}

async function* prepend(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}

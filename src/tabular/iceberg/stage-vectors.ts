// Deletion vectors as a file of text that DuckDB reads: which vector, and a place that it has.
import { open, type FileHandle } from 'node:fs/promises';
import { readDeletionVector } from './deletion-vector.js';
import type { DeletionVector } from './read-iceberg-files.js';

export interface PlacedVector {
  vector: DeletionVector;
  /** Of the Puffin file that it is in, on this disk. */
  path: string;
  /** Places that it has. */
  rowCount: number;
}

const LINES_AT_ONCE = 64 * 1024;

/** Writes a line `<index of the vector>,<place>` for each place. @throws IcebergError for what is damaged; the signal's reason */
export async function stageVectors(
  vectors: readonly PlacedVector[],
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const output = await open(to, 'wx');
  try {
    for (const [index, { vector, path, rowCount }] of vectors.entries()) {
      const places = readDeletionVector(await bytesAt(path, vector), rowCount);
      await writePlaces(places, index, output, signal);
    }
  } finally {
    await output.close();
  }
}

async function writePlaces(
  places: Iterable<number>,
  index: number,
  output: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  let lines: string[] = [];
  for (const place of places) {
    lines.push(`${index},${place}\n`);
    if (lines.length < LINES_AT_ONCE) continue;
    await output.writeFile(lines.join(''));
    signal.throwIfAborted();
    lines = [];
  }
  await output.writeFile(lines.join(''));
}

async function bytesAt(path: string, { offset, length }: DeletionVector): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

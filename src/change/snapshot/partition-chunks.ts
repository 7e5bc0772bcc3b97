// Cuts a table's partitions into chunks, so that one more partition changes one chunk, seldom two.
import { createHash } from 'node:crypto';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { definitionText } from '../canonical-definition.js';
import type { ObjectOf } from '../catalog-object.js';
import { partitionOrder, type ChunkEntry, type PartitionRecord } from './manifest.js';
import type { ObjectWriter } from './snapshot-store.js';
import { sortLines, type Line } from './sort-lines.js';

/** Partitions in a chunk at most. */
export const CHUNK_MAX = 1000;

/** One partition in so many ends a chunk. */
const BOUNDARY_ONE_IN = 512;

/** Chunks of a table that are written at once. */
const WRITES_MAX = 4;

/** Statistics of a table's partitions that are read at once. */
const STATISTICS_READS_MAX = 8;

/**
 * Writes the partitions as chunk objects, in the order of their values whatever order the pages come in. Memory stays
 * bounded: what does not fit is sorted on disk.
 * @param statisticsOf of a partition, when they are asked for
 */
export async function writePartitionChunks(
  writer: ObjectWriter,
  pages: AsyncIterable<ObjectOf<'partition'>[]>,
  statisticsOf?: (partition: ObjectOf<'partition'>) => Promise<unknown[]>,
): Promise<ChunkEntry[]> {
  const chunks: Promise<ChunkEntry>[] = [];
  let lines: Line[] = [];
  let lastKey: string | undefined;
  const finish = async () => {
    if (lines.length === 0) return;
    const chunk = writeChunk(writer, lines);
    // Awaited below, and not yet when it fails early.
    chunk.catch(() => {});
    chunks.push(chunk);
    lines = [];
    await chunks.at(-WRITES_MAX);
  };
  for await (const line of sortLines(linesOf(pages, statisticsOf))) {
    // A partition that two pages answered: made anew while they were read, or by a Glue that knows no segments, such as moto's.
    if (line.key === lastKey) continue;
    lastKey = line.key;
    lines.push(line);
    if (lines.length === CHUNK_MAX || isBoundary(line.key)) await finish();
  }
  await finish();
  return Promise.all(chunks);
}

async function writeChunk(writer: ObjectWriter, lines: readonly Line[]): Promise<ChunkEntry> {
  const text = `{"kind":"partitions","partitions":[\n${lines.map(({ text }) => text).join(',\n')}\n]}`;
  const reference = await writer.write(text);
  const [first, last] = [lines[0], lines.at(-1)] as [Line, Line];
  return { ...reference, count: lines.length, first: valuesOf(first), last: valuesOf(last) };
}

async function* linesOf(
  pages: AsyncIterable<ObjectOf<'partition'>[]>,
  statisticsOf?: (partition: ObjectOf<'partition'>) => Promise<unknown[]>,
): AsyncGenerator<Line> {
  for await (const page of pages) {
    const statistics = statisticsOf && (await mapConcurrently(page, STATISTICS_READS_MAX, statisticsOf));
    for (const [index, { key, definition, provenance }] of page.entries()) {
      const rest: Omit<PartitionRecord, 'definition'> = {
        ...(provenance.CreateTime ? { CreateTime: provenance.CreateTime.toISOString() } : {}),
        ...(statistics ? { statistics: statistics[index] } : {}),
      };
      const members = JSON.stringify(rest).slice(1, -1);
      const text = definitionText('partition', definition);
      yield {
        key: partitionOrder(key.Values),
        text: `{"definition":${text}${members === '' ? '' : `,${members}`}}`,
      };
    }
  }
}

// By the values alone: a partition that is changed moves no boundary, and one that is added or goes moves its own only.
function isBoundary(key: string): boolean {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % BOUNDARY_ONE_IN === 0;
}

function valuesOf({ key }: Line): string[] {
  return JSON.parse(key) as string[];
}

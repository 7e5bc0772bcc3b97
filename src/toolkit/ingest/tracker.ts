// How far the ingest of a table got, and what its output consists of: a chain of manifests, and the tracker that names the last.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { DocumentStore } from '../../change/index.js';
import { GluepotError, messageOf } from '../../base/errors.js';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.pipe(v.string(), v.regex(/^-?\d+$/));

const generationShape = v.object({
  schemaVersion: v.literal(1),
  table: v.string(),
  /** 1 for the first; each generation is one more than the one it was made from. */
  sequence: v.pipe(v.number(), v.integer(), v.minValue(0)),
  runId: v.string(),
  startedAt: v.string(),
  committedAt: v.string(),
  load: v.picklist(['full', 'incremental', 'backfill', 'compact', 'reset']),
  disposition: v.picklist(['replace', 'append', 'merge']),
  key: v.optional(v.array(v.string())),
  cursor: v.optional(
    v.object({
      name: v.string(),
      kind: v.picklist(['timestamp', 'timestamp-ns', 'text', 'date', 'integer']),
      /** The greatest position that was taken; undefined when no row had one. In the cursor's unit, see CursorKind. */
      watermark: v.optional(position),
    }),
  ),
  /** What the run read: both ends belong to it. */
  range: v.optional(v.object({ lower: v.optional(position), upper: v.optional(position) })),
  counts: v.object({
    read: count,
    added: count,
    updated: count,
    deleted: count,
    unchanged: count,
    ties: count,
  }),
  columns: v.array(v.object({ name: v.string(), type: v.string() })),
  schemaHash: v.string(),
  /** Where readers look: ends with a slash. */
  location: v.string(),
  files: v.array(v.object({ uri: v.string(), rows: count, bytes: count })),
  /** Made after the manifest is written, for readers see them from then on. */
  copies: v.array(v.object({ from: v.string(), to: v.string() })),
  /** Places that readers may still be at, and since when nobody is sent there any more. */
  replaced: v.array(v.object({ location: v.string(), at: v.string() })),
});

/** One state of a table's output: the content of a manifest, and of the tracker. */
export type Generation = v.InferOutput<typeof generationShape>;
export type OutputFile = Generation['files'][number];

export interface TrackerState {
  /** Undefined before the first run. */
  generation: Generation | undefined;
  /** Of the tracker document, undefined when there is none yet. */
  ETag: string | undefined;
}

/** A part of a document's name for any table name. */
export function documentName(table: string): string {
  return encodeURIComponent(table)
    .replace(/[.!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '=');
}

const trackerName = (table: string) => `${documentName(table)}.json`;
const manifestName = (table: string, sequence: number) =>
  `${documentName(table)}/manifests/${String(sequence).padStart(10, '0')}.json`;

/** @throws GluepotError `failed` when it is there and cannot be read: never a reason to load anew */
export async function readTracker(store: DocumentStore, table: string): Promise<TrackerState> {
  const name = trackerName(table);
  const document = await store.get(name);
  if (!document) return { generation: undefined, ETag: undefined };
  return {
    generation: parseGeneration(document.bytes, `${store.location}/${name}`, table),
    ETag: document.ETag,
  };
}

/** Undefined when there is none of that number. */
export async function readManifest(
  store: DocumentStore,
  table: string,
  sequence: number,
): Promise<Generation | undefined> {
  const name = manifestName(table, sequence);
  const document = await store.get(name);
  return document && parseGeneration(document.bytes, `${store.location}/${name}`, table);
}

/** The greatest number of a manifest, 0 when there is none. */
export async function lastManifest(store: DocumentStore, table: string): Promise<number> {
  let last = 0;
  for await (const { name } of store.list(`${documentName(table)}/manifests/`)) {
    last = Math.max(last, Number(/(\d{10})\.json$/.exec(name)?.[1] ?? 0));
  }
  return last;
}

/** Of several runs that made the same number one is let through. @throws GluepotError `conflict` for the others */
export async function writeManifest(store: DocumentStore, generation: Generation): Promise<void> {
  const { table, sequence, runId } = generation;
  try {
    await store.put(manifestName(table, sequence), bytesOf(generation), { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof GluepotError) || error.kind !== 'conflict') throw error;
    const winner = await readManifest(store, table, sequence);
    if (winner?.runId === runId) return;
    throw new GluepotError(
      'conflict',
      `Another run (${winner?.runId ?? 'unknown'}) has ingested ${table} meanwhile. What this one wrote is not used; run it again.`,
      { cause: error },
    );
  }
}

/** Nothing happens when the tracker is as far already, by whoever finished this run. @throws GluepotError `conflict` */
export async function advanceTracker(
  store: DocumentStore,
  generation: Generation,
  ETag: string | undefined,
): Promise<void> {
  const condition = ETag === undefined ? { ifAbsent: true } : { ifMatch: ETag };
  try {
    await store.put(trackerName(generation.table), bytesOf(generation), condition);
  } catch (error) {
    if (!(error instanceof GluepotError) || error.kind !== 'conflict') throw error;
    const now = await readTracker(store, generation.table);
    if ((now.generation?.sequence ?? 0) >= generation.sequence) return;
    throw error;
  }
}

/** The same for the same columns of the same types in any order. */
export function schemaHash(columns: Generation['columns']): string {
  const lines = columns.map(({ name, type }) => `${name}:${type}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}

function bytesOf(generation: Generation): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(generation, undefined, 2)}\n`);
}

function parseGeneration(bytes: Uint8Array, place: string, table: string): Generation {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw unreadable(place, table, messageOf(error), error);
  }
  const parsed = v.safeParse(generationShape, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  throw unreadable(place, table, `${path}: ${issue.message}`);
}

function unreadable(place: string, table: string, why: string, cause?: unknown): GluepotError {
  return new GluepotError(
    'failed',
    `${place}, which says how far the ingest of ${table} got, cannot be read (${why}). Put it right or restore it; nothing was loaded.`,
    { cause },
  );
}

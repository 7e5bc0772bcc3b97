// Where snapshots lie: manifests by id, objects by the hash of their content, all as gzipped JSON.
import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { GluepotError } from '../../base/errors.js';
import { sha256 } from '../canonical-definition.js';
import type { DocumentStore } from '../document-store.js';
import { DamagedSnapshotError } from './damaged-snapshot-error.js';
import { manifestText, parseManifest, type ObjectReference, type SnapshotManifest } from './manifest.js';

export const MANIFESTS = 'manifests/';
export const OBJECTS = 'objects/';
const ENDING = '.json.gz';

/** Up to here other work waits less for it than it would take to have a thread do it: well below a millisecond. */
const SMALL_BYTES = 16 * 1024;

const gzipElsewhere = promisify<string, Buffer>(gzip);
const gunzipElsewhere = promisify<Uint8Array, Buffer>(gunzip);

async function compress(text: string): Promise<Buffer> {
  return text.length <= SMALL_BYTES ? gzipSync(text) : gzipElsewhere(text);
}

async function expand(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length <= SMALL_BYTES ? gunzipSync(bytes) : gunzipElsewhere(bytes);
}

export function manifestName(id: string): string {
  return `${MANIFESTS}${id}${ENDING}`;
}

export function objectName(hash: string): string {
  return `${OBJECTS}${hash}${ENDING}`;
}

/** What stands between folder and ending in a name; undefined for what this store did not name. */
function nameWithin(folder: string, name: string): string | undefined {
  const isOurs = name.startsWith(folder) && name.endsWith(ENDING);
  return isOurs ? name.slice(folder.length, -ENDING.length) : undefined;
}

/** What a hash looks like: nothing else below objects/ is ours. */
const HASH = /^[0-9a-f]{64}$/;

/** The hash in the name of an object; undefined for what is no object. */
export function hashWithin(name: string): string | undefined {
  const hash = nameWithin(OBJECTS, name);
  return hash !== undefined && HASH.test(hash) ? hash : undefined;
}

/** Ids of all snapshots, oldest first: an id begins with the time. */
export async function snapshotIds(store: DocumentStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { name } of store.list(MANIFESTS)) {
    const id = nameWithin(MANIFESTS, name);
    if (id !== undefined) ids.push(id);
  }
  return ids.sort();
}

/** @throws GluepotError `conflict` when there is a snapshot of this id */
export async function writeManifest(store: DocumentStore, manifest: SnapshotManifest): Promise<void> {
  const bytes = await compress(manifestText(manifest));
  await store.put(manifestName(manifest.id), bytes, { ifAbsent: true });
}

/** @throws GluepotError `usage` when there is none of this id; DamagedSnapshotError */
export async function readManifest(store: DocumentStore, id: string): Promise<SnapshotManifest> {
  const found = await store.get(manifestName(id));
  if (!found) throw noSnapshot(store, id);
  let text: string;
  try {
    text = (await expand(found.bytes)).toString('utf8');
  } catch (error) {
    throw new DamagedSnapshotError(
      `The manifest ${id} in ${store.location} is damaged: it cannot be gunzipped.`,
      { cause: error },
    );
  }
  return parseManifest(id, text);
}

export function noSnapshot(store: DocumentStore, id: string): GluepotError {
  return new GluepotError('usage', `There is no snapshot ${id} in ${store.location}.`);
}

/** Writes objects that are not there yet, each once. */
export interface ObjectWriter {
  write(text: string): Promise<ObjectReference>;
  /** So far. */
  readonly written: { objects: number; bytes: number };
}

/** @param kept objects that are in the store for sure, and those that are damaged and written over */
export function openObjectWriter(
  store: DocumentStore,
  { whole, damaged }: { whole: Iterable<ObjectReference>; damaged: ReadonlySet<string> },
): ObjectWriter {
  const references = new Map<string, ObjectReference | Promise<ObjectReference>>();
  for (const { sha256: hash, size } of whole) references.set(hash, { sha256: hash, size });
  const written = { objects: 0, bytes: 0 };

  const put = async (hash: string, text: string): Promise<ObjectReference> => {
    const bytes = await compress(text);
    try {
      await store.put(objectName(hash), bytes, { ifAbsent: !damaged.has(hash) });
      written.objects++;
      written.bytes += bytes.length;
    } catch (error) {
      // The same content, written by another snapshot.
      if (!(error instanceof GluepotError && error.kind === 'conflict')) throw error;
    }
    return { sha256: hash, size: bytes.length };
  };

  return {
    written,
    async write(text) {
      const hash = sha256(text);
      let reference = references.get(hash);
      if (!reference) references.set(hash, (reference = put(hash, text)));
      return reference;
    },
  };
}

/** The JSON of an object. @throws DamagedSnapshotError when it is missing or is not what its name says */
export type ReadObject = <T>(reference: ObjectReference) => Promise<T>;

/** Parsed objects that a reader keeps: a few chunks of a thousand partitions each, for those who ask one by one. */
const CACHED_MAX = 16;

/** Reads objects, and keeps those that were asked for last. */
export function cachedObjects(store: DocumentStore): ReadObject {
  const cached = new Map<string, Promise<unknown>>();
  return async <T>({ sha256: hash }: ObjectReference) => {
    const found = cached.get(hash) ?? readObjectText(store, hash).then((text) => JSON.parse(text) as unknown);
    cached.delete(hash);
    cached.set(hash, found);
    for (const oldest of cached.keys()) {
      if (cached.size <= CACHED_MAX) break;
      cached.delete(oldest);
    }
    return (await found) as T;
  };
}

/** @throws DamagedSnapshotError when it is missing or is not what its name says */
export async function readObjectText(store: DocumentStore, hash: string): Promise<string> {
  const damaged = (why: string, cause?: unknown) =>
    new DamagedSnapshotError(`Object ${objectName(hash)} in ${store.location} ${why}.`, { cause });
  const found = await store.get(objectName(hash));
  if (!found) throw damaged('is missing');
  let text: string;
  try {
    text = (await expand(found.bytes)).toString('utf8');
  } catch (error) {
    throw damaged('is damaged: it cannot be gunzipped', error);
  }
  if (sha256(text) !== hash) throw damaged('is damaged: its content has another checksum');
  return text;
}

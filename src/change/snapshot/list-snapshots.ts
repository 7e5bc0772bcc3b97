// Which snapshots there are, and which one somebody means.
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import type { SnapshotManifest } from './manifest.js';
import { readManifests } from './read-manifests.js';
import { snapshotIds } from './snapshot-store.js';

/** A manifest without its tables. */
export type SnapshotSummary = Omit<SnapshotManifest, 'databases'> & { size: number };

export type ListedSnapshot = { id: string } & ({ summary: SnapshotSummary } | { problem: string });

/**
 * Newest first. A manifest that cannot be read is listed with its problem.
 * @param options.limit the newest so many; all when not given
 */
export async function* listSnapshots(
  store: DocumentStore,
  { limit }: { limit?: number | undefined } = {},
): AsyncGenerator<ListedSnapshot> {
  const newestFirst = (await snapshotIds(store)).reverse().slice(0, limit);
  for await (const one of readManifests(store, newestFirst)) {
    yield 'problem' in one ? one : { id: one.id, summary: summaryOf(one.manifest) };
  }
}

/** `size` is what its objects take in the store, in bytes, those that it shares with other snapshots included. */
export function summaryOf({ databases, ...manifest }: SnapshotManifest): SnapshotSummary {
  let size = 0;
  for (const database of databases) {
    size += database.size;
    for (const table of database.tables) {
      size += table.size + table.chunks.reduce((sum, chunk) => sum + chunk.size, 0);
    }
  }
  return { ...manifest, size };
}

/**
 * The id that `text` stands for: an id, the beginning of just one, or `latest`.
 * @throws GluepotError `usage` when it is none or several
 */
export async function resolveSnapshotId(store: DocumentStore, text: string): Promise<string> {
  const ids = await snapshotIds(store);
  if (text === 'latest') {
    const newest = ids.at(-1);
    if (newest !== undefined) return newest;
    throw new GluepotError('usage', `There is no snapshot in ${store.location} yet.`);
  }
  if (ids.includes(text)) return text;
  const matching = text === '' ? [] : ids.filter((id) => id.startsWith(text));
  if (matching.length === 1) return matching[0] as string;
  const why =
    matching.length === 0
      ? `There is no snapshot ${JSON.stringify(text)} in ${store.location}`
      : `${JSON.stringify(text)} is the beginning of ${matching.length} snapshots`;
  throw new GluepotError(
    'usage',
    `${why}. Give an id that \`gluepot catalog snapshot list\` shows, or latest.`,
  );
}

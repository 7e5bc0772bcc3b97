// Removing files that no reader can be at any more: of replaced states, and of runs that came to nothing.
import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { GluepotError } from '../../base/errors.js';
import { isRunId } from './ingest-scope.js';
import { listObjects, parseS3Place, s3Uri } from './s3-place.js';
import type { Generation } from './tracker.js';

/** A run may be at work for so long before its files count as left behind. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;
const KEYS_A_CALL = 1000;

/** Removes what was replaced `keepMs` ago, and what runs left that never committed. Answers how many objects went. */
export async function cleanUp(
  s3: S3Client,
  tableRoot: string,
  generation: Generation,
  { keepMs, nowMs }: { keepMs: number; nowMs: number },
): Promise<number> {
  const root = parseS3Place(tableRoot, 'The output');
  const current = new Set(generation.files.map(({ uri }) => uri));
  const replacedAt = new Map(generation.replaced.map(({ location, at }) => [location, Date.parse(at)]));
  const expired = (await listObjects(s3, root)).filter((object) => {
    const runId = object.key.slice(root.prefix.length).split('/')[0] ?? '';
    if (!isRunId(runId) || current.has(s3Uri(object))) return false;
    const folder = `${tableRoot}${runId}/`;
    if (folder === generation.location) return false;
    const replacedMs = replacedAt.get(folder);
    return replacedMs === undefined
      ? object.lastModified.getTime() <= nowMs - Math.max(ABANDONED_MS, keepMs)
      : replacedMs <= nowMs - keepMs;
  });
  for (let at = 0; at < expired.length; at += KEYS_A_CALL) {
    const Objects = expired.slice(at, at + KEYS_A_CALL).map(({ key }) => ({ Key: key }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: root.bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) {
      throw new GluepotError('failed', `${first.Key} could not be removed: ${first.Code}: ${first.Message}`);
    }
  }
  return expired.length;
}

/** The places that have still to be kept, or removed, after a clean-up. */
export function stillReplaced(
  generation: Generation | undefined,
  { keepMs, nowMs }: { keepMs: number; nowMs: number },
): Generation['replaced'] {
  return (generation?.replaced ?? []).filter(({ at }) => Date.parse(at) > nowMs - keepMs);
}

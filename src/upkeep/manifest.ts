// A backup's manifest.json: what is in it, with checksums. It is written last, so that a backup with one is complete.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { GluepotError, messageOf } from '../base/errors.js';

export const MANIFEST_NAME = 'manifest.json';
/** Grows when an older gluepot could not restore what this one backs up. */
export const MANIFEST_FORMAT = 1;

// Inside the data directory and nowhere else, whoever wrote the manifest.
const Path = v.pipe(
  v.string(),
  v.check((path) => path === 'gluepot.db' || path.startsWith('s3/'), 'is no part of a data directory'),
  v.check((path) => !path.split('/').some((name) => ['', '.', '..'].includes(name)), 'leads elsewhere'),
);

const FileEntry = v.strictObject({
  path: Path,
  /** Bytes. */
  size: v.number(),
  /** Modification time in milliseconds, with a fraction: attributes of objects hold for it. */
  mtimeMs: v.number(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const Manifest = v.strictObject({
  format: v.literal(MANIFEST_FORMAT),
  /** Version of the gluepot that made the backup. */
  gluepot: v.string(),
  createdAt: v.string(),
  folders: v.array(Path),
  files: v.array(FileEntry),
});

export type FileEntry = v.InferOutput<typeof FileEntry>;
export type Manifest = v.InferOutput<typeof Manifest>;

/** @throws GluepotError `usage` for a folder that is no backup, `failed` for a manifest that cannot be read */
export function readManifest(backup: string): Manifest {
  const path = join(backup, MANIFEST_NAME);
  if (!existsSync(path)) {
    throw new GluepotError(
      'usage',
      `${backup} is no complete backup: it has no ${MANIFEST_NAME}. Name a folder that "gluepot local backup" has made.`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new GluepotError('failed', `${path} cannot be read: ${messageOf(error)}. Nothing was restored.`, {
      cause: error,
    });
  }
  const parsed = v.safeParse(Manifest, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new GluepotError(
    'failed',
    `${path} is not a manifest that this gluepot understands: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}. ` +
      'Nothing was restored. Was it made by a newer gluepot, or changed?',
  );
}

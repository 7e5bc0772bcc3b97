// Checks what the state remembers of objects and uploads against the files that are there.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Finding } from '../state/finding.js';
import type { State } from '../state/state.js';
import { keyPaths } from './key-path.js';
import { openObjectFiles } from './object-files.js';
import { listStoredFiles } from './stored-files.js';

interface AttributeRow {
  bucket: string;
  key: string;
  mtime_ms: number;
  size: number;
  etag: string;
}

/**
 * @param folder that of all buckets, as it was given; it need not be there
 * @param options.content also reads every object whose ETag is an MD5, and compares
 */
export async function checkStorage(
  state: State,
  folder: string,
  options: { content: boolean },
): Promise<Finding[]> {
  if (!existsSync(folder)) return [];
  const root = realpathSync.native(folder);
  const paths = keyPaths(root);
  const files = openObjectFiles(state, paths);
  const rowsOf = <Row>(query: string) => state.sql(query).all() as Row[];
  const findings: Finding[] = [];
  const find = (severity: Finding['severity'], names: readonly string[], what: string) => {
    if (names.length === 0) return;
    findings.push({ severity, area: 's3', message: `${names.length} ${what}, e.g. ${names[0]}.` });
  };

  const gone = new Set<string>();
  const changed = new Set<string>();
  const damaged: string[] = [];
  const records = rowsOf<AttributeRow>('SELECT bucket, key, mtime_ms, size, etag FROM s3_attributes');
  const holding = new Set<string>();
  for (const { bucket, key, mtime_ms: mtimeMs, size, etag } of records) {
    const name = `s3://${bucket}/${key}`;
    const file = files.find(bucket, key);
    if (!file) gone.add(name);
    else if (file.stats.mtimeMs !== mtimeMs || file.stats.size !== size) changed.add(name);
    else {
      holding.add(name);
      const isMd5 = /^[0-9a-f]{32}$/.test(etag);
      if (options.content && isMd5 && (await md5Of(file.path)) !== etag) damaged.push(name);
    }
  }
  const outdated = [...changed].filter((name) => !holding.has(name));
  find('error', damaged, 'objects do not have the content that was written (their MD5 differs)');
  find('warning', [...gone], 'objects are gone from their folders, and only their attributes are kept');
  find('warning', outdated, 'objects were changed by another tool, and have lost their attributes by that');

  const escapedKeys = rowsOf<{ bucket: string; key: string }>('SELECT bucket, key FROM s3_escaped_keys');
  const known = new Set(escapedKeys.map(({ bucket, key }) => paths.escaped(bucket, key)));
  const stored = listStoredFiles(root);
  const nameless = stored.files.filter(
    (path) => path.startsWith('.escaped/') && !known.has(join(root, path)),
  );
  const unplaced = escapedKeys.filter(({ bucket, key }) => !files.escapedFile(bucket, key));
  find('error', nameless, 'files in .escaped belong to no key, so that their objects cannot be read');
  find(
    'warning',
    unplaced.map(({ bucket, key }) => `s3://${bucket}/${key}`),
    'escaped keys have no file, and are forgotten at the next start',
  );
  find('warning', stored.others, 'things in buckets are neither files nor folders, and no objects for that');

  const parts = rowsOf<{ bucket: string | null; key: string; upload_id: string; file: string }>(
    `SELECT u.bucket, u.key, p.upload_id, p.file FROM s3_parts p LEFT JOIN s3_uploads u USING (upload_id)`,
  );
  const lostParts = parts.filter(
    ({ bucket, upload_id: id, file }) =>
      bucket !== null && !existsSync(join(paths.uploadFolder(bucket), id, file)),
  );
  const uploadIds = new Set(
    rowsOf<{ upload_id: string }>('SELECT upload_id FROM s3_uploads').map((row) => row.upload_id),
  );
  const strayParts = stored.files.filter(
    (path) => path.startsWith('.uploads/') && !uploadIds.has(path.split('/')[2] as string),
  );
  find(
    'error',
    lostParts.map(({ bucket, key, upload_id: id }) => `s3://${bucket}/${key} upload ${id}`),
    'parts of uploads are gone, so that these can only be aborted',
  );
  find('warning', strayParts, 'parts belong to no upload, and are removed at the next start');
  const unowned = parts.filter(({ bucket }) => bucket === null);
  find(
    'warning',
    unowned.map((part) => part.upload_id),
    'parts are recorded of uploads that are not there',
  );

  const unfinished = join(root, '.unfinished');
  if (existsSync(unfinished)) {
    find('warning', readdirSync(unfinished), 'writes were never finished, and are removed at the next start');
  }
  const settings = rowsOf<{ key: string }>("SELECT key FROM documents WHERE kind = 's3-bucket'");
  const missing = settings.map(({ key }) => key).filter((name) => !stored.folders.includes(basename(name)));
  find('warning', missing, 'buckets have lost their folder');
  return findings;
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

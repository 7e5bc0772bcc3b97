// What a stack file uploads, as objects: local files, globs of them, and generated data.
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join, posix, relative, resolve, sep } from 'node:path';
import { GluepotError, messageOf } from '../../base/errors.js';
import { generateData } from './demo-data.js';
import { objectOfBytes } from './object-of-bytes.js';
import type { WantedObject } from './resource.js';
import type { UploadSpec } from './spec.js';

/**
 * The objects of all uploads, each key once.
 * @param folder what relative paths start from: the stack file's folder
 * @throws GluepotError `usage` for files that are not there, a glob without a match, two uploads to one key
 */
export async function wantedObjects(uploads: readonly UploadSpec[], folder: string): Promise<WantedObject[]> {
  const objects = new Map<string, WantedObject>();
  for (const upload of uploads) {
    for (const object of upload.generate === undefined
      ? await fileObjects(upload, folder)
      : generatedObjects(upload)) {
      const other = objects.get(object.key);
      if (other) {
        throw new GluepotError(
          'usage',
          `Both ${other.source} and ${object.source} are to be uploaded to ${object.key}. Give each its own key.`,
        );
      }
      objects.set(object.key, object);
    }
  }
  return [...objects.values()];
}

function generatedObjects(upload: UploadSpec): WantedObject[] {
  const dataset = upload.generate as NonNullable<UploadSpec['generate']>;
  return generateData(dataset, upload).map(({ name, content }) =>
    objectOfBytes(upload.to + name, Buffer.from(content), `generated ${dataset}`),
  );
}

async function fileObjects(upload: UploadSpec, folder: string): Promise<WantedObject[]> {
  const from = upload.from as string;
  const { root, files } = findFiles(from, folder);
  if (files.length === 0) {
    throw new GluepotError(
      'usage',
      `bucket.upload: no file matches ${JSON.stringify(from)} in ${resolve(folder)}.`,
    );
  }
  if (files.length > 1 && !upload.to.endsWith('/')) {
    throw new GluepotError(
      'usage',
      `bucket.upload: ${JSON.stringify(from)} matches ${files.length} files, but "to" is the one key ${JSON.stringify(upload.to)}. End it in "/".`,
    );
  }
  const objects: WantedObject[] = [];
  for (const path of files) {
    const below = relative(root, path).split(sep).join('/');
    objects.push(await fileObject(path, upload.to.endsWith('/') ? upload.to + below : upload.to));
  }
  return objects;
}

async function fileObject(path: string, key: string): Promise<WantedObject> {
  const { size } = statSync(path);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer);
    md5.update(chunk as Buffer);
  }
  return {
    key,
    size,
    sha256: sha256.digest('hex'),
    md5: md5.digest('hex'),
    source: path,
    open: (range) => createReadStream(path, range),
  };
}

// The folder above the first wildcard is what keys are counted from; for a plain file it is the file's own folder.
function findFiles(from: string, folder: string): { root: string; files: string[] } {
  const pattern = from.split(sep).join('/');
  const wildcardAt = pattern.search(/[*?]/);
  if (wildcardAt === -1) {
    const path = resolve(folder, from);
    requireFile(path, from);
    return { root: resolve(path, '..'), files: [path] };
  }
  const staticPart = pattern.slice(0, pattern.lastIndexOf('/', wildcardAt) + 1);
  const root = resolve(folder, staticPart);
  const matcher = globMatcher(pattern.slice(staticPart.length));
  const files = listFiles(root, from)
    .filter((path) => matcher.test(relative(root, path).split(sep).join('/')))
    .sort();
  return { root, files };
}

function requireFile(path: string, from: string): void {
  let isFile: boolean;
  try {
    isFile = statSync(path).isFile();
  } catch (error) {
    throw new GluepotError(
      'usage',
      `bucket.upload: ${JSON.stringify(from)} cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
  if (!isFile) {
    const inside = posix.join(from, '**');
    throw new GluepotError(
      'usage',
      `bucket.upload: ${JSON.stringify(from)} is a folder. Write ${JSON.stringify(inside)} for all files in it.`,
    );
  }
}

function listFiles(root: string, from: string): string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !basename(path).startsWith('.') && statSync(path).isFile());
  } catch (error) {
    throw new GluepotError(
      'usage',
      `bucket.upload: ${JSON.stringify(from)} cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** `*` and `?` stay inside a path segment; `**` crosses them. */
function globMatcher(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[\\^$.+()[\]{}|]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`, 's');
}

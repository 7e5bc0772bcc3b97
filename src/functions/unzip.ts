// Unpacks a function's zip file into a folder: only into it, and only so much.
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../base/errors.js';
import { invalidValue } from './lambda-error.js';

/** AWS docs: Lambda quotas, deployment package size unzipped: 250 MB. */
export const UNPACKED_BYTES_MAX = 250 * 1024 * 1024;
const ENTRIES_MAX = 50_000;
const LINK_CHARACTERS_MAX = 4096;

// The upper half of an entry's external attributes is its mode when it was made on a Unix.
const MODE_SHIFT = 16;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * `folder` is made. What an entry claims of its size is checked against what comes out of it, and names that lead out of
 * the folder are refused (yauzl's own checks). Symbolic links are made last, so that nothing is written through one.
 * @throws AwsError InvalidParameterValueException when it is no zip file or too large
 */
export async function unzip(zip: Uint8Array, folder: string): Promise<void> {
  try {
    const file = await fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.length), {
      lazyEntries: true,
      strictFileNames: true,
    });
    if (file.entryCount > ENTRIES_MAX)
      throw new Error(`it has ${file.entryCount} entries, more than ${ENTRIES_MAX}`);
    await mkdir(folder, { recursive: true });
    const links: { path: string; target: string }[] = [];
    let byteCount = 0;
    for await (const entry of file.eachEntry()) {
      byteCount += entry.uncompressedSize;
      if (byteCount > UNPACKED_BYTES_MAX) throw new Error(`it holds more than ${UNPACKED_BYTES_MAX} bytes`);
      const path = join(folder, entry.fileName);
      if (entry.fileName.endsWith('/')) await mkdir(path, { recursive: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        if (isLink(entry)) links.push({ path, target: await linkTarget(file, entry, path, folder) });
        else await pipeline(await file.openReadStreamPromise(entry), createWriteStream(path));
      }
    }
    for (const { path, target } of links) await symlink(target, path);
  } catch (error) {
    throw invalidValue(`The zip file could not be unpacked: ${messageOf(error)}.`, { cause: error });
  }
}

function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> MODE_SHIFT) & FILE_TYPE) === SYMBOLIC_LINK;
}

async function linkTarget(file: ZipFile, entry: Entry, path: string, folder: string): Promise<string> {
  if (entry.uncompressedSize > LINK_CHARACTERS_MAX) throw new Error(`the link ${entry.fileName} is too long`);
  const target = await text(await file.openReadStreamPromise(entry));
  const leadsTo = resolve(dirname(path), target);
  if (leadsTo === folder || leadsTo.startsWith(folder + sep)) return target;
  throw new Error(`the link ${entry.fileName} leads out of it, to ${target}`);
}

// What the killed writer writes: versions of keys, whose content says which version it is.

export const BUCKET = 'lake';

/** Plain files, a file beside a folder of its name, keys that no file can be named after. */
export const PUT_KEYS = ['a', 'a/b', 'c/d/e', 'x//y', '../up'];

/** Written in two parts. */
export const PARTS_KEY = 'in/parts';

/** Begun in each run of the writer, and never completed by it. */
export const PENDING_KEY = 'pending';

/** The content of a version of a key; all are of one size. */
export function versionText(key: string, version: number): string {
  return `${String(version).padStart(6, '0')} of ${key} `.repeat(2000);
}

/** The parts of a version of PARTS_KEY: the first as large as it must be for another to follow. */
export function versionParts(version: number): Buffer[] {
  return [
    Buffer.alloc(5 * 1024 * 1024, String(version).padStart(6, '0')),
    Buffer.from(versionText(PARTS_KEY, version)),
  ];
}

// Has a folder of code changed? Asked before each invocation of a function that runs from one.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders with more files are looked at up to this many: an invocation must not take seconds to begin. */
const FILES_MAX = 5_000;

/** A text that changes when a file is added, removed or written. What is in node_modules is taken as it is. */
export function folderFingerprint(folder: string): string {
  let fileCount = 0;
  let newestMs = 0;
  let byteCount = 0;
  const waiting = [folder];
  for (let current = waiting.pop(); current !== undefined && fileCount < FILES_MAX; current = waiting.pop()) {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') waiting.push(path);
        continue;
      }
      const stats = statSync(path, { throwIfNoEntry: false });
      if (!stats) continue;
      fileCount++;
      byteCount += stats.size;
      newestMs = Math.max(newestMs, stats.mtimeMs, stats.ctimeMs);
    }
  }
  return `${fileCount}/${byteCount}/${newestMs}`;
}

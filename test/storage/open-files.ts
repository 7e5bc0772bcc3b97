// Which files below a folder this process holds open; other tests share the process, so the rest says nothing. Linux only.
import { readdirSync, readlinkSync } from 'node:fs';

export function openFilesBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map(targetOf)
    .filter((path) => path.startsWith(`${folder}/`));
}

function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // Closed since the folder was read.
    return '';
  }
}

// The next state of a table's output, from what was loaded: which files it has, where, and what has to be copied there.
import type { FileCopy } from './copy-files.js';
import type { LoadedRows } from './load-request.js';
import type { Generation, OutputFile } from './tracker.js';

export interface UploadedFile {
  /** The file's name below its folder. */
  name: string;
  rows: number;
  bytes: number;
}

export interface Layout {
  /** Where written files go first. */
  uploadTo: string;
  location: string;
  kept: OutputFile[];
  /** Of the files that stay, to where nobody looks before the catalog points there: made before the commit. */
  moves: FileCopy[];
  /** Whether written files are seen where they are uploaded, or copied to the location when all is committed. */
  isInPlace: boolean;
}

/**
 * Whatever rewrites a file goes to a folder of its own, with copies of the files that stay, and the table's location moves
 * there. One that only adds a file adds it to the folder that readers are at, which they see whole or not at all.
 */
export function layOut(
  tableRoot: string,
  runId: string,
  base: Generation | undefined,
  loaded: Pick<LoadedRows, 'written' | 'rewritten'>,
  isFull: boolean,
): Layout {
  const uploadTo = `${tableRoot}${runId}/`;
  if (!base || isFull) return { uploadTo, location: uploadTo, kept: [], moves: [], isInPlace: true };
  const kept = base.files.filter((_, number) => !loaded.rewritten.has(number));
  // Readers of the root, where the original job wrote, would see this run's folder below it too.
  const isAddition = loaded.rewritten.size === 0 && loaded.written.length <= 1 && base.location !== tableRoot;
  if (isAddition) return { uploadTo, location: base.location, kept, moves: [], isInPlace: false };
  const moved = kept.map((file, index) => {
    const name = file.uri.slice(file.uri.lastIndexOf('/') + 1);
    return {
      ...file,
      uri: `${uploadTo}kept-${String(index).padStart(5, '0')}-${name.replace(/^kept-\d{5}-/, '')}`,
    };
  });
  const moves = kept.map(({ uri, bytes }, index) => ({
    from: uri,
    to: (moved[index] as OutputFile).uri,
    bytes,
  }));
  return { uploadTo, location: uploadTo, kept: moved, moves, isInPlace: true };
}

/** All files, and the copies to where readers are, which only the commit may bring about. */
export function withWritten(layout: Layout, runId: string, uploaded: readonly UploadedFile[]) {
  const files = [...layout.kept];
  const copies: Generation['copies'] = [];
  for (const { name, rows, bytes } of uploaded) {
    const from = `${layout.uploadTo}${name}`;
    const uri = layout.isInPlace ? from : `${layout.location}${runId}-${name}`;
    if (!layout.isInPlace) copies.push({ from, to: uri });
    files.push({ uri, rows, bytes });
  }
  return { files, copies };
}

// What a bookmark remembers of one source, and which of its files are new by that.

/** A file as a listing shows it. */
export interface ListedFile {
  bucket: string;
  key: string;
  lastModifiedMs: number;
  etag: string;
}

export interface SourceMark {
  /** All files that were modified until then were read. */
  untilMs: number;
  /** Of files modified later those that were read, as they were then: by address. */
  read: Record<string, string>;
}

export interface Band {
  /** When the files were listed. */
  listedMs: number;
  /** Files modified so shortly before are remembered one by one, since others may turn up with such a time. */
  bandMs: number;
  /** So many are remembered; further ones are left to the next run. */
  fileCountMax: number;
}

export const NOTHING_READ: SourceMark = { untilMs: -1, read: {} };

/** A file that was replaced has another time or another content, and has not been read. */
export function isRead(mark: SourceMark, file: ListedFile): boolean {
  return file.lastModifiedMs <= mark.untilMs || mark.read[addressOf(file)] === stampOf(file);
}

/** Of files that were not read those that a run may take: all but what its band has no room for, which are the newest. */
export function withinBand<File extends ListedFile>(
  mark: SourceMark,
  files: readonly File[],
  band: Band,
): File[] {
  const startMs = band.listedMs - band.bandMs;
  const isRecent = (file: ListedFile) => file.lastModifiedMs > startMs;
  const remembered = Object.values(mark.read).filter((stamp) => Number.parseInt(stamp, 10) > startMs).length;
  const recent = files.filter(isRecent).sort((one, other) => one.lastModifiedMs - other.lastModifiedMs);
  const taken = new Set(recent.slice(0, Math.max(0, band.fileCountMax - remembered)));
  return files.filter((file) => !isRecent(file) || taken.has(file));
}

/** The mark when `taken` are read. @param left new files that are not */
export function nextMark(
  mark: SourceMark,
  { taken, left, band }: { taken: readonly ListedFile[]; left: readonly ListedFile[]; band: Band },
): SourceMark {
  const oldestLeftMs = left.reduce((least, file) => Math.min(least, file.lastModifiedMs), Infinity);
  const untilMs = Math.max(mark.untilMs, Math.min(band.listedMs - band.bandMs, oldestLeftMs - 1));
  const read = { ...mark.read, ...Object.fromEntries(taken.map((file) => [addressOf(file), stampOf(file)])) };
  const later = Object.entries(read).filter(([, stamp]) => Number.parseInt(stamp, 10) > untilMs);
  return { untilMs, read: Object.fromEntries(later) };
}

function addressOf({ bucket, key }: ListedFile): string {
  return `${bucket}/${key}`;
}

function stampOf({ lastModifiedMs, etag }: ListedFile): string {
  return `${lastModifiedMs} ${etag}`;
}

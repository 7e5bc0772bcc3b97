// Whether SQLite's write-ahead log is whole. SQLite itself takes a log up to its first bad frame and forgets the rest
// without a word; that is right for a transaction that was being written, and a loss for those that were acknowledged.
// Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;

export interface LogDamage {
  reason: string;
  /** Bytes from the beginning that are good. */
  goodBytes: number;
}

/**
 * What acknowledged transactions may be lost by opening the state with this log; undefined when none. A process that
 * dies while it writes leaves at most one unfinished transaction. After a power failure, commits that were not yet synced
 * may look like a loss, and are told as one.
 */
export function logDamage(log: Buffer): LogDamage | undefined {
  const header = log.subarray(0, HEADER_BYTES);
  // Neither was ever synced, so nothing in it was acknowledged.
  if (header.length < HEADER_BYTES || header.every((byte) => byte === 0)) return undefined;
  const magic = header.readUInt32BE(0);
  const isBigEndian = magic === MAGIC_BIG_ENDIAN;
  let sum = checksum([0, 0], header.subarray(0, 24), isBigEndian);
  if ((!isBigEndian && magic !== MAGIC_LITTLE_ENDIAN) || !isSum(header, 24, sum)) {
    return { reason: 'it does not begin as a log of SQLite does', goodBytes: 0 };
  }
  const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(8);
  const salt = header.subarray(16, 24);
  let goodBytes = HEADER_BYTES;
  for (; goodBytes + frameBytes <= log.length; goodBytes += frameBytes) {
    const frame = log.subarray(goodBytes, goodBytes + frameBytes);
    sum = checksum(sum, frame.subarray(0, 8), isBigEndian);
    sum = checksum(sum, frame.subarray(FRAME_HEADER_BYTES), isBigEndian);
    if (!isOfThisLog(frame, salt) || !isSum(frame, 16, sum)) break;
  }
  let lostCount = 0;
  for (let at = goodBytes; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + FRAME_HEADER_BYTES);
    const isCommit = frame.readUInt32BE(4) > 0;
    if (isOfThisLog(frame, salt) && isCommit) lostCount++;
  }
  if (lostCount <= 1) return undefined;
  return {
    reason: `it is damaged at byte ${goodBytes}, before ${lostCount} finished transactions`,
    goodBytes,
  };
}

/** Frames of an earlier round, which are overwritten one by one, have another salt. */
function isOfThisLog(frame: Buffer, salt: Buffer): boolean {
  return frame.subarray(8, 16).equals(salt);
}

type Sum = [number, number];

function checksum([first, second]: Sum, bytes: Buffer, isBigEndian: boolean): Sum {
  for (let at = 0; at < bytes.length; at += 8) {
    const low = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const high = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + low + second) >>> 0;
    second = (second + high + first) >>> 0;
  }
  return [first, second];
}

function isSum(bytes: Buffer, at: number, [first, second]: Sum): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

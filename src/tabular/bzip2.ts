// Bzip2, as far as the start of a file goes: Node reads gzip and Brotli only.

const BLOCK_START = 0x314159265359;
const STREAM_END = 0x177245385090;
const GROUP_SYMBOLS = 50;
const CODE_LENGTH_MAX = 20;

/** The stored bytes ended within a block. */
class OutOfBytes extends Error {}

export interface Unpacked {
  bytes: Buffer;
  /** The content ends here, rather than where the stored bytes or `bytesMax` do. */
  isWhole: boolean;
}

/**
 * At least `bytesMax` bytes of the content where there are as many, whole blocks of up to 900 kB always.
 * @throws Error that says what is broken
 */
export function bunzip2Start(stored: Buffer, bytesMax: number): Unpacked {
  const level = (stored[3] ?? 0) - 0x30;
  if (stored.toString('latin1', 0, 3) !== 'BZh' || level < 1 || level > 9)
    throw new Error('it has no bzip2 header');
  const bits = bitReader(stored, 4);
  const parts: Buffer[] = [];
  let byteCount = 0;
  try {
    while (byteCount < bytesMax) {
      const mark = bits.read(24) * 2 ** 24 + bits.read(24);
      if (mark === STREAM_END) return { bytes: Buffer.concat(parts), isWhole: true };
      if (mark !== BLOCK_START) throw new Error('a block does not begin where it should');
      const block = readBlock(bits, level * 100_000);
      parts.push(block);
      byteCount += block.length;
    }
  } catch (error) {
    if (!(error instanceof OutOfBytes)) throw error;
  }
  return { bytes: Buffer.concat(parts), isWhole: false };
}

type Bits = ReturnType<typeof bitReader>;

function bitReader(bytes: Buffer, start: number) {
  let at = start;
  let held = 0;
  let heldCount = 0;
  return {
    /** Up to 24 bits. */
    read(count: number): number {
      while (heldCount < count) {
        if (at >= bytes.length) throw new OutOfBytes();
        held = ((held & 0xffffff) << 8) | bytes[at++]!;
        heldCount += 8;
      }
      heldCount -= count;
      return (held >>> heldCount) & (2 ** count - 1);
    },
  };
}

function readBlock(bits: Bits, sizeMax: number): Buffer {
  bits.read(16);
  bits.read(16); // the checksum, which is not looked at
  if (bits.read(1) === 1) throw new Error('it is of a kind that no bzip2 has written since 1997');
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  const groups = readGroups(bits, symbols.length + 2);
  const last = readMoveToFront(bits, symbols, groups, sizeMax);
  if (origin >= last.length) throw new Error('a block refers to what it does not hold');
  return undoRuns(undoBurrowsWheeler(last, origin));
}

function readSymbols(bits: Bits): number[] {
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((used & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) {
      if ((columns & (0x8000 >> column)) !== 0) symbols.push(row * 16 + column);
    }
  }
  if (symbols.length === 0) throw new Error('a block has no symbols');
  return symbols;
}

interface Groups {
  selectors: number[];
  tables: HuffmanTable[];
}

interface HuffmanTable {
  /** By code length: the largest code, and what to add to a code for its place in `order`. */
  limits: number[];
  offsets: number[];
  order: number[];
}

function readGroups(bits: Bits, alphabetSize: number): Groups {
  const tableCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (tableCount < 2 || tableCount > 6 || selectorCount === 0)
    throw new Error('a block has no tables of codes');
  const front = Array.from({ length: tableCount }, (_, index) => index);
  const selectors = Array.from({ length: selectorCount }, () => {
    let place = 0;
    while (bits.read(1) === 1)
      if (++place >= tableCount) throw new Error('a block selects a table that is not there');
    const [table] = front.splice(place, 1) as [number];
    front.unshift(table);
    return table;
  });
  const tables = Array.from({ length: tableCount }, () => {
    let length = bits.read(5);
    const lengths = Array.from({ length: alphabetSize }, () => {
      while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1;
      if (length < 1 || length > CODE_LENGTH_MAX) throw new Error('a code is of no possible length');
      return length;
    });
    return huffmanTable(lengths);
  });
  return { selectors, tables };
}

function huffmanTable(lengths: readonly number[]): HuffmanTable {
  const order = lengths.map((_, symbol) => symbol).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const limits: number[] = [];
  const offsets: number[] = [];
  let code = 0;
  let place = 0;
  for (let length = 1; length <= CODE_LENGTH_MAX; length++) {
    const count = lengths.filter((each) => each === length).length;
    offsets[length] = place - code;
    code += count;
    place += count;
    limits[length] = code - 1;
    code *= 2;
  }
  return { limits, offsets, order };
}

function readCode(bits: Bits, { limits, offsets, order }: HuffmanTable): number {
  let code = 0;
  for (let length = 1; length <= CODE_LENGTH_MAX; length++) {
    code = (code << 1) | bits.read(1);
    if (code <= limits[length]!) {
      const symbol = order[code + offsets[length]!];
      if (symbol !== undefined) return symbol;
    }
  }
  throw new Error('a code is unknown');
}

function readMoveToFront(
  bits: Bits,
  symbols: number[],
  { selectors, tables }: Groups,
  sizeMax: number,
): Buffer {
  const front = [...symbols];
  const end = symbols.length + 1;
  const bytes = Buffer.allocUnsafe(sizeMax);
  let size = 0;
  let run = 0;
  let runPlace = 1;
  const endRun = () => {
    if (size + run > sizeMax) throw new Error('a block is longer than its stream allows');
    bytes.fill(front[0]!, size, size + run);
    size += run;
    run = 0;
    runPlace = 1;
  };
  for (let count = 0; ; count++) {
    const selector = selectors[Math.floor(count / GROUP_SYMBOLS)];
    if (selector === undefined) throw new Error('a block is longer than its tables of codes');
    const symbol = readCode(bits, tables[selector]!);
    if (symbol <= 1) {
      run += runPlace * (symbol + 1);
      runPlace *= 2;
      if (run > sizeMax) throw new Error('a block is longer than its stream allows');
      continue;
    }
    endRun();
    if (symbol === end) return bytes.subarray(0, size);
    const [byte] = front.splice(symbol - 1, 1) as [number];
    front.unshift(byte);
    if (size >= sizeMax) throw new Error('a block is longer than its stream allows');
    bytes[size++] = byte;
  }
}

function undoBurrowsWheeler(last: Buffer, origin: number): Buffer {
  const starts = new Uint32Array(256);
  for (const byte of last) starts[byte]!++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  const next = new Uint32Array(last.length);
  for (let at = 0; at < last.length; at++) next[starts[last[at]!]!++] = at;
  const bytes = Buffer.allocUnsafe(last.length);
  for (let at = next[origin]!, index = 0; index < bytes.length; index++) {
    bytes[index] = last[at]!;
    at = next[at]!;
  }
  return bytes;
}

/** Four equal bytes are followed by how many more there are. */
function undoRuns(packed: Buffer): Buffer {
  const parts: Buffer[] = [];
  let partStart = 0;
  let equal = 0;
  for (let at = 0; at < packed.length; at++) {
    equal = at > partStart && packed[at] === packed[at - 1] ? equal + 1 : 1;
    if (equal < 4 || at + 1 >= packed.length) continue;
    const more = packed[at + 1]!;
    parts.push(packed.subarray(partStart, at + 1), Buffer.alloc(more, packed[at]));
    at++;
    partStart = at + 1;
    equal = 0;
  }
  parts.push(packed.subarray(partStart));
  return Buffer.concat(parts);
}

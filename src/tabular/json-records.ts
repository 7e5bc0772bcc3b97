// Reads JSON values one after another from the start of a text and notes their types, without building the values.
import {
  ARRAY,
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INT,
  JsonObservation,
  STRING,
  STRUCT,
  type ObservedMember,
} from './json-observation.js';

/** Deeper nesting is refused: it is not data, and it would exhaust the stack. */
const DEPTH_MAX = 200;

export interface JsonRecords {
  recordCount: number;
  /** Of the records that are objects: their members are the columns. */
  objects: JsonObservation;
  /** Of the records that are arrays. */
  arrays: JsonObservation;
  /** Where and why reading stopped before the end; undefined at the end or at `recordMax`. */
  failure: JsonFailure | undefined;
}

export interface JsonFailure {
  /** Bytes from the start. */
  offset: number;
  reason: string;
  /** The text ends within a record that is right so far. */
  isCut: boolean;
}

/**
 * The first `recordMax` objects and arrays of `bytes` from `start` on, with any white space between them. A record that
 * is broken or cut ends the reading and leaves no trace in the observations.
 */
export function readJsonRecords(bytes: Buffer, start: number, recordMax: number): JsonRecords {
  const reader = new JsonReader(bytes, start);
  const records: JsonRecords = {
    recordCount: 0,
    objects: new JsonObservation(),
    arrays: new JsonObservation(),
    failure: undefined,
  };
  while (records.recordCount < recordMax && reader.hasMore()) {
    try {
      reader.readRecord(records);
      records.recordCount++;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      // The failed record is half noted, so the good ones are read again by themselves.
      const failure = {
        offset: error.offset,
        reason: error.message,
        isCut: reader.isRestBlank(error.offset),
      };
      return { ...readJsonRecords(bytes, start, records.recordCount), failure };
    }
  }
  return records;
}

class JsonSyntaxError extends Error {
  constructor(
    readonly offset: number,
    reason: string,
  ) {
    super(reason);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

class JsonReader {
  private depth = 0;

  constructor(
    private readonly bytes: Buffer,
    private position: number,
  ) {}

  hasMore(): boolean {
    this.skipSpaces();
    return this.position < this.bytes.length;
  }

  isRestBlank(offset: number): boolean {
    while (isSpace(this.bytes[offset])) offset++;
    return offset >= this.bytes.length;
  }

  readRecord(records: JsonRecords): void {
    const first = this.bytes[this.position];
    if (first === OPEN_BRACE) this.readObject(records.objects);
    else if (first === OPEN_BRACKET) this.readArray(records.arrays);
    else this.fail('a record is neither an object nor an array');
  }

  private readValue(observation: JsonObservation): void {
    const first = this.bytes[this.position];
    switch (first) {
      case QUOTE:
        this.skipString();
        observation.kinds |= STRING;
        return;
      case OPEN_BRACE:
        return this.readObject(observation);
      case OPEN_BRACKET:
        return this.readArray(observation);
      case 0x74:
        this.skipWord(TRUE);
        observation.kinds |= BOOLEAN;
        return;
      case 0x66:
        this.skipWord(FALSE);
        observation.kinds |= BOOLEAN;
        return;
      case 0x6e:
        return this.skipWord(NULL);
      default:
        if (first !== MINUS && !isDigit(first)) this.fail('a value is missing');
        observation.kinds |= this.readNumber();
    }
  }

  private readObject(observation: JsonObservation): void {
    observation.kinds |= STRUCT;
    this.enter();
    this.skipSpaces();
    if (this.bytes[this.position] === CLOSE_BRACE) return this.leave();
    for (let expected = 0; ; expected++) {
      expected = this.readName(observation, expected);
      this.skipSpaces();
      if (this.bytes[this.position] !== COLON) this.fail('a colon is missing');
      this.position++;
      this.skipSpaces();
      this.readValue(observation.members[expected]!.observation);
      this.skipSpaces();
      const next = this.bytes[this.position];
      if (next === CLOSE_BRACE) return this.leave();
      if (next !== COMMA) this.fail('a comma or the end of an object is missing');
      this.position++;
      this.skipSpaces();
    }
  }

  private readArray(observation: JsonObservation): void {
    observation.kinds |= ARRAY;
    this.enter();
    this.skipSpaces();
    if (this.bytes[this.position] === CLOSE_BRACKET) return this.leave();
    for (;;) {
      this.readValue(observation.item);
      this.skipSpaces();
      const next = this.bytes[this.position];
      if (next === CLOSE_BRACKET) return this.leave();
      if (next !== COMMA) this.fail('a comma or the end of an array is missing');
      this.position++;
      this.skipSpaces();
    }
  }

  /** Reads a member's name and gives its index. Records repeat their names in order, so the next one is tried first. */
  private readName(observation: JsonObservation, expected: number): number {
    if (this.bytes[this.position] !== QUOTE) this.fail('the name of a member is missing');
    const member = observation.members[expected];
    const start = this.position + 1;
    if (member && this.isNameAt(member, start)) {
      this.position = start + member.rawName.length + 1;
      return expected;
    }
    this.skipString();
    const rawName = this.bytes.subarray(start, this.position - 1);
    const name = rawName.includes(BACKSLASH)
      ? (JSON.parse(this.bytes.toString('utf8', start - 1, this.position)) as string)
      : rawName.toString('utf8');
    return observation.indexOfMember(name, rawName);
  }

  private isNameAt({ rawName }: ObservedMember, start: number): boolean {
    if (this.bytes[start + rawName.length] !== QUOTE) return false;
    for (let index = 0; index < rawName.length; index++) {
      if (this.bytes[start + index] !== rawName[index]) return false;
    }
    return true;
  }

  private skipString(): void {
    const { bytes } = this;
    let at = this.position + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) at = this.endOfEscape(at);
      else if (byte === undefined || byte < 0x20) this.fail('a string is not closed', at);
      else at++;
    }
    this.position = at + 1;
  }

  private endOfEscape(at: number): number {
    const escaped = this.bytes[at + 1];
    if (escaped !== 0x75) {
      if (escaped === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(escaped))) {
        this.fail('an escape in a string is unknown', at + 1);
      }
      return at + 2;
    }
    for (let digit = at + 2; digit < at + 6; digit++) {
      const byte = this.bytes[digit];
      if (byte === undefined || !/[0-9a-f]/i.test(String.fromCharCode(byte))) {
        this.fail('an escape in a string is unknown', digit);
      }
    }
    return at + 6;
  }

  private skipWord(word: Buffer): void {
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[this.position + index] !== word[index])
        this.fail('a value is unknown', this.position + index);
    }
    this.position += word.length;
  }

  /** int within 32 bits, bigint within 64, double beyond and with a decimal point or exponent. */
  private readNumber(): number {
    const { bytes } = this;
    const start = this.position;
    let at = bytes[start] === MINUS ? start + 1 : start;
    const skipDigits = () => {
      const first = at;
      while (isDigit(bytes[at])) at++;
      if (at === first) this.fail('a number has no digits', at);
    };
    skipDigits();
    const digitCount = at - start;
    let isInteger = true;
    if (bytes[at] === POINT) {
      isInteger = false;
      at++;
      skipDigits();
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      isInteger = false;
      at++;
      if (bytes[at] === MINUS || bytes[at] === 0x2b) at++;
      skipDigits();
    }
    this.position = at;
    if (!isInteger) return DOUBLE;
    if (digitCount < 10) return INT;
    const value = BigInt(bytes.toString('latin1', start, at));
    if (BigInt.asIntN(32, value) === value) return INT;
    return BigInt.asIntN(64, value) === value ? BIGINT : DOUBLE;
  }

  private enter(): void {
    if (++this.depth > DEPTH_MAX) this.fail(`it is nested deeper than ${DEPTH_MAX} levels`);
    this.position++;
  }

  private leave(): void {
    this.depth--;
    this.position++;
  }

  private skipSpaces(): void {
    while (isSpace(this.bytes[this.position])) this.position++;
  }

  private fail(reason: string, offset = this.position): never {
    throw new JsonSyntaxError(offset, reason);
  }
}

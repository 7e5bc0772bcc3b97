// Avro's whole numbers of 64 bits.
import avsc from 'avsc';

/** Whole numbers of 64 bits as texts: JavaScript's numbers have no room for all of them. */
export const LONG_AS_TEXT = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE().toString(),
  toBuffer: (text: string) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(BigInt(text));
    return buffer;
  },
  fromJSON: String,
  toJSON: (text: string) => text,
  isValid: (value: unknown) => typeof value === 'string',
  compare: (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b))),
});

// The fields of a protobuf message whose schema is known by numbers only.

export interface ProtobufFields {
  /** 0 when it is absent. */
  number(field: number): number;
  /** Empty when it is absent. */
  bytes(field: number): Buffer;
  /** All of a repeated field. */
  messages(field: number): Buffer[];
}

/** @throws Error when the message ends within a field */
export function readFields(message: Buffer): ProtobufFields {
  const numbers = new Map<number, number>();
  const buffers = new Map<number, Buffer[]>();
  const reader = varintReader(message);
  while (reader.hasMore()) {
    const key = reader.next();
    const field = Math.floor(key / 8);
    const kind = key % 8;
    if (kind === 0) numbers.set(field, reader.next());
    else if (kind === 2) {
      const value = reader.take(reader.next());
      buffers.set(field, [...(buffers.get(field) ?? []), value]);
    } else if (kind === 1) reader.take(8);
    else if (kind === 5) reader.take(4);
    else throw new Error('a field is of no known kind');
  }
  return {
    number: (field) => numbers.get(field) ?? 0,
    bytes: (field) => Buffer.concat(buffers.get(field) ?? []),
    messages: (field) => buffers.get(field) ?? [],
  };
}

export function readPackedNumbers(bytes: Buffer): number[] {
  const reader = varintReader(bytes);
  const numbers: number[] = [];
  while (reader.hasMore()) numbers.push(reader.next());
  return numbers;
}

function varintReader(bytes: Buffer) {
  let at = 0;
  return {
    hasMore: () => at < bytes.length,
    next(): number {
      let value = 0;
      for (let place = 1; ; place *= 128) {
        const byte = bytes[at++];
        if (byte === undefined || place > 128 ** 9) throw new Error('a number is cut');
        value += (byte & 0x7f) * place;
        if (byte < 0x80) return value;
      }
    },
    take(length: number): Buffer {
      if (at + length > bytes.length) throw new Error('a field is cut');
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
}

// A partition's values as one text that sorts as they do: first by the first key, then by the second, each in the
// order of its declared type. Values that are not of the type come after those that are.
import type { Column } from '@aws-sdk/client-glue';
import { type KeyType, keyTypeOf } from './key-type.js';

// Every position ends with END, the lowest character in a key; a value's own low characters are escaped. So the texts
// that begin with `prefix + END` are exactly those from it up to `prefix + AFTER_END`.
export const END = '\u0001';
const ESCAPE = '\u0002';
export const AFTER_END = ESCAPE;

/** Begins the form of a value that is not of its key's type; above all forms of those that are. */
export const UNCAST = '~';

/** Above every form in compareText's order: the half of a code point that comes after all whole ones. */
export const CEILING = '\uDFFF';

export interface KeyCodec {
  types: readonly KeyType[];
  encode(values: readonly string[]): string;
  decode(key: string): DecodedKey;
}

export interface DecodedKey {
  values: string[];
  /** What compares, one a position; see sortFormOf. */
  forms: string[];
  /** `ends[n]` is where position n ends in the key. */
  ends: number[];
}

/** The part of a key by which a position compares: equal values have equal forms, and their order is the forms' order. */
function sortFormOf(type: KeyType, value: string): string {
  if (isTextual(type)) return escape(value);
  return type.sortForm(value) ?? UNCAST + escape(value);
}

export function isTextual({ kind }: KeyType): boolean {
  return kind === 'text' || kind === 'unsupported';
}

export function keyCodec(keys: readonly Column[]): KeyCodec {
  const types = keys.map((key) => keyTypeOf(key.Type));
  // Partitions may have been made when the table had more keys than now.
  const typeAt = (position: number) => types[position] ?? keyTypeOf();
  return {
    types,
    encode: (values) =>
      values
        .map((value, position) => {
          const type = typeAt(position);
          const form = sortFormOf(type, value);
          if (isTextual(type)) return form + END;
          // `01` and `1` are equal integers but different partitions: the value itself follows its form.
          return form + END + (form === value || form.startsWith(UNCAST) ? '' : escape(value)) + END;
        })
        .join(''),
    decode(key) {
      const decoded: DecodedKey = { values: [], forms: [], ends: [] };
      for (let start = 0; start < key.length;) {
        const formEnd = key.indexOf(END, start);
        const form = key.slice(start, formEnd);
        let value = form;
        start = formEnd + 1;
        if (!isTextual(typeAt(decoded.values.length))) {
          const valueEnd = key.indexOf(END, start);
          value = form.startsWith(UNCAST) ? form.slice(UNCAST.length) : key.slice(start, valueEnd) || form;
          start = valueEnd + 1;
        }
        decoded.values.push(unescape(value));
        decoded.forms.push(form);
        decoded.ends.push(start);
      }
      return decoded;
    },
  };
}

// U+0000 is escaped too: SQLite's texts end there.
const LOW_CHARACTERS = new RegExp(`[\\0-${ESCAPE}]`, 'g');
const ESCAPED = new RegExp(`${ESCAPE}([^])`, 'g');

/** A value as the form that texts compare by. */
export function escape(value: string): string {
  return value.replace(
    LOW_CHARACTERS,
    (character) => ESCAPE + String.fromCharCode(character.charCodeAt(0) + 3),
  );
}

export function unescape(form: string): string {
  return form.replace(ESCAPED, (_, code: string) => String.fromCharCode(code.charCodeAt(0) - 3));
}

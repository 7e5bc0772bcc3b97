// Column types in Hive's language, as structures that can be merged, printed and read back.

export type HiveType =
  | { kind: 'primitive'; name: string }
  | { kind: 'array'; item: HiveType }
  | { kind: 'map'; key: HiveType; value: HiveType }
  | { kind: 'struct'; members: { name: string; type: HiveType }[] };

export const primitive = (name: string): HiveType => ({ kind: 'primitive', name });

/**
 * The type of a column in which no value was seen. It gives way to any other type in a merge and is spelled `string`,
 * as AWS spells it (seen in a crawled table: keys that were null in every record are `string`).
 */
export const noValueSeen: HiveType = primitive('void');

export const isNoValueSeen = (type: HiveType): boolean => type.kind === 'primitive' && type.name === 'void';

/** `struct<a:int,b:array<string>>` and the like, as the Data Catalog spells it. */
export function formatHiveType(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return isNoValueSeen(type) ? 'string' : type.name;
    case 'array':
      return `array<${formatHiveType(type.item)}>`;
    case 'map':
      return `map<${formatHiveType(type.key)},${formatHiveType(type.value)}>`;
    case 'struct':
      return `struct<${type.members.map((member) => `${member.name}:${formatHiveType(member.type)}`).join(',')}>`;
  }
}

/**
 * Reads what formatHiveType writes. Spaces around the punctuation are allowed, member names keep their case and may hold
 * anything but `:`; an unknown word is taken as a primitive (`decimal(10,2)`, `varchar(5)`). Throws an Error that
 * names the text and the offset when brackets or names are missing.
 */
export function parseHiveType(text: string): HiveType {
  let offset = 0;

  const fail = (expected: string): never => {
    throw new Error(`Column type '${text}' is not a Hive type: expected ${expected} at offset ${offset}.`);
  };
  const skipSpaces = () => {
    while (text[offset] === ' ') offset++;
  };
  const take = (character: string): boolean => {
    skipSpaces();
    if (text[offset] !== character) return false;
    offset++;
    return true;
  };
  const expect = (character: string) => {
    if (!take(character)) fail(`'${character}'`);
  };
  const match = (pattern: RegExp, expected: string): string => {
    skipSpaces();
    pattern.lastIndex = offset;
    const found = pattern.exec(text)?.[0] ?? fail(expected);
    offset += found.length;
    return found.trim();
  };

  const parseStruct = (): HiveType => {
    const members: { name: string; type: HiveType }[] = [];
    if (take('>')) return { kind: 'struct', members };
    do {
      const name = match(/[^:]+/y, 'a member name');
      expect(':');
      members.push({ name, type: parseType() });
    } while (take(','));
    expect('>');
    return { kind: 'struct', members };
  };

  const parseType = (): HiveType => {
    const word = match(/[A-Za-z][A-Za-z0-9_ ]*(\([^)]*\))?/y, 'a type');
    if (!/^(array|map|struct)$/i.test(word) || !take('<')) return primitive(word);
    switch (word.toLowerCase()) {
      case 'struct':
        return parseStruct();
      case 'array': {
        const item = parseType();
        expect('>');
        return { kind: 'array', item };
      }
      default: {
        const key = parseType();
        expect(',');
        const value = parseType();
        expect('>');
        return { kind: 'map', key, value };
      }
    }
  };

  const type = parseType();
  skipSpaces();
  if (offset < text.length) fail('the end');
  return type;
}

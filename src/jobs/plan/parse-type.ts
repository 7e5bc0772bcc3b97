// Reads a column's type: Hive's language as the Data Catalog has it, and the names that AWS Glue's mappings use.
import { primitive, type HiveType } from '../../tabular/hive-type.js';

/** Other names of the same type: Spark's and AWS Glue's to Hive's. */
const SYNONYMS: Readonly<Record<string, string>> = {
  integer: 'int',
  long: 'bigint',
  short: 'smallint',
  byte: 'tinyint',
  bool: 'boolean',
  real: 'float',
  numeric: 'decimal(10,0)',
  decimal: 'decimal(10,0)',
  dec: 'decimal(10,0)',
  bigdecimal: 'decimal(38,18)',
  null: 'string',
  choice: 'string',
};

const PLAIN = new Set(
  'tinyint smallint int bigint float double boolean string date timestamp binary'.split(' '),
);

/** @returns undefined when `text` is not a type. `array`, `map` and `struct` without what is in them are not. */
export function parseType(text: string): HiveType | undefined {
  let rest = text.trim();

  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest);
    if (!match) return undefined;
    rest = rest.slice(match[0].length);
    return match[1] ?? match[0];
  };

  const type = (): HiveType | undefined => {
    const word = take(/^\s*([a-z_]+)/i)?.toLowerCase();
    if (word === undefined) return undefined;
    if (word === 'array' && take(/^\s*</)) {
      const item = type();
      return item && take(/^\s*>/) ? { kind: 'array', item } : undefined;
    }
    if (word === 'map' && take(/^\s*</)) {
      const key = type();
      const value = key && take(/^\s*,/) ? type() : undefined;
      return key && value && take(/^\s*>/) ? { kind: 'map', key, value } : undefined;
    }
    if (word === 'struct' && take(/^\s*</)) return struct();
    return simple(word);
  };

  const struct = (): HiveType | undefined => {
    const members: { name: string; type: HiveType }[] = [];
    if (take(/^\s*>/)) return { kind: 'struct', members };
    for (;;) {
      const quoted = take(/^\s*`((?:[^`]|``)*)`/)?.replaceAll('``', '`');
      const name = quoted ?? take(/^\s*([^:,<>]+?)\s*(?=:)/);
      const member = name !== undefined && take(/^\s*:/) ? type() : undefined;
      if (name === undefined || !member) return undefined;
      members.push({ name, type: member });
      if (take(/^\s*>/)) return { kind: 'struct', members };
      if (!take(/^\s*,/)) return undefined;
    }
  };

  const simple = (word: string): HiveType | undefined => {
    if (word === 'decimal' || word === 'dec' || word === 'numeric') {
      const size = take(/^\s*\(\s*(\d+\s*(?:,\s*\d+)?)\s*\)/);
      if (size !== undefined) return decimal(size);
    }
    // The length only bounds what a writer may write; it changes nothing for a reader.
    if (word === 'varchar' || word === 'char') {
      take(/^\s*\(\s*\d+\s*\)/);
      return primitive('string');
    }
    const name = SYNONYMS[word] ?? word;
    return PLAIN.has(name) || name.startsWith('decimal(') ? primitive(name) : undefined;
  };

  const found = type();
  return found && rest.trim() === '' ? found : undefined;
}

function decimal(size: string): HiveType | undefined {
  const [precision = 0, scale = 0] = size.split(',').map(Number);
  return precision >= 1 && precision <= 38 && scale <= precision
    ? primitive(`decimal(${precision},${scale})`)
    : undefined;
}

// Grok patterns: lines of text taken apart by named regular expressions.
import { GROK_PATTERNS } from './grok-patterns.js';
import { primitive, type HiveType } from './hive-type.js';

export interface GrokField {
  name: string;
  type: HiveType;
}

export interface Grok {
  /** In order of their places in the pattern; a name that stands twice counts once. */
  fields: GrokField[];
  /** Whether the whole line is as the pattern says. */
  matches(line: string): boolean;
}

/** AWS docs: the types that a field may be cast to, and what columns of them are. */
const TYPES: Readonly<Record<string, string>> = {
  byte: 'tinyint',
  boolean: 'boolean',
  double: 'double',
  short: 'smallint',
  int: 'int',
  long: 'bigint',
  float: 'float',
  string: 'string',
  // A guess: AWS's own COMMONAPACHELOG_DATATYPED has it, and no table of it is known.
  date: 'timestamp',
};

/** AWS: references of this name make no column. */
const UNWANTED = 'UNWANTED';
const REFERENCE = /%\{(\w+)(?:[:;]([^}:;]+)(?:[:;]([^}]*))?)?\}/g;
/** Expanded patterns are short of this by far; one that grows beyond refers to itself, or nearly so. */
const EXPANDED_LENGTH_MAX = 1_000_000;

/**
 * @param customPatterns `NAME expression`, one a line; they win over built-in ones of the same name
 * @throws Error that says what of the pattern cannot be read
 */
export function compileGrok(pattern: string, customPatterns = ''): Grok {
  const patterns = { ...GROK_PATTERNS, ...parseCustomPatterns(customPatterns) };
  const fields = new Map<string, HiveType>();
  let length = 0;

  const expand = (text: string, path: readonly string[]): string => {
    length += text.length;
    if (length > EXPANDED_LENGTH_MAX)
      throw new Error(`the pattern becomes longer than ${EXPANDED_LENGTH_MAX} characters`);
    return text.replace(REFERENCE, (_, name: string, field?: string, cast?: string) => {
      const definition = Object.hasOwn(patterns, name) ? patterns[name] : undefined;
      if (definition === undefined) throw new Error(`there is no pattern ${name}`);
      if (path.includes(name)) throw new Error(`the pattern ${name} refers to itself`);
      if (field !== undefined && field !== UNWANTED && !fields.has(field))
        fields.set(field, typeOf(cast, field));
      return `(?:${expand(definition, [...path, name])})`;
    });
  };

  const source = expand(pattern, []);
  const named = source.replace(/\(\?<([A-Za-z]\w*)>/g, (_, field: string) => {
    if (!fields.has(field)) fields.set(field, primitive('string'));
    return '(?:';
  });
  const { text, flags } = toJavaScript(named);
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${text})$`, flags);
  } catch (error) {
    throw new Error(`the pattern is no regular expression: ${(error as Error).message}`, { cause: error });
  }
  return {
    fields: [...fields].map(([name, type]) => ({ name, type })),
    matches: (line) => expression.test(line),
  };
}

function typeOf(cast: string | undefined, field: string): HiveType {
  const word = (cast ?? 'string').split(/[:;]/)[0] as string;
  const name = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  if (name === undefined) {
    throw new Error(
      `field ${field} has the type ${word}; it must be one of ${Object.keys(TYPES).join(', ')}`,
    );
  }
  return primitive(name);
}

function parseCustomPatterns(text: string): Record<string, string> {
  const patterns: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const [, name, definition] = /^\s*(\w+)\s+(.+)$/.exec(line) ?? [];
    if (name === undefined || definition === undefined) {
      throw new Error(`the custom pattern '${line}' is not of the form NAME expression`);
    }
    patterns[name] = definition;
  }
  return patterns;
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: String.raw`\s`,
  punct: String.raw`!-\/:-@\[-${'`'}{-~`,
  xdigit: '0-9A-Fa-f',
  word: String.raw`\w`,
};

/** From the dialect of Java and Oniguruma: atomic groups, POSIX classes, possessive quantifiers, a flag at the start. */
function toJavaScript(pattern: string): { text: string; flags: string } {
  const isCaseless = pattern.startsWith('(?i)');
  const text = (isCaseless ? pattern.slice('(?i)'.length) : pattern)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole)
    .replace(/\\h/g, String.raw`[ \t]`)
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$$');
  return { text: withAtomicGroups(text), flags: isCaseless ? 'i' : '' };
}

/**
 * `(?>x)` is `(?=(?<n>x))\k<n>` in a language that has look-ahead and no atomic groups. Without that, patterns of paths
 * would take exponential time on text that is none. A possessive quantifier loses its plus, which changes what matches in
 * contrived patterns only.
 */
function withAtomicGroups(pattern: string): string {
  const closers: string[] = [];
  let count = 0;
  let text = '';
  let isInClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '\\') {
      text += character + (pattern[++at] ?? '');
      continue;
    }
    if (isInClass) {
      isInClass = character !== ']';
      text += character;
    } else if (character === '[') {
      isInClass = true;
      text += character;
    } else if (pattern.startsWith('(?>', at)) {
      const name = `atomic${++count}`;
      text += `(?:(?=(?<${name}>`;
      closers.push(String.raw`))\k<${name}>)`);
      at += 2;
    } else if (character === '(') {
      closers.push(')');
      text += character;
    } else if (character === ')') {
      text += closers.pop() ?? ')';
    } else if (character === '+' && /[*+?}]$/.test(text) && !/\\[*+?}]$/.test(text)) {
      continue;
    } else text += character;
  }
  return text;
}

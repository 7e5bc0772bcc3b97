// Glob patterns over object keys, as java.nio's PathMatcher reads them: what crawlers and jobs call exclusions.

const REGEX_SPECIAL = /[\\^$.*+?()[\]{}|/]/;

/**
 * Compiles a glob over keys: `*` and `?` stay inside one segment, `**` crosses segments, `\`
 * escapes, `[abc]` `[a-z]` `[!a]` are one character, `{a,b}` alternatives that do not nest.
 * Source: AWS docs, "Include and exclude patterns".
 * @throws SyntaxError that names the pattern and what is wrong with it
 */
export function compileGlob(pattern: string): RegExp {
  const characters = [...pattern];
  const fail = (what: string): never => {
    throw new SyntaxError(`Exclusion pattern ${JSON.stringify(pattern)} is not valid: ${what}.`);
  };
  const literal = (character: string) => (REGEX_SPECIAL.test(character) ? `\\${character}` : character);
  let source = '';
  let isInGroup = false;
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    switch (character) {
      case '*':
        if (characters[at + 1] === '*') {
          source += '.*';
          at++;
        } else source += '[^/]*';
        break;
      case '?':
        source += '[^/]';
        break;
      case '\\':
        if (++at === characters.length) fail('a backslash at its end escapes nothing');
        source += literal(characters[at] as string);
        break;
      case '[': {
        const bracket = compileBracket(characters, at) ?? fail('"[" has no "]"');
        source += bracket.source;
        at = bracket.end;
        break;
      }
      case '{':
        if (isInGroup) fail('"{" inside "{...}" cannot be nested');
        source += '(?:';
        isInGroup = true;
        break;
      case '}':
        source += isInGroup ? ')' : '\\}';
        isInGroup = false;
        break;
      case ',':
        source += isInGroup ? '|' : ',';
        break;
      default:
        source += literal(character);
    }
  }
  if (isInGroup) fail('"{" has no "}"');
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch (error) {
    throw new SyntaxError(
      `Exclusion pattern ${JSON.stringify(pattern)} is not valid: a range in "[...]" runs backwards.`,
      { cause: error },
    );
  }
}

// Inside brackets * ? and \ are themselves; - is itself when it comes first or last, or first after the !.
function compileBracket(characters: string[], start: number): { source: string; end: number } | undefined {
  let at = start + 1;
  const isNegated = characters[at] === '!';
  if (isNegated) at++;
  const first = at;
  while (at < characters.length && (characters[at] !== ']' || at === first)) at++;
  if (at === characters.length) return undefined;
  const members = characters
    .slice(first, at)
    .map((character, index, all) =>
      character === '-' && index > 0 && index < all.length - 1
        ? '-'
        : character === '-' || REGEX_SPECIAL.test(character)
          ? `\\${character}`
          : character,
    )
    .join('');
  // A bracket never matches the separator, whatever its ranges cover.
  return { source: `(?!/)[${isNegated ? '^' : ''}${members}]`, end: at };
}

/** True for a key that any of the patterns matches. @throws SyntaxError for a bad pattern */
export function globMatcher(patterns: readonly string[]): (key: string) => boolean {
  const globs = patterns.map(compileGlob);
  return (key) => globs.some((glob) => glob.test(key));
}

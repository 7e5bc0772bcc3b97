// What an event pattern means, written down from AWS's pages as plainly as it can be and with no eye on speed: the oracle of
// the compiled ones. Source: AWS docs, "Amazon EventBridge event patterns" and "Comparison operators".

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An event matches when one of its readings does. */
export function naiveMatch(pattern: Json, event: Json): boolean {
  return readingsOf(event).some((reading) => matchesReading(pattern, reading));
}

/**
 * Of an array of objects a pattern speaks of one element: each way to choose one, for every such array, is a reading. Arrays
 * of scalars stay, their nested ones flattened.
 */
function readingsOf(value: Json): Json[] {
  if (Array.isArray(value)) {
    const items = (value as unknown[]).flat(Infinity) as Json[];
    const objects = items.filter(isObject);
    return objects.length > 0 ? objects.flatMap(readingsOf) : [items];
  }
  if (!isObject(value)) return [value];
  return Object.entries(value).reduce<{ [name: string]: Json }[]>(
    (readings, [name, item]) =>
      readings.flatMap((reading) => readingsOf(item).map((chosen) => ({ ...reading, [name]: chosen }))),
    [{}],
  );
}

function matchesReading(pattern: Json, reading: Json | undefined): boolean {
  return Object.entries(pattern as object).every(([name, wanted]: [string, Json]) => {
    if (name === '$or') return (wanted as Json[]).some((alternative) => matchesReading(alternative, reading));
    const field = isObject(reading) ? reading[name] : undefined;
    if (!Array.isArray(wanted)) return matchesReading(wanted, field);
    const scalars = isObject(field) || field === undefined ? [] : Array.isArray(field) ? field : [field];
    // With no scalar at its place a field is not there.
    return wanted.some((one) =>
      scalars.length === 0 ? isAbsence(one) : scalars.some((scalar) => matchesScalar(one, scalar)),
    );
  });
}

function isAbsence(wanted: Json): boolean {
  return isObject(wanted) && wanted['exists'] === false;
}

function matchesScalar(wanted: Json, given: Json): boolean {
  if (!isObject(wanted)) return wanted === given;
  const [[operator, operand]] = Object.entries(wanted) as [[string, Json]];
  const text = typeof given === 'string' ? given : undefined;
  switch (operator) {
    case 'exists':
      return operand === true;
    case 'prefix':
      return text !== undefined && isAffix(text, operand, (whole, part) => whole.slice(0, part.length));
    case 'suffix':
      return (
        text !== undefined && isAffix(text, operand, (whole, part) => whole.slice(whole.length - part.length))
      );
    case 'equals-ignore-case':
      return text?.toUpperCase() === (operand as string).toUpperCase();
    case 'wildcard':
      return text !== undefined && wildcardMatches(operand as string, text);
    case 'numeric':
      return typeof given === 'number' && inRange(operand as Json[], given);
    case 'cidr':
      return text !== undefined && inNetwork(operand as string, text);
    case 'anything-but': {
      if (!isObject(operand)) return ![operand].flat().includes(given);
      const [[name, texts]] = Object.entries(operand) as [[string, Json]];
      return ![texts].flat().some((one) => matchesScalar({ [name]: one }, given));
    }
    default:
      throw new Error(`There is no operator ${operator}.`);
  }
}

function isAffix(text: string, operand: Json, cut: (text: string, part: string) => string): boolean {
  if (typeof operand === 'string') return cut(text, operand) === operand;
  const part = (operand as { 'equals-ignore-case': string })['equals-ignore-case'];
  return cut(text, part).toUpperCase() === part.toUpperCase();
}

function wildcardMatches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return (
      wildcardMatches(pattern.slice(1), text) || (text !== '' && wildcardMatches(pattern, text.slice(1)))
    );
  }
  const [character, rest] = pattern.startsWith('\\')
    ? [pattern[1], pattern.slice(2)]
    : [pattern[0], pattern.slice(1)];
  return text !== '' && text[0] === character && wildcardMatches(rest, text.slice(1));
}

function inRange([sign, bound, ...rest]: Json[], given: number): boolean {
  const difference = given - (bound as number);
  const holds = {
    '=': difference === 0,
    '<': difference < 0,
    '<=': difference <= 0,
    '>': difference > 0,
    '>=': difference >= 0,
  }[sign as '='];
  return holds && (rest.length === 0 || inRange(rest, given));
}

function inNetwork(network: string, text: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const [wanted, given] = [bitsOf(base), bitsOf(text)];
  return (
    wanted?.length === given?.length &&
    wanted !== undefined &&
    wanted.slice(0, Number(bits)) === given?.slice(0, Number(bits))
  );
}

/** The 32 or 128 bits of an address as a text of 0 and 1; undefined for what is none. */
function bitsOf(address: string): string | undefined {
  const bytes = address.split('.').map(Number);
  if (bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)) {
    return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  }
  if (!/^[0-9a-f:]+$/.test(address) || !address.includes(':')) return undefined;
  const [head = [], tail = []] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return groups.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

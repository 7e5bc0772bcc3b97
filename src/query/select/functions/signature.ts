// What a function takes and gives, read from a line of text, and how arguments fit it.
import { parseType } from '../parse-type.js';
import { commonType, isCoercible } from '../common-type.js';
import { isInteger, isNumeric, isSimple, isText, type TrinoType } from '../trino-type.js';

type Pattern =
  | { kind: 'variable'; name: string }
  | { kind: 'exact'; type: TrinoType }
  | { kind: 'array'; item: Pattern }
  | { kind: 'map'; key: Pattern; value: Pattern }
  | { kind: 'function'; parameters: Pattern[]; result: Pattern };

export interface Signature {
  parameters: Pattern[];
  /** The last parameter may be given any number of times, also not at all. */
  isVariadic: boolean;
}

export type Bindings = Map<string, TrinoType>;

/** Single letters are any type, the same wherever they stand; some letters take only types of a kind. */
const CLASSES: Readonly<Record<string, (type: TrinoType) => boolean>> = {
  N: isNumeric,
  I: isInteger,
  P: (type) => type.kind === 'decimal',
  D: (type) => isSimple(type, 'date') || type.kind === 'timestamp' || type.kind === 'timestamp-tz',
  S: (type) => type.kind === 'timestamp',
  Z: (type) => type.kind === 'timestamp-tz',
  X: isText,
  J: (type) => isSimple(type, 'json') || isText(type),
};

const signatures = new Map<string, Signature>();

/** `array(T), function(T, boolean)`, `varchar, varchar...`. */
export function signatureOf(text: string): Signature {
  let signature = signatures.get(text);
  if (!signature) {
    const isVariadic = text.endsWith('...');
    const parts = splitAtCommas(isVariadic ? text.slice(0, -3) : text);
    signatures.set(text, (signature = { parameters: parts.map(patternOf), isVariadic }));
  }
  return signature;
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

function patternOf(text: string): Pattern {
  if (/^[A-Z]$/.test(text)) return { kind: 'variable', name: text };
  const inside = /^(array|map|function)\((.*)\)$/.exec(text);
  if (inside) {
    const patterns = splitAtCommas(inside[2] as string).map(patternOf);
    if (inside[1] === 'array') return { kind: 'array', item: patterns[0] as Pattern };
    if (inside[1] === 'map')
      return { kind: 'map', key: patterns[0] as Pattern, value: patterns[1] as Pattern };
    return { kind: 'function', parameters: patterns.slice(0, -1), result: patterns.at(-1) as Pattern };
  }
  const type = parseType(text);
  if (!type) throw new Error(`A function is declared with "${text}", which is no type.`);
  return { kind: 'exact', type };
}

export function parameterAt(signature: Signature, index: number): Pattern | undefined {
  const { parameters, isVariadic } = signature;
  return parameters[index] ?? (isVariadic ? parameters.at(-1) : undefined);
}

export function acceptsCount({ parameters, isVariadic }: Signature, count: number): boolean {
  return isVariadic ? count >= parameters.length - 1 : count === parameters.length;
}

/** Binds what `pattern` leaves open so that a value of `type` fits; false when it cannot. */
export function bind(pattern: Pattern, type: TrinoType, bindings: Bindings): boolean {
  if (isSimple(type, 'unknown')) return true;
  switch (pattern.kind) {
    case 'variable': {
      const known = bindings.get(pattern.name);
      const common = known ? commonType(known, type) : type;
      if (!common || !(CLASSES[pattern.name]?.(common) ?? true)) return false;
      bindings.set(pattern.name, common);
      return true;
    }
    case 'exact':
      return isCoercible(type, pattern.type);
    case 'array':
      return type.kind === 'array' && bind(pattern.item, type.item, bindings);
    case 'map':
      return (
        type.kind === 'map' &&
        bind(pattern.key, type.key, bindings) &&
        bind(pattern.value, type.value, bindings)
      );
    case 'function':
      return type.kind === 'function' && bind(pattern.result, type.result, bindings);
  }
}

/** Undefined while a variable of it is not bound. */
export function typeOf(pattern: Pattern, bindings: Bindings): TrinoType | undefined {
  switch (pattern.kind) {
    case 'variable':
      return bindings.get(pattern.name);
    case 'exact':
      return pattern.type;
    case 'array': {
      const item = typeOf(pattern.item, bindings);
      return item && { kind: 'array', item };
    }
    case 'map': {
      const [key, value] = [typeOf(pattern.key, bindings), typeOf(pattern.value, bindings)];
      return key && value && { kind: 'map', key, value };
    }
    case 'function': {
      const parameters = pattern.parameters.map((each) => typeOf(each, bindings));
      const result = typeOf(pattern.result, bindings);
      if (!result || parameters.includes(undefined)) return undefined;
      return { kind: 'function', parameters: parameters as TrinoType[], result };
    }
  }
}

/** Types of a lambda's parameters; undefined when other arguments do not tell them. */
export function lambdaParameterTypes(pattern: Pattern, bindings: Bindings): TrinoType[] | undefined {
  if (pattern.kind !== 'function') return undefined;
  const types = pattern.parameters.map((each) => typeOf(each, bindings));
  return types.includes(undefined) ? undefined : (types as TrinoType[]);
}

export function resultPattern(text: string): Pattern {
  return signatureOf(text).parameters[0] as Pattern;
}

// JSON as definitions are written in: read with a bound on nesting, and compared whatever the order of members and the spaces.
import { messageOf } from '../../../base/errors.js';
import { DefinitionError } from './definition-error.js';

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type JsonObject = { [member: string]: Json };

/** Deepest nesting of a definition; the JSON reader that AWS uses refuses more. */
const DEPTH_MAX = 1000;

/** @throws DefinitionError for what is not JSON or is nested too deeply */
export function parseJson(text: string): Json {
  const value = parse(text);
  requireDepth(value);
  return value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new DefinitionError(messageOf(error), { cause: error });
  }
}

// Level by level, so that a definition that is too deep for recursion is refused and not tried.
function requireDepth(value: Json): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) {
      throw new DefinitionError(`Document nesting depth exceeds the maximum allowed (${DEPTH_MAX})`);
    }
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same text for the same value: members in order of their names, no spaces. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`).join(',')}}`;
}

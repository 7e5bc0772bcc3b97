// JSON in which the same columns come again and again, as in a batch of partitions: they are parsed once, and shared.
import { randomUUID } from 'node:crypto';
import { BODY_DEPTH_MAX } from '../base/limits.js';

/** Below it, looking for what is repeated costs more than parsing it. */
const TEXT_LENGTH_MIN = 8_192;
const MEMBER = 'Columns';
// Wherever a well-formed text has this, also after an escaped quote, a list follows that is the value of a member.
const MEMBER_BEGIN = new RegExp(`"${MEMBER}"\\s*:\\s*\\[`);
/** Nobody outside of this process knows it. */
const STAND_IN = randomUUID();

const repeated = new WeakSet<object>();

/** Keeps what was made of a list that comes again in its request; of other lists it is made each time. */
export function onceForRepeated<T extends object>(made: WeakMap<object, T>, list: object, make: () => T): T {
  if (!repeated.has(list)) return make();
  let result = made.get(list);
  if (result === undefined) {
    made.set(list, (result = make()));
    repeated.add(result);
  }
  return result;
}

/**
 * As JSON.parse, but lists of columns that are the same text are the same object: whoever reads it must not change it.
 * @throws SyntaxError
 */
export function parseRepeatedJson(text: string): unknown {
  const member = text.length < TEXT_LENGTH_MIN ? undefined : firstMember(text);
  if (member === undefined) return JSON.parse(text);
  const rest = text.split(member.text);
  if (rest.length < 3 || text.includes(STAND_IN)) return JSON.parse(text);
  const list = JSON.parse(member.list) as object;
  repeated.add(list);
  const value = JSON.parse(rest.join(`"${MEMBER}":"${STAND_IN}"`)) as unknown;
  return putBack(value, list, 0) ? value : JSON.parse(text);
}

function firstMember(text: string): { text: string; list: string } | undefined {
  const found = MEMBER_BEGIN.exec(text);
  if (!found) return undefined;
  const listBegin = found.index + found[0].length - 1;
  const end = endOfList(text, listBegin);
  return end === undefined
    ? undefined
    : { text: text.slice(found.index, end), list: text.slice(listBegin, end) };
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]]/g;

/** The place after the bracket that closes the one at `begin`. */
function endOfList(text: string, begin: number): number | undefined {
  let depth = 0;
  STRING_OR_BRACKET.lastIndex = begin;
  for (let found = STRING_OR_BRACKET.exec(text); found; found = STRING_OR_BRACKET.exec(text)) {
    if (found[0] === '[') depth++;
    else if (found[0] === ']' && --depth === 0) return STRING_OR_BRACKET.lastIndex;
  }
  return undefined;
}

/** False when the value is too deep to look through. */
function putBack(value: unknown, list: object, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > BODY_DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((item) => putBack(item, list, depth + 1));
  const members = value as Record<string, unknown>;
  for (const name in members) {
    if (members[name] === STAND_IN) members[name] = list;
    else if (!putBack(members[name], list, depth + 1)) return false;
  }
  return true;
}

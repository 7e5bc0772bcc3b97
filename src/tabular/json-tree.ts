// JSON values as trees that know their types and not their values, read as far as a text that may be cut goes.
import {
  ARRAY,
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INT,
  STRING,
  STRUCT,
  type JsonObservation,
} from './json-observation.js';

export type JsonNode =
  | { kind: 'object'; members: [name: string, value: JsonNode][] }
  | { kind: 'array'; items: JsonNode[] }
  /** `bit` is the kind of JsonObservation; 0 is null. */
  | { kind: 'scalar'; bit: number };

export interface JsonTrees {
  roots: JsonNode[];
  /** Why reading stopped before the end; what was read until then is in the trees. */
  failure: { offset: number; reason: string; isCut: boolean } | undefined;
}

/** Deeper nesting is refused: it is not data, and it would exhaust the stack. */
const DEPTH_MAX = 200;
const TOKEN =
  /\s*(?:([{}[\]:,])|("(?:[^"\\\n\r\t]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false)|(null))/y;

class Stop extends Error {
  constructor(
    readonly offset: number,
    reason: string,
  ) {
    super(reason);
  }
}

/** The values of `text` one after another; of a value that is cut or broken the members that came before stay. */
export function readJsonTrees(text: string): JsonTrees {
  const roots: JsonNode[] = [];
  let at = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (!token) throw new Stop(at, 'a value is missing or cannot be read');
    at = TOKEN.lastIndex;
    return token;
  };
  const peek = (): string | undefined => /\S/.exec(text.slice(at, at + 4096))?.[0];

  const readInto = (place: (node: JsonNode) => void, depth: number): void => {
    if (depth > DEPTH_MAX) throw new Stop(at, `it is nested deeper than ${DEPTH_MAX} levels`);
    const start = at;
    const [, mark, string, number, boolean] = next();
    if (mark === '{') return readObject(place, depth);
    if (mark === '[') return readArray(place, depth);
    if (mark !== undefined) throw new Stop(start, `a value is missing before ${mark}`);
    if (number !== undefined && at === text.length) throw new Stop(start, 'a number may be cut');
    place({ kind: 'scalar', bit: string ? STRING : number ? numberBit(number) : boolean ? BOOLEAN : 0 });
  };
  const readObject = (place: (node: JsonNode) => void, depth: number): void => {
    const members: [string, JsonNode][] = [];
    place({ kind: 'object', members });
    if (peek() === '}') return void next();
    for (;;) {
      const name = next()[2];
      if (name === undefined) throw new Stop(at, 'the name of a member is missing');
      if (next()[1] !== ':') throw new Stop(at, 'a colon is missing');
      readInto((node) => members.push([JSON.parse(name) as string, node]), depth + 1);
      const mark = next()[1];
      if (mark === '}') return;
      if (mark !== ',') throw new Stop(at, 'a comma or the end of an object is missing');
    }
  };
  const readArray = (place: (node: JsonNode) => void, depth: number): void => {
    const items: JsonNode[] = [];
    place({ kind: 'array', items });
    if (peek() === ']') return void next();
    for (;;) {
      const count = items.length;
      try {
        readInto((node) => items.push(node), depth + 1);
      } catch (error) {
        // The item that is cut is half an item: it would look as if members were missing.
        if (error instanceof Stop) items.length = count;
        throw error;
      }
      const mark = next()[1];
      if (mark === ']') return;
      if (mark !== ',') throw new Stop(at, 'a comma or the end of an array is missing');
    }
  };

  try {
    while (text.slice(at).trim() !== '') readInto((node) => roots.push(node), 0);
  } catch (error) {
    if (!(error instanceof Stop) && !(error instanceof SyntaxError)) throw error;
    const offset = error instanceof Stop ? error.offset : at;
    const isCut = !/[\]}]\s*\S/.test(text.slice(offset, offset + 4096)) && text.length - offset < 1_048_576;
    return { roots, failure: { offset, reason: error.message, isCut } };
  }
  return { roots, failure: undefined };
}

function numberBit(text: string): number {
  if (/[.eE]/.test(text)) return DOUBLE;
  const value = BigInt(text);
  if (BigInt.asIntN(32, value) === value) return INT;
  return BigInt.asIntN(64, value) === value ? BIGINT : DOUBLE;
}

/** Adds what the node is to what was seen in its place before. */
export function observeNode(node: JsonNode, observation: JsonObservation): void {
  if (node.kind === 'scalar') observation.kinds |= node.bit;
  else if (node.kind === 'array') {
    observation.kinds |= ARRAY;
    for (const item of node.items) observeNode(item, observation.item);
  } else {
    observation.kinds |= STRUCT;
    for (const [name, value] of node.members) {
      const index = observation.indexOfMember(name, Buffer.from(name));
      observeNode(value, observation.members[index]!.observation);
    }
  }
}

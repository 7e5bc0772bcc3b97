// What changed between two definitions, as a JSON Patch (RFC 6902).
import type { DataFormat } from '@aws-sdk/client-glue';
import { canonicalJson, isObject, parseJson, type Json } from './definition/json-text.js';
import { parseProtobuf } from './definition/protobuf.js';

export type PatchOperation =
  { op: 'add' | 'replace'; path: string; value: Json } | { op: 'remove'; path: string };

/**
 * AWS docs: the diff is "a string in JsonPatch format"; seen: `[{"op":"add","path":"/fields/1","value":{...}}]`. A Protocol
 * Buffers definition is compared as JSON as well: its messages under /nested, with their fields, values and methods by name.
 */
export function schemaDiff(dataFormat: DataFormat, first: string, second: string): string {
  const read = dataFormat === 'PROTOBUF' ? (text: string): Json => parseProtobuf(text).content : parseJson;
  return JSON.stringify(jsonPatch(read(first), read(second)));
}

/** Operations that make `second` of `first` when applied in order. */
export function jsonPatch(first: Json, second: Json): PatchOperation[] {
  const operations: PatchOperation[] = [];
  compare(first, second, '', operations);
  return operations;
}

const step = (name: string | number) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

function compare(first: Json, second: Json, path: string, operations: PatchOperation[]): void {
  if (Array.isArray(first) && Array.isArray(second)) compareArrays(first, second, path, operations);
  else if (isObject(first) && isObject(second)) {
    for (const name of Object.keys(first)) {
      if (!Object.hasOwn(second, name)) operations.push({ op: 'remove', path: path + step(name) });
    }
    for (const [name, value] of Object.entries(second)) {
      const at = path + step(name);
      if (Object.hasOwn(first, name)) compare(first[name] as Json, value, at, operations);
      else operations.push({ op: 'add', path: at, value });
    }
  } else if (canonicalJson(first) !== canonicalJson(second)) {
    operations.push({ op: 'replace', path, value: second });
  }
}

// Equal items stay; between them items are compared one by one, and what is left over is removed or added.
function compareArrays(first: Json[], second: Json[], path: string, operations: PatchOperation[]): void {
  let [from, to, at] = [0, 0, 0];
  for (const [keptFrom, keptTo] of [...keptItems(first, second), [first.length, second.length] as const]) {
    while (from < keptFrom && to < keptTo) {
      compare(first[from++] as Json, second[to++] as Json, path + step(at++), operations);
    }
    for (; from < keptFrom; from++) operations.push({ op: 'remove', path: path + step(at) });
    for (; to < keptTo; to++, at++)
      operations.push({ op: 'add', path: path + step(at), value: second[to] as Json });
    [from, to, at] = [keptFrom + 1, keptTo + 1, at + 1];
  }
}

/** Above so many pairs of items only the equal beginning and end are kept: the table of pairs would take too much. */
const PAIRS_MAX = 1_000_000;

/** Places of the items of a longest common subsequence. */
function keptItems(first: Json[], second: Json[]): (readonly [number, number])[] {
  const [a, b] = [first.map(canonicalJson), second.map(canonicalJson)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const ends = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, index) => [from + index, to + index] as const);
  const middle = longestCommon(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [
    ...ends(start, 0, 0),
    ...middle.map(([i, j]) => [start + i, start + j] as const),
    ...ends(end, a.length - end, b.length - end),
  ];
}

function longestCommon(a: string[], b: string[]): (readonly [number, number])[] {
  if (a.length * b.length > PAIRS_MAX) return [];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length;) {
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++;
    else j++;
  }
  return found;
}

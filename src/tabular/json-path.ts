// JSON paths as AWS's JSON classifiers take them: `$`, `*`, `.name`, `..`, `['name']`, `[n]`, `[a,b]` and `[a:b]`.
import type { JsonNode } from './json-tree.js';

export type JsonPathStep =
  | { kind: 'any' }
  | { kind: 'descendants' }
  | { kind: 'names'; names: string[] }
  | { kind: 'indexes'; indexes: number[] }
  | { kind: 'slice'; from: number; to: number };

/** Source of the operators: AWS docs, "Writing JSON custom classifiers". @throws Error naming the place that cannot be read */
export function parseJsonPath(path: string): JsonPathStep[] {
  const steps: JsonPathStep[] = [];
  let at = 0;
  const fail = (expected: string): never => {
    throw new Error(
      `JSON path ${JSON.stringify(path)} cannot be read: expected ${expected} at character ${at + 1}`,
    );
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(path) ?? undefined;
    if (match) at = pattern.lastIndex;
    return match;
  };
  if (!take(/\s*\$/y)) fail('$');
  while (at < path.length && !take(/\s+$/y)) {
    if (take(/\.\./y)) {
      steps.push({ kind: 'descendants' });
      if (path[at] === '[') continue;
      at--;
    }
    if (take(/\.\*/y) ?? take(/\[\s*\*\s*\]/y)) {
      steps.push({ kind: 'any' });
      continue;
    }
    const name = take(/\.([^.[\]*\s'"]+)/y)?.[1];
    if (name !== undefined) {
      steps.push({ kind: 'names', names: [name] });
      continue;
    }
    const slice = take(/\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/y);
    if (slice) {
      const [, from = '', to = ''] = slice;
      steps.push({
        kind: 'slice',
        from: from === '' ? 0 : Number(from),
        to: to === '' ? Infinity : Number(to),
      });
      continue;
    }
    const indexes = take(/\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y)?.[1];
    if (indexes !== undefined) {
      steps.push({ kind: 'indexes', indexes: indexes.split(',').map(Number) });
      continue;
    }
    const names = take(/\[\s*((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\s*\]/y)?.[1];
    if (names === undefined) return fail(`.name, ['name'], [0], [0:2], [*], .* or ..`);
    steps.push({
      kind: 'names',
      names: [...names.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? ''),
    });
  }
  return steps;
}

/** The nodes that the path selects below `node`, in document order. */
export function selectNodes(node: JsonNode, steps: readonly JsonPathStep[]): JsonNode[] {
  return steps.reduce<JsonNode[]>((nodes, step) => nodes.flatMap((each) => take(each, step)), [node]);
}

function take(node: JsonNode, step: JsonPathStep): JsonNode[] {
  switch (step.kind) {
    case 'any':
      return childrenOf(node);
    case 'descendants':
      return [node, ...childrenOf(node).flatMap((child) => take(child, step))];
    case 'names':
      return node.kind === 'object'
        ? node.members.filter(([name]) => step.names.includes(name)).map(([, value]) => value)
        : [];
    case 'indexes':
      return node.kind === 'array' ? step.indexes.flatMap((index) => node.items.at(index) ?? []) : [];
    case 'slice':
      return node.kind === 'array' ? node.items.slice(step.from, step.to) : [];
  }
}

function childrenOf(node: JsonNode): JsonNode[] {
  if (node.kind === 'object') return node.members.map(([, value]) => value);
  return node.kind === 'array' ? node.items : [];
}

// What WHERE says of partition keys goes to the scans whose keys they are, so that files are left out before they are listed.
import type { Environment } from './analysis.js';
import { partitionPredicates } from './partition-predicate.js';
import { findField, type Scope } from './scope.js';
import type { Expression } from './syntax.js';

export function originOf(value: Expression, scope: Scope) {
  const parts: string[] = [];
  let base = value;
  for (; base.kind === 'member'; base = base.base) parts.unshift(base.name);
  if (base.kind !== 'name') return undefined;
  const found = findField({ fields: scope.fields }, [base.name, ...parts]);
  if (!found || found === 'ambiguous' || found.rest.length > 0 || !found.field.origin) return undefined;
  return { origin: found.field.origin, type: found.field.type };
}

/** Hands what WHERE says of partition keys to the scans that they are of. */
export function prune(where: Expression, scope: Scope, environment: Environment): void {
  const literal = (expression: Expression): ReturnType<Parameters<typeof partitionPredicates>[2]> => {
    if (expression.kind === 'parameter') {
      const value = environment.parameters[expression.index];
      return value && literal(value);
    }
    if (expression.kind === 'string') return { text: expression.value, kind: 'string' };
    if (expression.kind === 'integer') return { text: expression.text, kind: 'number' };
    if (expression.kind === 'negate' && expression.operand.kind === 'integer')
      return { text: `-${expression.operand.text}`, kind: 'number' };
    if (expression.kind === 'typed' && expression.type === 'date')
      return { text: expression.value.trim(), kind: 'date' };
    if (
      expression.kind === 'cast' &&
      expression.type.toLowerCase() === 'date' &&
      expression.value.kind === 'string'
    )
      return { text: expression.value.value.trim(), kind: 'date' };
    return undefined;
  };
  for (const { scan, predicate } of partitionPredicates(
    where,
    (expression) => originOf(expression, scope),
    literal,
  )) {
    environment.shared.scans[scan]?.predicates.push(predicate);
  }
}

// The scans that a relation reads.
import type { Relation, Scan } from '../../plan/plan.js';

/** Relations that `relation` reads directly. */
function inputsOf(relation: Relation): Relation[] {
  switch (relation.kind) {
    case 'scan':
    case 'nothing':
      return [];
    case 'project':
    case 'filter':
    case 'aggregate':
    case 'distinct':
      return [relation.input];
    case 'join':
      return [relation.left, relation.right];
    case 'union':
      return relation.inputs;
    case 'spark-query':
      return relation.inputs.map((input) => input.relation);
  }
}

/** Each once, however often it is read. */
export function scansOf(relation: Relation): Scan[] {
  const seen = new Set<Relation>();
  const visit = (each: Relation): void => {
    if (seen.has(each)) return;
    seen.add(each);
    inputsOf(each).forEach(visit);
  };
  visit(relation);
  return [...seen].filter((each) => each.kind === 'scan');
}

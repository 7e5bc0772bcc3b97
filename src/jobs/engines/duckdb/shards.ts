// Splits a relation into parts that need nothing of each other: one for each group of input files.
import { allColumns } from '../../plan/fields.js';
import type { Relation } from '../../plan/plan.js';

/**
 * As Spark's stages: without a step that brings rows of several files together (join, aggregate, distinct, a query that does such things), each
 * group of input files gives an output file; with one there is a single part. Spark would make as many as it has
 * shuffle partitions.
 */
export function shardsOf(relation: Relation): Relation[] {
  switch (relation.kind) {
    case 'scan':
      return relation.groups.map((group) => ({ ...relation, groups: [group] }));
    case 'project':
    case 'filter':
      return shardsOf(relation.input).map((input) => ({ ...relation, input }));
    case 'union':
      return relation.inputs.flatMap((input) => shardsOf(input).map((shard) => renamed(shard, relation)));
    case 'nothing':
      return [];
    case 'spark-query': {
      const [input] = relation.inputs;
      if (!relation.isPerRow || !input) return [relation];
      return shardsOf(input.relation).map((shard) => ({
        ...relation,
        inputs: [{ ...input, relation: shard }],
      }));
    }
    case 'join':
    case 'aggregate':
    case 'distinct':
      return [relation];
  }
}

function renamed(input: Relation, { node, columns }: Relation): Relation {
  return { kind: 'project', node, input, columns, values: allColumns(input.columns) };
}

/** Whether the parts are the input's own files, not the outcome of a step that brings rows together. */
export function isPerFile(relation: Relation): boolean {
  switch (relation.kind) {
    case 'scan':
      return true;
    case 'project':
    case 'filter':
      return isPerFile(relation.input);
    case 'spark-query':
      return relation.isPerRow && relation.inputs.every((input) => isPerFile(input.relation));
    default:
      return false;
  }
}

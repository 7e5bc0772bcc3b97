// DropDuplicates: one row of those that are equal, wholly or in the given columns.
import { fieldValue } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

export const dropDuplicates: RelationKind<'DropDuplicates'> = {
  kind: 'DropDuplicates',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', Columns: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    const by = (node.Columns ?? []).map((path) => fieldValue(columns, path));
    return {
      kind: 'distinct',
      node: context.name,
      input: input as Relation,
      columns,
      ...(by.length > 0 && { by }),
    };
  },
};

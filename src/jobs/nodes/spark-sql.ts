// SparkSQL: a query over the inputs, which it knows by their aliases.
import type { QueryText, Relation } from '../plan/plan.js';
import type { RelationKind } from './node-kind.js';

export const sparkSql: RelationKind<'SparkSQL'> = {
  kind: 'SparkSQL',
  role: 'transform',
  inputCount: { least: 1, most: Infinity },
  members: {
    Name: 'used',
    Inputs: 'used',
    SqlQuery: 'used',
    SqlAliases: 'used',
    // Describes the result to the editor; the result has the columns that the query gives it.
    OutputSchemas: 'no-effect',
  },
  async compile(node, inputs, context) {
    const aliases = new Map((node.SqlAliases ?? []).map((alias) => [alias.From, alias.Alias ?? '']));
    const unknown = [...aliases.keys()].find((from) => !context.inputIds.includes(from ?? ''));
    if (aliases.size > 0 && unknown !== undefined) {
      throw context.error(`SqlAliases names "${unknown}", which is none of its Inputs.`);
    }
    const named = context.inputIds.map((id, index) => {
      const alias = aliases.get(id);
      if (!alias) throw context.error(`SqlAliases has no Alias for its input "${id}".`);
      return { alias, relation: inputs[index] as Relation };
    });
    const query: QueryText = {
      node: context.name,
      text: (node.SqlQuery ?? '').trim().replace(/;\s*$/, ''),
      inputs: named,
    };
    return { kind: 'spark-query', ...query, ...(await context.inspector.describeQuery(query)) };
  },
};

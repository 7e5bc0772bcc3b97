// What stands behind FROM: subqueries, joins, UNNEST and samples.
import { type Environment, failAt } from './analysis.js';
import { analyzeExpression } from './analyze-expression.js';
import { analyzeJoin } from './analyze-join.js';
import { analyzeTable } from './analyze-table.js';
import { analyzeUnnest } from './analyze-unnest.js';
import { aliased, type AnalyzedRelation, fieldsOf, newAlias } from './relation-fields.js';
import type { Field, Scope } from './scope.js';
import type { Relation } from './syntax.js';

/**
 * @param lateral the fields to the left of it in the same FROM, which UNNEST and LATERAL may use
 * @param outer what surrounds the query
 */
export function analyzeRelation(
  relation: Relation,
  environment: Environment,
  lateral: readonly Field[],
  outer: Scope | undefined,
): AnalyzedRelation {
  switch (relation.kind) {
    case 'table':
      return analyzeTable(relation, environment);
    case 'subquery': {
      const scope = relation.isLateral ? { fields: lateral, ...(outer && { outer }) } : outer;
      const query = environment.shared.analyzeQuery(relation.query, environment, scope);
      const alias = newAlias(environment);
      const lateralWord = relation.isLateral ? 'LATERAL ' : '';
      return aliased(
        { sql: `${lateralWord}(${query.sql}) AS ${alias}`, fields: fieldsOf(query.columns, alias, []) },
        relation,
        environment,
      );
    }
    case 'unnest':
      return analyzeUnnest(relation, environment, { fields: lateral, ...(outer && { outer }) });
    case 'sample': {
      const input = analyzeRelation(relation.input, environment, lateral, outer);
      const percentage = analyzeExpression(relation.percentage, { fields: [] }, environment).constant;
      const share = Number(percentage);
      if (percentage === undefined || !(share >= 0 && share <= 100)) {
        return failAt(
          environment,
          relation.percentage.at,
          'INVALID_ARGUMENTS',
          'Sample percentage must be between 0 and 100',
        );
      }
      // SYSTEM leaves out whole parts of files; row by row gives the same share.
      return aliased(
        { sql: `${input.sql} TABLESAMPLE BERNOULLI(${share}%)`, fields: input.fields },
        relation,
        environment,
      );
    }
    case 'join': {
      const left = analyzeRelation(relation.left, environment, lateral, outer);
      const right = analyzeRelation(relation.right, environment, [...lateral, ...left.fields], outer);
      return aliased(analyzeJoin(relation, left, right, environment, outer), relation, environment);
    }
  }
}

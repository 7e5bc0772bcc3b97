// A query's text with all names looked up, in the catalog as it is now.
import { translateQuery, type TranslatedQuery } from '../select/analyze-query.js';
import { type ParsedQuery, parseQuery } from '../select/parse-query.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import { openTableSource } from '../tables/table-source.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { Clock } from '../../base/clock.js';

export const CATALOG = 'awsdatacatalog';

/** @throws QueryFailure */
export function analyzed(
  text: string,
  scope: QueryScope,
  parameters: readonly Expression[],
): TranslatedQuery {
  return analyzedParts(parseQuery(text), text, scope, parameters);
}

export interface QueryScope {
  catalog: Catalog;
  clock: Clock;
  database: string;
}

/** The same of a query that was made of the parts of a statement's `text`. @throws QueryFailure */
export function analyzedParts(
  { query, parameterCount }: ParsedQuery,
  text: string,
  { catalog, clock, database }: QueryScope,
  parameters: readonly Expression[],
): TranslatedQuery {
  if (parameterCount !== parameters.length) {
    throw new QueryFailure(
      `INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected ${parameterCount} but found ${parameters.length}`,
    );
  }
  const session = { catalog: CATALOG, database: database.toLowerCase(), now: clock.now() };
  return translateQuery(query, { text, session, tables: openTableSource(catalog), parameters });
}

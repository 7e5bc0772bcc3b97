// A query's text with all names looked up, in the catalog as it is now.
import { translateQuery, type TranslatedQuery } from '../select/analyze-query.js';
import { parseQuery } from '../select/parse-query.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import { openTableSource } from '../tables/table-source.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { Clock } from '../../base/clock.js';

export const CATALOG = 'awsdatacatalog';

/** @throws QueryFailure */
export function analyzed(
  text: string,
  { catalog, clock, database }: { catalog: Catalog; clock: Clock; database: string },
  parameters: readonly Expression[],
): TranslatedQuery {
  const { query, parameterCount } = parseQuery(text);
  if (parameterCount !== parameters.length) {
    throw new QueryFailure(
      `INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected ${parameterCount} but found ${parameters.length}`,
    );
  }
  const session = { catalog: CATALOG, database: database.toLowerCase(), now: clock.now() };
  return translateQuery(query, { text, session, tables: openTableSource(catalog), parameters });
}

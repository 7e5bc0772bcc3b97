// The Athena service: its resources' operations in one table.
import type { Clock } from '../../base/clock.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Queries } from '../../query/execution/open-queries.js';
import type { State } from '../../state/state.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { athenaConstraints } from '../../wire/constraints/athena.js';
import { catalogMetadataOperations } from './catalog-metadata.js';
import { dataCatalogOperations } from './data-catalogs.js';
import { namedQueryOperations } from './named-queries.js';
import { preparedStatementOperations } from './prepared-statements.js';
import { queryExecutionOperations } from './query-executions.js';
import { queryResultOperations } from './query-results.js';
import { openAthenaTags, tagOperations } from './tags.js';
import { workGroupOperations } from './work-groups.js';

export interface AthenaParts {
  state: State;
  queries: Queries;
  catalog: OpenCatalog;
  storage: ObjectStorage;
  clock: Clock;
}

export function athenaService(given: AthenaParts): Service {
  const parts = { ...given, tags: openAthenaTags(given.state, given.queries) };
  return {
    signingName: 'athena',
    protocol: 'json-1.1',
    targetPrefix: 'AmazonAthena',
    get client() {
      return sdkModule('athena');
    },
    constraints: athenaConstraints,
    validationErrorName: 'InvalidRequestException',
    operations: {
      ...queryExecutionOperations(parts),
      ...queryResultOperations(parts),
      ...workGroupOperations(parts),
      ...namedQueryOperations(parts),
      ...preparedStatementOperations(parts),
      ...dataCatalogOperations(parts),
      ...catalogMetadataOperations(parts),
      ...tagOperations(parts),
    },
  };
}

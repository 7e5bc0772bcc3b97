// The Glue service: its resources' operations in one table.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Classifiers } from '../../crawler/classifiers/open-classifiers.js';
import type { Crawlers } from '../../crawler/open-crawlers.js';
import type { Jobs } from '../../jobs/open-jobs.js';
import type { Workflows } from '../../jobs/workflows/open-workflows.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import { glueConstraints } from '../../wire/constraints/glue.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { AnyOperation, Service } from '../../wire/service.js';
import { accountSettingsOperations } from './account-settings.js';
import { classifierOperations } from './classifiers.js';
import { columnStatisticsOperations } from './column-statistics.js';
import { connectionOperations } from './connections.js';
import { crawlerOperations } from './crawlers.js';
import { databaseOperations } from './databases.js';
import { jobRunOperations } from './job-runs.js';
import { jobOperations } from './jobs.js';
import { schemaRegistryOperations } from './schema-registry.js';
import type { SchemaRegistry } from '../../catalog/schema-registry/schema-registry.js';
import { partitionIndexOperations } from './partition-indexes.js';
import { partitionOperations } from './partitions.js';
import { resourcePolicyOperations } from './resource-policies.js';
import { tableVersionOperations } from './table-versions.js';
import { tableOperations } from './tables.js';
import { tagOperations } from './tags.js';
import { triggerOperations } from './triggers.js';
import { refuseUnsupported } from './unsupported.js';
import { userDefinedFunctionOperations } from './user-defined-functions.js';
import { workflowOperations } from './workflows.js';

export interface GlueParts {
  catalog: OpenCatalog;
  schemaRegistry: SchemaRegistry;
  classifiers: Classifiers;
  crawlers: Crawlers;
  jobs: Jobs;
  workflows: Workflows;
  storage: ObjectStorage;
  clock: Clock;
  ids: Ids;
}

export function glueService(parts: GlueParts): Service {
  return {
    signingName: 'glue',
    protocol: 'json-1.1',
    targetPrefix: 'AWSGlue',
    get client() {
      return sdkModule('glue');
    },
    constraints: glueConstraints,
    validationErrorName: 'ValidationException',
    operations: guarded({
      ...databaseOperations(parts),
      ...tableOperations(parts),
      ...tableVersionOperations(parts),
      ...partitionOperations(parts),
      ...partitionIndexOperations(parts),
      ...columnStatisticsOperations(parts),
      ...userDefinedFunctionOperations(parts),
      ...connectionOperations(parts),
      ...resourcePolicyOperations(parts),
      ...accountSettingsOperations(parts),
      ...schemaRegistryOperations(parts),
      ...tagOperations(parts.catalog),
      ...classifierOperations(parts),
      ...crawlerOperations(parts),
      ...jobOperations({ ...parts, tags: parts.catalog.tags }),
      ...jobRunOperations(parts),
      ...triggerOperations({ ...parts, tags: parts.catalog.tags }),
      ...workflowOperations(parts),
    }),
  };
}

function guarded(operations: Record<string, AnyOperation>): Record<string, AnyOperation> {
  const guard = (run: AnyOperation): AnyOperation => {
    return (input: object, context) => {
      refuseUnsupported(input);
      return run(input as never, context);
    };
  };
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, guard(run)]));
}

// The one table from a kind of resource to the operations on it.
import { bucketHandler } from './bucket.js';
import { crawlerHandler } from './crawler.js';
import { databaseHandler } from './database.js';
import { jobHandler } from './job.js';
import type { ResourceHandler, ResourceKind } from './resource.js';
import { roleHandler } from './role.js';
import type { StackScope } from './stack-scope.js';
import { triggerHandler } from './trigger.js';

export function resourceHandlers(scope: StackScope): Record<ResourceKind, ResourceHandler> {
  return {
    role: roleHandler(scope),
    bucket: bucketHandler(scope),
    database: databaseHandler(scope),
    crawler: crawlerHandler(scope),
    job: jobHandler(scope),
    trigger: triggerHandler(scope),
  };
}

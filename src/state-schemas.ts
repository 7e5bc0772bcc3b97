// All tables of the state file: what the embedded AWS opens it with, and what backups and checks know of it.
import { batchSchema } from './batch/schema.js';
import { schemaRegistrySchema } from './catalog/schema-registry/state-schema.js';
import { catalogSchema } from './catalog/schema.js';
import { crawlSchema } from './crawler/record/crawl-schema.js';
import { dynamodbSchema } from './dynamodb/schema.js';
import { eventsSchema } from './events/schema.js';
import { functionsSchema } from './functions/schema.js';
import { jobsSchema } from './jobs/schema.js';
import { logsSchema } from './logs/schema.js';
import { queuesSchema } from './queues/schema.js';
import { querySchema } from './query/schema.js';
import { documentsSchema } from './state/documents.js';
import { storageSchema } from './storage/storage-schema.js';
import type { StateSchema } from './state/state.js';

/** Of every part, in the order in which they are made. */
export const STATE_SCHEMAS: readonly StateSchema[] = [
  documentsSchema,
  logsSchema,
  storageSchema,
  catalogSchema,
  schemaRegistrySchema,
  crawlSchema,
  jobsSchema,
  batchSchema,
  functionsSchema,
  querySchema,
  queuesSchema,
  eventsSchema,
  dynamodbSchema,
];

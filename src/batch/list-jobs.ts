// ListJobs: jobs of a queue by status or by a filter, or the children of an array; newest first, in pages.
import type { KeyValuesPair, ListJobsRequest } from '@aws-sdk/client-batch';
import type { SqlValue, State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { nameOfArn } from './batch-arn.js';
import { clientError, notSupported } from './batch-error.js';
import { SELECT_JOBS, toJobs, type BatchJob } from './job.js';

// AWS docs: ListJobs, maxResults.
const PAGE_MAX = { byStatus: 1000, byFilter: 100 };

interface Condition {
  sql: string;
  values: SqlValue[];
}

export interface JobPage {
  jobs: BatchJob[];
  /** Position of the last one when there are more. */
  next?: string;
}

/** `queueName` is the queue that the input names. @throws AwsError ClientException */
export function listJobs(
  state: State,
  input: Checked<ListJobsRequest>,
  { queueName, after }: { queueName?: string; after?: string },
): JobPage {
  const filter = onlyFilter(input.filters);
  const max = filter ? PAGE_MAX.byFilter : PAGE_MAX.byStatus;
  const count = Math.min(input.maxResults ?? max, max);
  if (count < 1) throw clientError(`maxResults must be between 1 and ${max}, not ${input.maxResults}.`);
  const conditions: Condition[] = [
    queueName === undefined
      ? { sql: 'job.parent_id = ?', values: [input.arrayJobId as string] }
      : { sql: 'job.queue = ? AND job.parent_id IS NULL', values: [queueName] },
    // Children are listed by status only (AWS docs: ListJobs, filters).
    ...(filter && queueName !== undefined
      ? [conditionOf(filter)]
      : [{ sql: 'job.status = ?', values: [input.jobStatus ?? 'RUNNING'] }]),
    ...(after === undefined ? [] : [{ sql: 'job.number < ?', values: [Number(after)] }]),
  ];
  const found = toJobs(
    state
      .sql(
        `${SELECT_JOBS} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY job.number DESC LIMIT ?`,
      )
      .all(...conditions.flatMap(({ values }) => values), count + 1),
  );
  const jobs = found.slice(0, count);
  return { jobs, ...(found.length > count ? { next: String(jobs.at(-1)?.number) } : {}) };
}

function onlyFilter(filters: Checked<KeyValuesPair[]> | undefined): Checked<KeyValuesPair> | undefined {
  if (!filters || filters.length === 0) return undefined;
  if (filters.length > 1) throw clientError(`Only one filter can be used at a time, not ${filters.length}.`);
  return filters[0];
}

function conditionOf({ name, values }: Checked<KeyValuesPair>): Condition {
  const [value, ...others] = values ?? [];
  if (value === undefined || others.length > 0) {
    throw clientError(`The filter ${name} must have exactly one value, not ${values?.length ?? 0}.`);
  }
  switch (name) {
    case 'JOB_NAME':
      return matching('lower(job.name)', value.toLowerCase());
    case 'JOB_DEFINITION': {
      const definition = nameOfArn('job-definition', value);
      if (definition !== value) return { sql: 'job.definition = ?', values: [definition] };
      return matching("substr(job.definition, 1, instr(job.definition, ':') - 1)", value);
    }
    case 'BEFORE_CREATED_AT':
      return { sql: 'job.created_ms < ?', values: [millisecondsOf(name, value)] };
    case 'AFTER_CREATED_AT':
      return { sql: 'job.created_ms > ?', values: [millisecondsOf(name, value)] };
    case 'SHARE_IDENTIFIER':
      throw notSupported('The filter SHARE_IDENTIFIER', 'queues have no scheduling policy');
    default:
      throw clientError(
        `The filter ${name} is not known: use JOB_NAME, JOB_DEFINITION, BEFORE_CREATED_AT or AFTER_CREATED_AT.`,
      );
  }
}

function matching(expression: string, value: string): Condition {
  if (!value.endsWith('*')) return { sql: `${expression} = ?`, values: [value] };
  const prefix = value.slice(0, -1);
  return { sql: `substr(${expression}, 1, length(?)) = ?`, values: [prefix, prefix] };
}

function millisecondsOf(name: string, value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw clientError(`The filter ${name} is milliseconds since 1970, e.g. 1700000000000, not '${value}'.`);
}

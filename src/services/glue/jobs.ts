// Glue's operations on jobs.
import type { Tags } from '../../catalog/tag.js';
import { jobArn } from '../../jobs/job.js';
import type { Jobs } from '../../jobs/open-jobs.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetJobs and ListJobs answer with at most so many at once. */
const PAGE_MAX = 1000;

export function jobOperations({ jobs, tags }: { jobs: Jobs; tags: Tags }) {
  const { definitions } = jobs;
  const pageOf = (operation: string, input: Parameters<typeof pageOptions>[1]) => {
    const options = pageOptions(operation, input, PAGE_MAX);
    const found = definitions.list({ ...options, count: options.count + 1 });
    const items = found.slice(0, options.count);
    const last = items.at(-1);
    return { items, ...(found.length > items.length && last ? { next: last.Name } : {}) };
  };
  return {
    CreateJob(input) {
      definitions.create(input);
      return { Name: input.Name };
    },
    UpdateJob({ JobName, JobUpdate }) {
      definitions.update(JobName, JobUpdate);
      return { JobName };
    },
    GetJob: ({ JobName }) => ({ Job: definitions.get(JobName) }),
    GetJobs(input) {
      const page = pageOf('GetJobs', input);
      return { Jobs: page.items, ...nextToken('GetJobs', page) };
    },
    BatchGetJobs({ JobNames }) {
      const found = JobNames.map((name) => ({ name, job: definitions.find(name) }));
      return {
        Jobs: found.flatMap(({ job }) => job ?? []),
        JobsNotFound: found.flatMap(({ name, job }) => (job ? [] : [name])),
      };
    },
    /** As with GetTables' expression, a page may be short of its size where tags choose. */
    ListJobs(input, context) {
      const page = pageOf('ListJobs', input);
      const wanted = Object.entries(input.Tags ?? {});
      const hasTags = (name: string) => {
        const own = wanted.length > 0 ? tags.get(jobArn(context, name)) : {};
        return wanted.every(([key, value]) => own[key] === value);
      };
      return {
        JobNames: page.items.map((job) => job.Name).filter(hasTags),
        ...nextToken('ListJobs', page),
      };
    },
    DeleteJob({ JobName }) {
      jobs.delete(JobName);
      return { JobName };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

// Job definitions: created, replaced, read, deleted.
import type { CreateJobRequest, Job, JobUpdate } from '@aws-sdk/client-glue';
import type { Clock } from '../base/clock.js';
import type { Tags } from '../catalog/tag.js';
import { glueArn } from '../catalog/names.js';
import type { RoleDirectory } from '../identity/role-directory.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Checked } from '../wire/service.js';
import { defaultCapacity, requestedCapacity } from './job-capacity.js';

export const GLUE_PRINCIPAL = 'glue.amazonaws.com';
export const JOB_SESSION_NAME = 'GlueJobRunnerSession';

/** AWS docs: CreateJob, Timeout: "less than 7 days or 10080 minutes". */
const TIMEOUT_MAX_MINUTES = 10_080;

const COMMAND_NAMES = ['glueetl', 'pythonshell', 'gluestreaming', 'glueray'];
const RETRIES_MAX = 10;

/** A definition as it is kept: what was given, with its defaults. */
export type JobRecord = Job &
  Required<Pick<Job, 'Name' | 'Role' | 'MaxRetries' | 'CreatedOn'>> & {
    Command: { Name: string };
    ExecutionProperty: { MaxConcurrentRuns: number };
  };

export interface JobTable {
  /** @throws AwsError AlreadyExistsException, InvalidInputException */
  create(input: Checked<CreateJobRequest>): void;
  /** Replaces the definition: what `update` leaves out gets its default. @throws AwsError EntityNotFoundException, InvalidInputException */
  update(name: string, update: Checked<JobUpdate>): void;
  /** @throws AwsError EntityNotFoundException */
  get(name: string): JobRecord;
  find(name: string): JobRecord | undefined;
  /** Jobs whose name is greater than `after`, in name order. */
  list(options: { after?: string; count: number }): JobRecord[];
  /** True when there was one. */
  delete(name: string): boolean;
}

export interface JobTableOptions {
  clock: Clock;
  roles: RoleDirectory;
  tags: Tags;
  accountId: string;
  region: string;
}

export function openJobTable(state: State, options: JobTableOptions): JobTable {
  const { clock, roles, tags } = options;
  const records = openDocuments<JobRecord>(state, 'glue-job');
  const find = (name: string) => records.get(name);
  const get = (name: string) => {
    const job = find(name);
    if (!job) throw new AwsError('EntityNotFoundException', `Job ${name} not found.`);
    return job;
  };
  const requireRole = (name: string, role: string) =>
    roles.requireAssumable(role, GLUE_PRINCIPAL, jobArn(options, name));
  tags.registerKind('job', (name) => find(name) !== undefined);
  return {
    create({ Name, Tags: newTags, ...definition }) {
      const job = { Name, ...withDefaults(definition) };
      requireRole(Name, job.Role);
      const now = clock.now();
      state.transaction(() => {
        if (find(Name)) throw new AwsError('AlreadyExistsException', `Job ${Name} already exists.`);
        records.put(Name, { ...job, CreatedOn: now, LastModifiedOn: now });
        tags.create(`job/${Name}`, newTags);
      });
    },
    update(name, { Role, Command, ...rest }) {
      if (Role === undefined || Command === undefined) {
        throw invalid(
          `UpdateJob replaces the definition of ${name}: JobUpdate must have a Role and a Command.`,
        );
      }
      const definition = withDefaults({ Role, Command, ...rest });
      requireRole(name, Role);
      state.transaction(() => {
        const { CreatedOn } = get(name);
        records.put(name, { Name: name, ...definition, CreatedOn, LastModifiedOn: clock.now() });
      });
    },
    get,
    find,
    list: (page) => records.list(page).map(({ document }) => document),
    delete: (name) =>
      state.transaction(() => {
        tags.delete(`job/${name}`);
        return records.delete(name);
      }),
  };
}

export function jobArn({ region, accountId }: { region: string; accountId: string }, name: string): string {
  return glueArn(region, accountId, `job/${name}`);
}

type Definition = Omit<Checked<CreateJobRequest>, 'Name' | 'Tags'>;

function withDefaults(definition: Definition): Omit<JobRecord, 'Name' | 'CreatedOn' | 'LastModifiedOn'> {
  const commandName = definition.Command.Name ?? 'glueetl';
  if (!COMMAND_NAMES.includes(commandName)) {
    throw invalid(`Command.Name is "${commandName}"; it must be one of ${COMMAND_NAMES.join(', ')}.`);
  }
  const { MaxRetries = 0, ExecutionProperty, Timeout } = definition;
  if (MaxRetries < 0 || MaxRetries > RETRIES_MAX) {
    throw invalid(`MaxRetries is ${MaxRetries}; it must be between 0 and ${RETRIES_MAX}.`);
  }
  const MaxConcurrentRuns = ExecutionProperty?.MaxConcurrentRuns ?? 1;
  if (MaxConcurrentRuns < 1)
    throw invalid(`MaxConcurrentRuns is ${MaxConcurrentRuns}; it must be at least 1.`);
  checkTimeout(Timeout);
  // botocore 1.43 documents 0.9 as the version of a job that names none; later models say 6.0, whose jobs time out
  // after 8 hours instead of 48. The one under which existing definitions were written is kept.
  const GlueVersion = definition.GlueVersion ?? '0.9';
  return {
    ...definition,
    Command: { ...definition.Command, Name: commandName },
    JobMode: definition.JobMode ?? 'SCRIPT',
    MaxRetries,
    ExecutionProperty: { MaxConcurrentRuns },
    GlueVersion,
    ...(Timeout === undefined ? defaultTimeout(commandName, GlueVersion) : { Timeout }),
    ...(requestedCapacity(definition, commandName) ?? defaultCapacity(commandName)),
  };
}

/** @throws AwsError InvalidInputException */
export function checkTimeout(minutes: number | undefined): void {
  if (minutes !== undefined && minutes > TIMEOUT_MAX_MINUTES) {
    throw invalid(
      `Timeout is ${minutes} minutes; jobs must have timeout values of at most 7 days or ${TIMEOUT_MAX_MINUTES} minutes.`,
    );
  }
}

/** Minutes. AWS docs: CreateJob, Timeout. A streaming job has none. */
function defaultTimeout(commandName: string, glueVersion: string): { Timeout?: number } {
  if (commandName === 'gluestreaming') return {};
  return { Timeout: commandName === 'glueetl' && parseFloat(glueVersion) >= 5 ? 480 : 2880 };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

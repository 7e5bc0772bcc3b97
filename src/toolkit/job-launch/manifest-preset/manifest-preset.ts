// The preset `manifest`: the environment variables of dataworks-aws-glue-launcher, as a launch spec.
import * as v from 'valibot';
import { stringify } from 'yaml';
import { GluepotError } from '../../../base/errors.js';
import { parseLaunchSpec, type ReadText } from '../read-launch-spec.js';
import { cutOffShape, type LaunchSpec } from '../spec.js';
import { clearedPrefixes } from './cleared-prefixes.js';
import { presetTables } from './preset-tables.js';
import { PresetVariables, type Environment } from './preset-variables.js';

export interface PresetSpec {
  spec: LaunchSpec;
  /** The same as a file: what to keep when the variables are given up. */
  yaml: string;
}

/** AWS docs, "Job states" of Batch. */
const STATUSES = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'];
/** What the original looks at nothing for. */
const IGNORED_STATUSES = 'SUBMITTED,PENDING,RUNNABLE,STARTING,RUNNING';

/**
 * @param readText reads SQL files of one's own, where GLUEPOT_LAUNCH_SQL names their folder or prefix
 * @throws GluepotError `usage` naming every variable that is missing, unknown, or cannot be what it says
 */
export async function manifestPreset(environment: Environment, readText: ReadText): Promise<PresetSpec> {
  const variables = new PresetVariables(environment);
  const content = await specContent(variables, readText);
  // The function's own, which say that it is this preset.
  variables.find('GLUEPOT_LAUNCH_PRESET');
  for (const prefix of ['MANIFEST_', 'GLUEPOT_LAUNCH_']) variables.checkUnknown(prefix);
  const problems = [...new Set(variables.problems)];
  if (problems.length > 0) {
    throw new GluepotError(
      'usage',
      ['The environment cannot be a launch of the preset manifest:', ...problems].join('\n  '),
    );
  }
  const yaml = stringify(content, { lineWidth: 0 });
  return { spec: await parseLaunchSpec(yaml, 'The spec of the preset manifest', readText), yaml };
}

async function specContent(variables: PresetVariables, readText: ReadText): Promise<object> {
  const application = variables.find('APPLICATION')?.value ?? '';
  const name = /^[A-Za-z0-9_-]{1,64}$/.test(application) ? application : 'manifest';
  const output = variables.find('MANIFEST_S3_OUTPUT_LOCATION');
  const bucket = variables.find('MANIFEST_S3_BUCKET')?.value.trim() || undefined;
  const home = bucket ?? /^s3:\/\/([^/]+)/.exec(output?.value ?? '')?.[1];
  const state = variables.find('GLUEPOT_LAUNCH_STATE')?.value;
  if (state === undefined && home === undefined) {
    variables.problems.push(
      'Neither MANIFEST_S3_BUCKET nor MANIFEST_S3_OUTPUT_LOCATION names a bucket to keep records in: set GLUEPOT_LAUNCH_STATE, as s3://BUCKET/PREFIX.',
    );
  }
  const clear = clearedPrefixes(variables, bucket);
  const trash = variables.find('GLUEPOT_LAUNCH_TRASH')?.value ?? `s3://${home}/gluepot/trash/${name}/`;
  const tables = await presetTables(variables, readText);
  return {
    name,
    state: state ?? `s3://${home}/gluepot/launch/${name}`,
    require: [{ batchQueuesDrained: { queues: queues(variables) } }],
    policy: {
      onDependencyFailure: variables.oneOf('GLUEPOT_LAUNCH_ON_DEPENDENCY_FAILURE', ['block', 'proceed']),
      endedStatuses: endedStatuses(variables),
      runsPerDay: variables.wholeNumber('MAX_DAILY_RUNS', { standard: 5, least: 1, most: 1000 }),
    },
    prepare: {
      ...(clear.length > 0 ? { clear, trash } : {}),
      ...(tables.length > 0
        ? { tables, ...(output ? { athena: { output: withSlash(output.value) } } : {}) }
        : {}),
    },
    start: {
      job: variables.require('ETL_GLUE_JOB_NAME'),
      arguments: {
        '--cut_off_time_start': '${cutOffStartMs}',
        '--cut_off_time_end': '${cutOffEndMs}',
        '--margin_of_error': '${cutOffEndWithMarginMs}',
        '--import_type': variables.require('MANIFEST_COMPARISON_IMPORT_TYPE'),
        '--snapshot_type': variables.require('MANIFEST_COMPARISON_SNAPSHOT_TYPE'),
        '--import_prefix': inputLocation(variables, 'IMPORT'),
        '--export_prefix': inputLocation(variables, 'EXPORT'),
        '--enable-metrics': '',
      },
      window: {
        start: cutOff(variables, 'MANIFEST_COMPARISON_CUT_OFF_DATE_START', 'PREVIOUS_DAY_MIDNIGHT'),
        end: cutOff(variables, 'MANIFEST_COMPARISON_CUT_OFF_DATE_END', 'TODAY_MIDNIGHT'),
        marginMinutes: variables.wholeNumber('MANIFEST_COMPARISON_MARGIN_OF_ERROR_MINUTES', {
          standard: 2,
          least: 0,
          most: 1440,
        }),
      },
    },
  };
}

function queues(variables: PresetVariables): string[] {
  const names = ['JOB_QUEUE_DEPENDENCIES_ARN_LIST', 'JOB_QUEUE_DEPENDENCIES'];
  const value = variables.require(...names);
  return value === '' ? [] : variables.list({ name: variables.find(...names)?.name ?? '', value });
}

function endedStatuses(variables: PresetVariables): string[] {
  const given = variables.find('IGNORED_JOB_STATUSES') ?? {
    name: 'IGNORED_JOB_STATUSES',
    value: IGNORED_STATUSES,
  };
  const ignored = variables.list(given);
  for (const status of ignored) {
    if (STATUSES.includes(status)) continue;
    variables.problem(given.name, given.value, `and ${status} is none of ${STATUSES.join(', ')}.`);
  }
  const ended = STATUSES.filter((status) => !ignored.includes(status));
  if (ended.length === 0) variables.problem(given.name, given.value, 'which leaves no event to act on.');
  return ended;
}

function inputLocation(variables: PresetVariables, side: 'IMPORT' | 'EXPORT'): string {
  const name = `MANIFEST_S3_INPUT_LOCATION_${side}`;
  return variables.require(name, `${name}_HISTORIC`).replace(/\/+$/, '');
}

function cutOff(variables: PresetVariables, name: string, standard: string): string {
  const found = variables.find(name);
  if (!found || found.value.toUpperCase() === standard) return standard;
  const checked = v.safeParse(cutOffShape, found.value);
  if (!checked.success) variables.problem(name, found.value, `and ${checked.issues[0].message}.`);
  return found.value;
}

function withSlash(location: string): string {
  return location.endsWith('/') ? location : `${location}/`;
}

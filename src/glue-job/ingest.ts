// The program of an ingest as an AWS Glue job: its arguments → one run → log lines and an exit code.
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../aws/aws-failure.js';
import { clientConfig, s3ClientConfig } from '../aws/client-config.js';
import { EXIT_CODES, GluepotError } from '../base/errors.js';
import {
  failureOf,
  readStoredSpec,
  requireStoredTrackers,
  runIngest,
  specOfFormerParameters,
  type IngestClients,
  type IngestSpec,
  type TableReport,
} from '../toolkit/ingest/index.js';
import { parseJobArguments } from './job-arguments.js';

const FORMER = ['athena_database_name', 'output_path', 'cdc_path', 'primary_key_s3_prefix'] as const;
/** What the launcher takes for itself. */
const LAUNCHER = ['gluepot_program', 'gluepot_packages'];
const KNOWN = ['ingest_spec', 'tables', 'load_type', ...FORMER, ...LAUNCHER];

export interface IngestJob {
  clients: IngestClients;
  /** A line for the run's log. */
  print: (line: string) => void;
  signal: AbortSignal;
  /** Where tables are staged; the system's temporary folder when not given. */
  temporaryFolder?: string;
}

/**
 * @param words `--ingest_spec s3://BUCKET/KEY`, or the parameters of the original job; `--tables a,b` and `--load_type full`
 * @throws GluepotError when an argument or the spec is wrong, or a table failed; the other tables are loaded by then
 */
export async function runIngestJob(
  words: readonly string[],
  { clients, print, signal, temporaryFolder }: IngestJob,
): Promise<void> {
  const given = parseJobArguments(words, KNOWN);
  const spec = await specOf(given, clients.s3);
  const only = given.tables?.split(',').map((name) => name.trim());
  if ('job-bookmark-option' in given && given['job-bookmark-option'] !== 'job-bookmark-disable') {
    print('--job-bookmark-option has no effect: the trackers of the ingest say how far it is.');
  }
  const report = await runIngest(spec, clients, {
    signal,
    ...(only ? { only } : {}),
    ...(temporaryFolder === undefined ? {} : { temporaryFolder }),
    onProgress: ({ table, detail, done, all }) =>
      print(`${table}: ${detail} (${done} of ${all} tables done)`),
  });
  for (const table of report.tables) describe(table).forEach(print);
  const failure = failureOf(report);
  if (failure) throw failure;
  const count = (status: TableReport['status']) =>
    report.tables.filter((table) => table.status === status).length;
  print(
    `${count('loaded')} loaded, ${count('unchanged')} unchanged, ${count('skipped')} skipped; in ${report.outputDatabase}.`,
  );
}

async function specOf(given: Readonly<Record<string, string>>, s3: S3Client): Promise<IngestSpec> {
  const former = FORMER.filter((name) => given[name] !== undefined);
  const { ingest_spec: specUri, load_type: load } = given;
  if (specUri === undefined) return specOfFormer(given);
  if (former.length > 0) {
    throw new GluepotError('usage', `Give --ingest_spec or --${former.join(', --')}, not both.`);
  }
  const spec = await readStoredSpec(s3, specUri, '--ingest_spec');
  if (load === undefined) return spec;
  if (load === 'full' || load === 'incremental') return { ...spec, load };
  throw new GluepotError(
    'usage',
    `--load_type is ${JSON.stringify(load)}; with --ingest_spec it can be full or incremental.`,
  );
}

function specOfFormer(given: Readonly<Record<string, string>>): IngestSpec {
  const required = [...FORMER, 'load_type'] as const;
  const missing = required.filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    throw new GluepotError(
      'usage',
      `The job needs --ingest_spec s3://BUCKET/KEY, or all of --${required.join(', --')}; --${missing.join(', --')} is missing.`,
    );
  }
  const value = (name: (typeof required)[number]) => given[name] as string;
  return requireStoredTrackers(
    specOfFormerParameters({
      athena_database_name: value('athena_database_name'),
      output_path: value('output_path'),
      cdc_path: value('cdc_path'),
      primary_key_s3_prefix: value('primary_key_s3_prefix'),
      load_type: value('load_type'),
    }),
  );
}

function describe({ table, status, reason, load, counts, rows, warnings }: TableReport): string[] {
  const changed = counts ? ` +${counts.added} ~${counts.updated} -${counts.deleted}` : '';
  const how = load === undefined ? '' : `, ${load}${changed}, ${rows ?? 0} rows`;
  return [
    ...warnings.map((warning) => `${table}: warning: ${warning}`),
    `${table}: ${status}${how}: ${reason}`,
  ];
}

/** The program itself. Its last line says why it failed: Glue shows it as the run's error. */
export async function main(words: readonly string[]): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGTERM', () => interrupted.abort(new Error('The run was asked to end.')));
  const clients = { glue: new GlueClient(clientConfig), s3: new S3Client(s3ClientConfig(process.env)) };
  try {
    await runIngestJob(words, {
      clients,
      print: (line) => void process.stdout.write(`${line}\n`),
      signal: interrupted.signal,
    });
  } catch (error) {
    const { kind, message } = asGluepotError(error);
    process.stderr.write(`${message.replaceAll('\n', ' ')}\n`);
    process.exitCode = EXIT_CODES[kind];
  }
}

// Lambda: launches a Glue job when what it depends on is done, settles the lease when its run ends, and sweeps for lost events.
import { AthenaClient } from '@aws-sdk/client-athena';
import { BatchClient } from '@aws-sdk/client-batch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { asGluepotError } from '../aws/aws-failure.js';
import { clientConfig, s3ClientConfig } from '../aws/client-config.js';
import { systemClock, type Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { randomIds } from '../base/ids.js';
import { stderrLog, type Log } from '../base/log.js';
import { openDocumentStore } from '../change/document-store.js';
import {
  launch,
  manifestPreset,
  openLaunchRecords,
  readLaunchSpec,
  readObjectText,
  settle,
  sweep,
  type LaunchOutcome,
  type LaunchScope,
  type LaunchSpec,
} from '../toolkit/job-launch/index.js';
import { readJobLaunchEvent } from './job-launch-event.js';
import { signalBeforeEnd, type InvocationContext } from './invocation-context.js';

/** What is left for putting back what was cleared before Lambda ends the function. */
const RESERVE_MS = 15_000;

/** A no is a result like a yes: only what failed is thrown, and only that is tried again by Lambda. */
export type JobLaunchResult = Omit<LaunchOutcome, 'run'> & { runId?: string; runKey?: string };

export interface SpecPlace {
  /** `s3://BUCKET/KEY` of the launch spec, read at each call: a changed spec is in force at once. */
  specUri: string | undefined;
  /** With GLUEPOT_LAUNCH_PRESET instead of a spec: the variables of a preset. */
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * @throws GluepotError for a spec or an event that is none, and when AWS refuses; then Lambda's retries and queue take over
 */
export async function handleJobLaunch(
  { clients, clock, log }: { clients: LaunchScope['clients']; clock: Clock; log: Log },
  place: SpecPlace,
  event: unknown,
  context: InvocationContext,
): Promise<JobLaunchResult> {
  const signal = signalBeforeEnd(context, RESERVE_MS);
  try {
    const spec = await readSpec(clients.s3, place, signal);
    if (!spec.state.startsWith('s3://')) {
      throw new GluepotError(
        'usage',
        `The spec's "state" is ${JSON.stringify(spec.state)}; it must be s3://BUCKET/PREFIX, for the disk of a function does not last.`,
      );
    }
    const scope = { clients, clock, ids: randomIds, signal };
    // Not ended by the signal: what an interrupted launch writes last is what the next one goes by.
    const records = openLaunchRecords(openDocumentStore(spec.state, clients));
    const asked = readJobLaunchEvent(event, spec.start.job);
    const { run, ...outcome } =
      asked.kind === 'sweep'
        ? await sweep(scope, { spec, records })
        : asked.kind === 'settle'
          ? await settle(scope, { spec, records }, asked.change)
          : await launch(scope, { spec, records, event: asked.event });
    const result = { ...outcome, ...(run ? { runId: run.runId, runKey: run.runKey } : {}) };
    for (const problem of outcome.notNotified ?? []) log('warn', problem);
    log('info', outcome.message, { ...result, kind: asked.kind });
    return result;
  } catch (error) {
    const failure = asGluepotError(error);
    log('error', failure.message, { kind: failure.kind, event });
    throw failure;
  }
}

/** A preset's spec is made of the function's own variables. */
async function readSpec(
  s3: S3Client,
  { specUri, environment }: SpecPlace,
  signal: AbortSignal,
): Promise<LaunchSpec> {
  const { GLUEPOT_LAUNCH_PRESET: preset } = environment;
  const readText = (place: string) => readObjectText(s3, place, signal);
  if (preset !== undefined && specUri === undefined) {
    if (preset === 'manifest') return (await manifestPreset(environment, readText)).spec;
    throw new GluepotError(
      'usage',
      `GLUEPOT_LAUNCH_PRESET is ${JSON.stringify(preset)}; there is only manifest.`,
    );
  }
  if (preset !== undefined || specUri === undefined || !/^s3:\/\/[^/]+\/.+/.test(specUri)) {
    throw new GluepotError(
      'usage',
      `GLUEPOT_LAUNCH_SPEC is ${JSON.stringify(specUri ?? '')}; it must be the launch spec, as s3://BUCKET/KEY, ` +
        'unless GLUEPOT_LAUNCH_PRESET is set alone.',
    );
  }
  return readLaunchSpec(specUri, readText);
}

let clients: LaunchScope['clients'] | undefined;

/** Lambda's entry; GLUEPOT_LAUNCH_SPEC says where the launch spec is, or GLUEPOT_LAUNCH_PRESET that variables make it. */
export async function handler(event: unknown, context: InvocationContext): Promise<JobLaunchResult> {
  const { env } = process;
  clients ??= {
    athena: new AthenaClient(clientConfig),
    batch: new BatchClient(clientConfig),
    events: new EventBridgeClient(clientConfig),
    glue: new GlueClient(clientConfig),
    s3: new S3Client(s3ClientConfig(env)),
    sqs: new SQSClient(clientConfig),
    sts: new STSClient(clientConfig),
  };
  const scope = { clients, clock: systemClock, log: stderrLog() };
  const place = { specUri: env.GLUEPOT_LAUNCH_SPEC, environment: env };
  return handleJobLaunch(scope, place, event, context);
}

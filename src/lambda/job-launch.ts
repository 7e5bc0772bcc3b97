// Lambda: launches a Glue job when what it depends on is done, settles the lease when its run ends, and sweeps for lost events.
import { AthenaClient } from '@aws-sdk/client-athena';
import { BatchClient } from '@aws-sdk/client-batch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { asGluepotError } from '../aws/aws-failure.js';
import { systemClock, type Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { randomIds } from '../base/ids.js';
import { stderrLog, type Log } from '../base/log.js';
import { openDocumentStore } from '../change/document-store.js';
import {
  launch,
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

/** What is left for putting back what was cleared before Lambda ends the function. */
const RESERVE_MS = 15_000;

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** A no is a result like a yes: only what failed is thrown, and only that is tried again by Lambda. */
export type JobLaunchResult = Omit<LaunchOutcome, 'run'> & { runId?: string; runKey?: string };

/**
 * @param specUri `s3://BUCKET/KEY` of the launch spec, read at each call: a changed spec is in force at once
 * @throws GluepotError for a spec or an event that is none, and when AWS refuses; then Lambda's retries and queue take over
 */
export async function handleJobLaunch(
  { clients, clock, log }: { clients: LaunchScope['clients']; clock: Clock; log: Log },
  specUri: string | undefined,
  event: unknown,
  context: InvocationContext,
): Promise<JobLaunchResult> {
  const signal = AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - RESERVE_MS, 1));
  try {
    const spec = await readSpec(clients.s3, specUri, signal);
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
    log('info', outcome.message, { ...result, kind: asked.kind });
    return result;
  } catch (error) {
    const failure = asGluepotError(error);
    log('error', failure.message, { kind: failure.kind, event });
    throw failure;
  }
}

function readSpec(s3: S3Client, uri: string | undefined, signal: AbortSignal): Promise<LaunchSpec> {
  if (uri === undefined || !/^s3:\/\/[^/]+\/.+/.test(uri)) {
    throw new GluepotError(
      'usage',
      `GLUEPOT_LAUNCH_SPEC is ${JSON.stringify(uri ?? '')}; it must be the launch spec, as s3://BUCKET/KEY.`,
    );
  }
  return readLaunchSpec(uri, (place) => readObjectText(s3, place, signal));
}

let clients: LaunchScope['clients'] | undefined;

/** Lambda's entry; GLUEPOT_LAUNCH_SPEC says where the launch spec is. */
export async function handler(event: unknown, context: InvocationContext): Promise<JobLaunchResult> {
  const { env } = process;
  // An endpoint of one's own seldom has DNS for buckets as host names.
  const forcePathStyle = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined;
  const retries = { retryMode: 'adaptive', maxAttempts: 8 };
  clients ??= {
    athena: new AthenaClient(retries),
    batch: new BatchClient(retries),
    events: new EventBridgeClient(retries),
    glue: new GlueClient(retries),
    s3: new S3Client({ ...retries, forcePathStyle }),
    sts: new STSClient(retries),
  };
  const scope = { clients, clock: systemClock, log: stderrLog() };
  return handleJobLaunch(scope, env.GLUEPOT_LAUNCH_SPEC, event, context);
}

// Lambda: ingests a small database to Parquet by a spec in S3, called by a schedule or by hand.
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { array, boolean, looseObject, minLength, optional, picklist, pipe, safeParse, string } from 'valibot';
import { asGluepotError } from '../aws/aws-failure.js';
import { clientConfig, s3ClientConfig } from '../aws/client-config.js';
import { systemClock, type Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { stderrLog, type Log } from '../base/log.js';
import {
  failureOf,
  readStoredSpec,
  runIngest,
  type IngestClients,
  type IngestReport,
  type IngestSpec,
} from '../toolkit/ingest/index.js';
import { signalBeforeEnd, type InvocationContext } from './invocation-context.js';

/** What is left for ending statements and transfers before Lambda ends the function. */
const RESERVE_MS = 15_000;
/** Of the function's memory, for all but DuckDB's buffers. */
const OWN_MEMORY_MB = 512;
const LEAST_MEMORY_MB = 128;

/** The part of Lambda's context that is used. */
export interface IngestContext extends InvocationContext {
  /** In MB, as Lambda has it. */
  memoryLimitInMB: string;
}

/** Of a schedule's event nothing is used; whoever calls by hand may say more. */
const EVENT = looseObject({
  tables: optional(pipe(array(string()), minLength(1))),
  load: optional(picklist(['full', 'incremental'])),
  /** Failed tables are in the answer, and throw nothing. */
  answerFailures: optional(boolean()),
});

export interface IngestFunction {
  clients: IngestClients;
  clock: Clock;
  log: Log;
  /** `s3://BUCKET/KEY` of the ingest spec, read at each call: a changed spec is in force at once. */
  specUri: string | undefined;
  /** Where tables are staged: the function's ephemeral storage, which has to have room for them. */
  temporaryFolder?: string;
}

/**
 * Tables that were committed before time ran out stay so, and the next call goes on with the others.
 * @throws GluepotError when the spec or the event is wrong, time ran out or a table failed, so that Lambda's alarms see it
 */
export async function handleIngest(
  { clients, clock, log, specUri, temporaryFolder }: IngestFunction,
  event: unknown,
  context: IngestContext,
): Promise<IngestReport> {
  const signal = signalBeforeEnd(context, RESERVE_MS);
  try {
    const asked = safeParse(EVENT, event ?? {});
    if (!asked.success) {
      throw new GluepotError(
        'usage',
        `The event is wrong: ${asked.issues[0].message}. It may have tables, a list of names, and load: full or incremental.`,
      );
    }
    const { tables: only, load, answerFailures } = asked.output;
    const stored = await readStoredSpec(clients.s3, specUri, 'GLUEPOT_INGEST_SPEC');
    const spec = withMemoryOf(context, stored);
    const report = await runIngest({ ...spec, ...(load ? { load } : {}) }, clients, {
      clock,
      signal,
      ...(only ? { only } : {}),
      ...(temporaryFolder === undefined ? {} : { temporaryFolder }),
    });
    for (const table of report.tables)
      log(table.status === 'failed' ? 'error' : 'info', table.reason, { ...table });
    const failure = failureOf(report);
    if (failure && !answerFailures) throw failure;
    return report;
  } catch (error) {
    const failure = signal.aborted
      ? new GluepotError(
          'timed-out',
          'Time ran out. Tables that were loaded stay so; the next call goes on with the others.',
          { cause: error },
        )
      : asGluepotError(error);
    log('error', failure.message, { kind: failure.kind, event });
    throw failure;
  }
}

function withMemoryOf({ memoryLimitInMB }: IngestContext, spec: IngestSpec): IngestSpec {
  const memoryLimitMb = Math.max(Number(memoryLimitInMB) - OWN_MEMORY_MB, LEAST_MEMORY_MB);
  return { ...spec, memoryLimitMb: Math.min(spec.memoryLimitMb ?? memoryLimitMb, memoryLimitMb) };
}

let clients: IngestClients | undefined;

/** Lambda's entry; GLUEPOT_INGEST_SPEC says where the spec is. */
export async function handler(event: unknown, context: IngestContext): Promise<IngestReport> {
  const { env } = process;
  clients ??= { glue: new GlueClient(clientConfig), s3: new S3Client(s3ClientConfig(env)) };
  const specUri = env.GLUEPOT_INGEST_SPEC;
  return handleIngest({ clients, clock: systemClock, log: stderrLog(), specUri }, event, context);
}

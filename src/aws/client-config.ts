// How AWS clients are configured.
import { CLIENT_LOGGER } from './client-logger.js';

/** Retries that slow down when AWS throttles. */
export const ACCOUNT_RETRIES = { retryMode: 'adaptive', maxAttempts: 8 } as const;

const CONNECT_MAX_MS = 10_000;

/** As long as boto3 waits for bytes (botocore docs, Config: `read_timeout`); S3 sends some while it copies or completes an upload. */
const SILENCE_MAX_MS = 60_000;

/** Until the function ends nothing comes. AWS docs, Lambda quotas: a function runs for 15 minutes at most. */
export const INVOCATION_SILENCE_MAX_MS = 16 * 60_000;

/**
 * Ends a request that nobody answers, and nothing that still moves: a limit of all that a request takes would cut large objects.
 * @param silenceMs how long neither side has to send anything
 */
export function unansweredLimits(silenceMs: number = SILENCE_MAX_MS) {
  return { requestHandler: { connectionTimeout: CONNECT_MAX_MS, socketTimeout: silenceMs } };
}

/** Of programs that run on AWS: region and credentials come from where they run. */
export const clientConfig = { ...ACCOUNT_RETRIES, ...unansweredLimits(), logger: CLIENT_LOGGER };

/** The same for S3: an endpoint of one's own seldom has DNS for buckets as host names. */
export function s3ClientConfig(env: NodeJS.ProcessEnv) {
  const hasOwnEndpoint = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined;
  return { ...clientConfig, forcePathStyle: hasOwnEndpoint };
}

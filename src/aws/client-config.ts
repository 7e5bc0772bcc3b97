// How AWS clients for an account are configured.
import { CLIENT_LOGGER } from './client-logger.js';

/** Retries that slow down when AWS throttles. */
export const ACCOUNT_RETRIES = { retryMode: 'adaptive', maxAttempts: 8 } as const;

/** Of programs that run on AWS: region and credentials come from where they run. */
export const clientConfig = { ...ACCOUNT_RETRIES, logger: CLIENT_LOGGER };

/** The same for S3: an endpoint of one's own seldom has DNS for buckets as host names. */
export function s3ClientConfig(env: NodeJS.ProcessEnv) {
  const hasOwnEndpoint = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined;
  return { ...clientConfig, forcePathStyle: hasOwnEndpoint };
}

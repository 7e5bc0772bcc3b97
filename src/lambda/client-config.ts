// How the functions' AWS clients are configured.
import { CLIENT_LOGGER } from '../aws/client-logger.js';

/** Retries that slow down when AWS throttles. */
export const clientConfig = { retryMode: 'adaptive', maxAttempts: 8, logger: CLIENT_LOGGER };

/** The same for S3: an endpoint of one's own seldom has DNS for buckets as host names. */
export function s3ClientConfig(env: NodeJS.ProcessEnv) {
  const hasOwnEndpoint = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined;
  return { ...clientConfig, forcePathStyle: hasOwnEndpoint };
}

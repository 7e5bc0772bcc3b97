// How the functions' AWS clients are configured.

/** Retries that slow down when AWS throttles. */
export const clientConfig = { retryMode: 'adaptive', maxAttempts: 8 };

/** The same for S3: an endpoint of one's own seldom has DNS for buckets as host names. */
export function s3ClientConfig(env: NodeJS.ProcessEnv) {
  const hasOwnEndpoint = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined;
  return { ...clientConfig, forcePathStyle: hasOwnEndpoint };
}

// What SDK clients log to, whatever service they are of: warnings only.
import type { GlueClientConfig } from '@aws-sdk/client-glue';

/**
 * The SDK writes each input and output out for `info` and `error` of a logger, also for its own default one, which throws them
 * away: a tenth of what a client does. Where the two are missing it does not (seen in the logger middleware of @aws-sdk/core,
 * which calls `logger?.info?.(...)`). Warnings come through as without it.
 */
export const CLIENT_LOGGER = {
  debug() {},
  warn: (...content: unknown[]) => console.warn(...content),
} as NonNullable<GlueClientConfig['logger']>;

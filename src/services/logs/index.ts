// The CloudWatch Logs service.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { LogStore } from '../../logs/open-log-groups.js';
import { logsConstraints } from '../../wire/constraints/logs.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { liveTailOperations } from './live-tail.js';
import { logEventOperations } from './log-events.js';
import { logGroupOperations } from './log-groups.js';
import { logStreamOperations } from './log-streams.js';

export interface LogsServiceParts {
  logs: LogStore;
  clock: Clock;
  ids: Ids;
  /** Ends live tails. */
  closing: AbortSignal;
}

export function logsService(parts: LogsServiceParts): Service {
  const { logs, clock } = parts;
  return {
    signingName: 'logs',
    protocol: 'json-1.1',
    targetPrefix: 'Logs_20140328',
    get client() {
      return sdkModule('cloudwatch-logs');
    },
    constraints: logsConstraints,
    validationErrorName: 'InvalidParameterException',
    operations: {
      ...logGroupOperations(logs),
      ...logStreamOperations(logs),
      ...logEventOperations(logs, clock),
      ...liveTailOperations(parts),
    },
  };
}

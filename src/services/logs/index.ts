// The CloudWatch Logs service.
import type { Clock } from '../../base/clock.js';
import type { LogStore } from '../../logs/open-log-groups.js';
import { logsConstraints } from '../../wire/constraints/logs.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { logEventOperations } from './log-events.js';
import { logGroupOperations } from './log-groups.js';
import { logStreamOperations } from './log-streams.js';

export function logsService(logs: LogStore, { clock }: { clock: Clock }): Service {
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
    },
  };
}

// The EventBridge Scheduler service: schedules and their groups.
import type { Clock } from '../../base/clock.js';
import type { RoleDirectory } from '../../identity/role-directory.js';
import type { Schedules } from '../../schedules/open-schedules.js';
import { schedulerConstraints } from '../../wire/constraints/scheduler.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { groupOperations } from './groups.js';
import { scheduleOperations } from './schedules.js';

export interface SchedulerServiceParts {
  schedules: Schedules;
  roles: RoleDirectory;
  clock: Clock;
  /** Whether the operation is here to be a universal target. */
  hasOperation: (service: string, operation: string) => boolean;
}

export function schedulerService(parts: SchedulerServiceParts): Service {
  return {
    signingName: 'scheduler',
    protocol: 'rest-json',
    get client() {
      return sdkModule('scheduler');
    },
    constraints: schedulerConstraints,
    validationErrorName: 'ValidationException',
    operations: { ...scheduleOperations(parts), ...groupOperations(parts) },
  };
}

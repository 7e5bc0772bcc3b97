// The EventBridge service: buses, rules, targets, events.
import type { Clock } from '../../base/clock.js';
import type { EventBuses } from '../../events/open-events.js';
import type { RoleDirectory } from '../../identity/role-directory.js';
import type { State } from '../../state/state.js';
import { eventsConstraints } from '../../wire/constraints/events.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { busOperations } from './buses.js';
import { eventOperations } from './events.js';
import { ruleOperations } from './rules.js';
import { tagOperations } from './tags.js';
import { targetOperations } from './targets.js';

export interface EventsServiceParts {
  state: State;
  events: EventBuses;
  roles: RoleDirectory;
  clock: Clock;
}

export function eventsService(parts: EventsServiceParts): Service {
  return {
    signingName: 'events',
    protocol: 'json-1.1',
    targetPrefix: 'AWSEvents',
    get client() {
      return sdkModule('eventbridge');
    },
    constraints: eventsConstraints,
    validationErrorName: 'ValidationException',
    operations: {
      ...busOperations(parts),
      ...ruleOperations(parts),
      ...targetOperations(parts),
      ...eventOperations(parts),
      ...tagOperations(parts),
    },
  };
}

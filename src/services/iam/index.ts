// The IAM service.
import type { Identity } from '../../identity/identity.js';
import { iamConstraints } from '../../wire/constraints/iam.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { policyOperations } from './policies.js';
import { rolePolicyOperations } from './role-policies.js';
import { roleOperations } from './roles.js';
import { simulationOperations } from './simulation.js';
import { userOperations } from './users.js';

export function iamService(identity: Identity): Service {
  return {
    signingName: 'iam',
    protocol: 'query',
    apiVersion: '2010-05-08',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    get client() {
      return sdkModule('iam');
    },
    constraints: iamConstraints,
    validationErrorName: 'ValidationError',
    operations: {
      ...roleOperations(identity),
      ...rolePolicyOperations(identity),
      ...policyOperations(identity),
      ...simulationOperations(identity),
      ...userOperations(identity),
    },
  };
}

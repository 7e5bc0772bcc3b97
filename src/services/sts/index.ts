// The STS service.
import type { Identity } from '../../identity/identity.js';
import { stsConstraints } from '../../wire/constraints/sts.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { sessionOperations } from './sessions.js';

export function stsService(identity: Identity): Service {
  return {
    signingName: 'sts',
    protocol: 'query',
    apiVersion: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    get client() {
      return sdkModule('sts');
    },
    constraints: stsConstraints,
    validationErrorName: 'ValidationError',
    operations: sessionOperations(identity),
  };
}

// The Lambda service.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { FunctionScope } from '../../functions/function-name.js';
import type { Functions } from '../../functions/open-functions.js';
import { lambdaConstraints } from '../../wire/constraints/lambda.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { aliasOperations } from './aliases.js';
import { functionOperations } from './functions.js';
import { invocationOperations } from './invocations.js';
import { permissionOperations } from './permissions.js';

export function lambdaService(
  functions: Functions,
  options: FunctionScope & { clock: Clock; ids: Ids },
): Service {
  return {
    signingName: 'lambda',
    protocol: 'rest-json',
    get client() {
      return sdkModule('lambda');
    },
    constraints: lambdaConstraints,
    validationErrorName: 'ValidationException',
    runsPrograms: true,
    operations: {
      ...functionOperations(functions, options),
      ...invocationOperations(functions, options),
      ...aliasOperations(functions, options),
      ...permissionOperations(functions),
    },
  };
}

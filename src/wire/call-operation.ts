// Calls an operation of an embedded service from inside: decoded, checked and run as a request is, without one.
import type { Ids } from '../base/ids.js';
import { AwsError } from './aws-error.js';
import { checkInput } from './constraints.js';
import { operationShape } from './schema.js';
import type { Service } from './service.js';
import { decodeUniversalInput } from './universal-input.js';

export interface OperationCall {
  /** Name in SigV4 credential scopes, e.g. `glue`. */
  service: string;
  /** E.g. `StartJobRun`. */
  operation: string;
  /** In the SDK's form, or JSON text as in the Input of a universal target; see universal-input.ts. */
  input: Record<string, unknown> | string;
  /** On whose behalf; the root of the account without one. */
  roleArn?: string | undefined;
}

/**
 * Resolves with the operation's output, which has been committed then, but may not be on the disk yet: what the caller
 * commits after it is never kept without it.
 * @throws AwsError as the operation, and `UnknownOperationException`
 */
export type CallOperation = (call: OperationCall) => Promise<unknown>;

export interface CallerOptions {
  services: readonly Service[];
  ids: Ids;
  accountId: string;
  region: string;
}

export function operationCaller({ services, ids, accountId, region }: CallerOptions): CallOperation {
  return async ({ service: name, operation, input, roleArn }) => {
    const service = services.find(({ signingName }) => signingName === name);
    const run = service?.operations[operation];
    const shape = service && operationShape(service.client, operation);
    if (!service || !run || !shape) {
      throw new AwsError('UnknownOperationException', `There is no operation ${operation} of ${name} here.`);
    }
    const decoded = typeof input === 'string' ? decodeUniversalInput(shape.input, input) : input;
    checkInput(shape.input, decoded, service.constraints, service.client, service.validationErrorName);
    return await run(decoded as never, {
      requestId: ids.uuid(),
      region,
      accountId,
      callerArn: roleArn ?? `arn:aws:iam::${accountId}:root`,
      accessKeyId: '',
      origin: 'http://localhost',
    });
  };
}

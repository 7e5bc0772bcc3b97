// What the protocols have in common: a request becomes an operation's input, an output or an error becomes an answer.
import type { AwsError } from './aws-error.js';
import type { WireRequest, WireResponse } from './message.js';
import type { OperationShape } from './schema.js';

export interface DecodedCall {
  operation: OperationShape;
  input: Record<string, unknown>;
}

export interface ProtocolCodec {
  /**
   * The operation that the request names, and its input, unchecked.
   * @throws AwsError as the protocol answers an unknown operation or a body it cannot read
   */
  decode(request: WireRequest): Promise<DecodedCall>;
  encode(operation: OperationShape, output: Record<string, unknown>, requestId: string): WireResponse;
  encodeError(error: AwsError, request: WireRequest, requestId: string): WireResponse;
  /** The error for an operation of the model that this service does not have. */
  notImplemented(operationName: string): AwsError;
}

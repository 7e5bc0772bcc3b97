// Receipt handles: which receive of which message of which queue.
import { AwsError } from '../wire/aws-error.js';

export function writeHandle(queue: string, number: number, receipt: string): string {
  return Buffer.from(`${queue} ${number} ${receipt}`).toString('base64url');
}

/** @throws AwsError ReceiptHandleIsInvalid for what is no handle, or one of another queue */
export function readHandle(queue: string, handle: string): { number: number; receipt: string } {
  const [name, number, receipt] = Buffer.from(handle, 'base64url').toString('utf8').split(' ');
  if (name !== queue || receipt === undefined) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return { number: Number(number), receipt };
}

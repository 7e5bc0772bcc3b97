// The Range header of a read.
import { AwsError } from '../../wire/aws-error.js';

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Undefined for no range and for one that is not of the form `bytes=a-b`, `bytes=a-`, `bytes=-n`: S3 then answers with the
 * whole object.
 * @throws AwsError InvalidRange (416) when no byte of the object lies in it
 */
export function parseByteRange(text: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? '');
  if (!match || match[0] === 'bytes=-') return undefined;
  const [, first = '', last = ''] = match;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    statusCode: 416,
    members: { RangeRequested: text, ActualObjectSize: size },
  });
}

// The bytes that a workgroup lets a query read.
import { QueryCancelled } from './query-cancelled.js';

/** AWS docs, data usage controls: a query over the limit is cancelled. @throws QueryCancelled */
export function requireWithin(scannedBytes: number, { cutoffBytes }: { cutoffBytes?: number }): void {
  if (cutoffBytes === undefined || scannedBytes <= cutoffBytes) return;
  throw new QueryCancelled('Query cancelled! : Bytes scanned limit was exceeded');
}

// Act: writes what a crawl decided to write beside the catalog.
import type { PlanContext } from '../plan-context.js';
import type { FileWrite } from '../decide/file-write.js';

/** @throws AwsError AccessDenied for what the role may not do; the signal's reason when it aborts */
export async function writeFiles(
  files: readonly FileWrite[],
  { storage, session, log, signal }: Pick<PlanContext, 'storage' | 'session' | 'log' | 'signal'>,
): Promise<void> {
  for (const { bucket, key, text } of files) {
    signal.throwIfAborted();
    if (text === undefined) {
      session.require('s3:DeleteObject', `arn:aws:s3:::${bucket}/${key}`);
      storage.delete(bucket, key);
    } else await storage.put(bucket, key, Buffer.from(text));
    log.write('INFO', `${text === undefined ? 'Deleted' : 'Wrote'} manifest s3://${bucket}/${key}`);
  }
}

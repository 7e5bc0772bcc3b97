// The S3 service.
import { sdkModule } from '../../wire/sdk-module.js';
import type { AnyOperation, Service } from '../../wire/service.js';
import { bucketOperations } from './buckets.js';
import { bucketNotificationOperations } from './bucket-notifications.js';
import { bucketConfigurationOperations } from './bucket-configuration.js';
import { copyOperations } from './copies.js';
import { listingOperations } from './listings.js';
import { multipartOperations } from './multipart-uploads.js';
import { objectOperations } from './objects.js';
import { objectReadOperations } from './object-reads.js';
import { requireExpectedOwner } from './owner.js';
import type { S3Parts } from './s3-parts.js';
import { taggingOperations } from './tagging.js';
import { refuseUnsupported } from './unsupported.js';
import { uploadListingOperations } from './upload-listings.js';
import { versionListingOperations } from './version-listing.js';

export function s3Service(parts: S3Parts): Service {
  return {
    signingName: 's3',
    protocol: 'rest-xml',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    get client() {
      return sdkModule('s3');
    },
    validationErrorName: 'InvalidRequest',
    operations: guarded(parts, {
      ...bucketOperations(parts),
      ...bucketConfigurationOperations(parts),
      ...bucketNotificationOperations(parts),
      ...listingOperations(parts),
      ...objectOperations(parts),
      ...objectReadOperations(parts),
      ...copyOperations(parts),
      ...taggingOperations(parts),
      ...multipartOperations(parts),
      ...uploadListingOperations(parts),
      ...versionListingOperations(parts),
    }),
  };
}

/** What every operation refuses before it begins. */
function guarded(
  { accountId }: S3Parts,
  operations: Record<string, AnyOperation>,
): Record<string, AnyOperation> {
  const guard = (run: AnyOperation): AnyOperation => {
    return (input: object, context) => {
      refuseUnsupported(input);
      requireExpectedOwner(input, accountId);
      return run(input as never, context);
    };
  };
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, guard(run)]));
}

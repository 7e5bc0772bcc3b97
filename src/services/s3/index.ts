// The S3 service.
import * as client from '@aws-sdk/client-s3';
import type { Service } from '../../wire/service.js';
import { bucketOperations } from './buckets.js';
import { bucketConfigurationOperations } from './bucket-configuration.js';
import { copyOperations } from './copies.js';
import { listingOperations } from './listings.js';
import { multipartOperations } from './multipart-uploads.js';
import { objectOperations } from './objects.js';
import { objectReadOperations } from './object-reads.js';
import type { S3Parts } from './s3-parts.js';
import { taggingOperations } from './tagging.js';

export function s3Service(parts: S3Parts): Service {
  return {
    signingName: 's3',
    protocol: 'rest-xml',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    client,
    validationErrorName: 'InvalidRequest',
    operations: {
      ...bucketOperations(parts),
      ...bucketConfigurationOperations(parts),
      ...listingOperations(parts),
      ...objectOperations(parts),
      ...objectReadOperations(parts),
      ...copyOperations(parts),
      ...taggingOperations(parts),
      ...multipartOperations(parts),
    },
  };
}

// Objects copied.
import { STORAGE_CLASS_DEFAULT } from '../../storage/attributes.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { copyingFrom, openCopySource, parseCopySource } from './copy-source.js';
import { quoted } from './etag.js';
import { attributesFrom, checksumAlgorithmOf, checksumMembers } from './object-attributes.js';
import { writeCondition } from './objects.js';
import type { S3Parts } from './s3-parts.js';

export function copyOperations({ storage }: S3Parts) {
  return {
    async CopyObject(input) {
      const source = parseCopySource(input.CopySource);
      const replaces = input.MetadataDirective === 'REPLACE';
      if (
        source.bucket === input.Bucket &&
        source.key === input.Key &&
        !replaces &&
        input.StorageClass === undefined &&
        input.ServerSideEncryption === undefined
      ) {
        throw new AwsError(
          'InvalidRequest',
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
            'metadata, storage class, website redirect location or encryption attributes.',
        );
      }
      const { tags: newTags, ...given } = attributesFrom(input);
      const condition = writeCondition(input);
      const chosenAlgorithm = checksumAlgorithmOf(input.ChecksumAlgorithm);
      const opened = openCopySource(storage, input);
      const { contentType, headers, metadata, tags, size, checksums = {} } = opened.object;
      const kept = {
        ...(contentType === undefined ? {} : { contentType }),
        // AWS docs: CopyObject, the copy's class is STANDARD unless another is asked for.
        headers: { ...headers, 'x-amz-storage-class': input.StorageClass ?? STORAGE_CLASS_DEFAULT },
        ...(metadata === undefined ? {} : { metadata }),
      };
      const chosenTags = input.TaggingDirective === 'REPLACE' ? newTags : tags;
      const attributes = { ...(replaces ? given : kept), ...(chosenTags ? { tags: chosenTags } : {}) };
      const algorithm = chosenAlgorithm ?? checksumAlgorithmOf(Object.keys(checksums)[0]);
      const copy = await copyingFrom(opened, { start: 0, end: size - 1 }, algorithm, (body, checksums) =>
        storage.put(input.Bucket, input.Key, body, attributes, {
          condition,
          checksums,
          reason: 'CopyObject',
        }),
      );
      return {
        CopyObjectResult: {
          ETag: quoted(copy.etag),
          LastModified: copy.lastModified,
          ...checksumMembers(copy),
        },
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

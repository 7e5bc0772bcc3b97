// Objects copied.
import { Readable } from 'node:stream';
import { createChecksum, type Checksum } from '../../wire/checksum.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { openCopySource, parseCopySource } from './copy-source.js';
import { quoted } from './etag.js';
import { attributesFrom, checksumAlgorithmOf, checksumMembers } from './object-attributes.js';
import { writeCondition } from './objects.js';
import type { S3Parts } from './s3-parts.js';
import { refuseUnsupported } from './unsupported.js';

export function copyOperations({ storage }: S3Parts) {
  return {
    async CopyObject(input) {
      refuseUnsupported(input);
      const source = parseCopySource(input.CopySource);
      const replaces = input.MetadataDirective === 'REPLACE';
      if (
        source.bucket === input.Bucket &&
        source.key === input.Key &&
        !replaces &&
        input.StorageClass === undefined
      ) {
        throw new AwsError(
          'InvalidRequest',
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
            'metadata, storage class, website redirect location or encryption attributes.',
        );
      }
      const opened = openCopySource(storage, input);
      const { contentType, headers, metadata, tags, size, checksums = {} } = opened.object;
      const kept = {
        ...(contentType === undefined ? {} : { contentType }),
        headers: {
          ...headers,
          ...(input.StorageClass === undefined ? {} : { 'x-amz-storage-class': input.StorageClass }),
        },
        ...(metadata === undefined ? {} : { metadata }),
      };
      const { tags: newTags, ...given } = attributesFrom(input);
      const chosenTags = input.TaggingDirective === 'REPLACE' ? newTags : tags;
      const algorithm = checksumAlgorithmOf(input.ChecksumAlgorithm ?? Object.keys(checksums)[0]);
      const checksum = algorithm && createChecksum(algorithm);
      const content = opened.read(0, size - 1);
      const body = checksum ? Readable.from(passing(content, checksum)) : content;
      const copy = await storage.put(
        input.Bucket,
        input.Key,
        body,
        { ...(replaces ? given : kept), ...(chosenTags ? { tags: chosenTags } : {}) },
        {
          condition: writeCondition(input),
          checksums: () => (algorithm && checksum ? { [algorithm]: checksum.digest() } : {}),
        },
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

/** The same bytes, seen by `checksum` as they go by. */
async function* passing(content: AsyncIterable<Uint8Array>, checksum: Checksum): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    checksum.update(bytes);
    yield bytes;
  }
}

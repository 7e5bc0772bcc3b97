// Objects copied.
import { STORAGE_CLASS_DEFAULT } from '../../storage/attributes.js';
import type { RecordedObject } from '../../storage/object.js';
import type { OpenObject } from '../../storage/open-object.js';
import { AwsError } from '../../wire/aws-error.js';
import type { ChecksumAlgorithm } from '../../wire/checksum.js';
import type { Operations } from '../../wire/service.js';
import { copyingFrom, openCopySource, parseCopySource } from './copy-source.js';
import { quoted } from './etag.js';
import { attributesFrom, checksumAlgorithmOf, checksumMembers } from './object-attributes.js';
import { writeCondition } from './objects.js';
import type { S3Parts } from './s3-parts.js';

export function copyOperations({ storage }: Pick<S3Parts, 'storage'>) {
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
      const options = { condition, reason: 'CopyObject' } as const;
      const copy =
        (await copyUnread(opened, algorithm, ({ etag, checksums }) =>
          storage.putCopy(
            input.Bucket,
            input.Key,
            opened,
            { ...attributes, checksums },
            { ...options, etag },
          ),
        )) ??
        (await copyingFrom(opened, { start: 0, end: size - 1 }, algorithm, (body, checksums) =>
          storage.put(input.Bucket, input.Key, body, attributes, { ...options, checksums }),
        ));
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

interface Known {
  /** The MD5 of all bytes; undefined for a file that nobody has computed one of. */
  etag: string | undefined;
  checksums: Record<string, string>;
}

/**
 * What is known of a copy's bytes without reading them; undefined when that is not all it has to have. AWS docs, "Checking object
 * integrity": the copy of an object that was uploaded in parts has an ETag and a checksum of the whole.
 */
function knownOf(
  { etag, checksums = {}, parts }: RecordedObject,
  algorithm: ChecksumAlgorithm | undefined,
): Known | undefined {
  const value = algorithm && checksums[algorithm];
  if (parts || (algorithm && value === undefined)) return undefined;
  return {
    etag: /^[0-9a-f]{32}$/.test(etag) ? etag : undefined,
    checksums: algorithm && value !== undefined ? { [algorithm]: value } : {},
  };
}

/** A copy that the system makes by `write`, and the source closed; undefined, and it open, when it has to be read. */
async function copyUnread<T>(
  opened: OpenObject,
  algorithm: ChecksumAlgorithm | undefined,
  write: (known: Known) => Promise<T | undefined>,
): Promise<T | undefined> {
  const known = knownOf(opened.object, algorithm);
  if (!known) return undefined;
  let isUnread = true;
  try {
    const copy = await write(known);
    isUnread = copy !== undefined;
    return copy;
  } finally {
    if (isUnread) opened.close();
  }
}

// Objects written and deleted.
import type { Readable } from 'node:stream';
import type { WriteCondition } from '../../storage/write-condition.js';
import { checksumsOf } from '../../wire/aws-chunked.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { quoted, unquoted } from './etag.js';
import { attributesFrom, checksumMembers } from './object-attributes.js';
import type { S3Parts } from './s3-parts.js';
import { refuseUnsupported } from './unsupported.js';

/** AWS docs: DeleteObjects takes at most 1,000 keys. */
const DELETE_KEYS_MAX = 1000;

export function objectOperations({ storage }: S3Parts) {
  return {
    async PutObject(input) {
      requireSize(input.ContentLength);
      const body = input.Body as Readable;
      const object = await storage.put(input.Bucket, input.Key, body, attributesFrom(input), {
        condition: writeCondition(input),
        checksums: () => checksumsOf(body),
      });
      return { ETag: quoted(object.etag), ...checksumMembers(object) };
    },
    DeleteObject(input) {
      storage.delete(input.Bucket, input.Key, deleteCondition(input.IfMatch));
      return {};
    },
    DeleteObjects(input) {
      const { Objects, Quiet } = input.Delete;
      for (const { VersionId, LastModifiedTime, Size } of Objects) {
        refuseUnsupported({ VersionId, IfMatchLastModifiedTime: LastModifiedTime, IfMatchSize: Size });
      }
      if (Objects.length === 0 || Objects.length > DELETE_KEYS_MAX) {
        throw new AwsError(
          'MalformedXML',
          'The XML you provided was not well-formed or did not validate against our published schema',
        );
      }
      const outcomes = storage.deleteEach(
        input.Bucket,
        Objects.map(({ Key, ETag }) => ({ key: Key, condition: deleteCondition(ETag) })),
      );
      const Deleted = Objects.flatMap(({ Key }, index) => (outcomes[index] ? [] : { Key }));
      const Errors = Objects.flatMap(({ Key }, index) => {
        const error = outcomes[index];
        return error ? { Key, Code: error.name, Message: error.message } : [];
      });
      return { Deleted: Quiet ? [] : Deleted, Errors };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

/** Largest object, or part of one, that one request may send, in bytes. AWS docs: PutObject, UploadPart. */
const REQUEST_BYTES_MAX = 5 * 1024 ** 3;

/** @throws AwsError EntityTooLarge */
export function requireSize(size: number | undefined): void {
  if (size === undefined || size <= REQUEST_BYTES_MAX) return;
  throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    members: { ProposedSize: size, MaxSizeAllowed: REQUEST_BYTES_MAX },
  });
}

/** @throws AwsError NotImplemented for an If-None-Match that is not `*`, as S3 does */
export function writeCondition(input: {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}): WriteCondition {
  const { IfMatch, IfNoneMatch } = input;
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw new AwsError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      {
        statusCode: 501,
        members: {
          Header: 'If-None-Match',
          additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
        },
      },
    );
  }
  return {
    ...(IfMatch === undefined ? {} : { ifMatch: unquoted(IfMatch) }),
    ...(IfNoneMatch === undefined ? {} : { ifNoneMatch: '*' as const }),
  };
}

function deleteCondition(etag: string | undefined): WriteCondition {
  return etag === undefined ? {} : { ifMatch: unquoted(etag) };
}

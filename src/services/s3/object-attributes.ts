// What a client says about an object beside its bytes, between S3's members and storage.
import type { ObjectAttributes } from '../../storage/object-storage.js';
import type { RecordedObject } from '../../storage/object.js';
import { AwsError } from '../../wire/aws-error.js';
import { isChecksumAlgorithm, type ChecksumAlgorithm } from '../../wire/checksum.js';
import { parseParameters } from '../../wire/message.js';
import { requireLegalTags } from './tagging.js';
import { quoted } from './etag.js';

/** Content type of an object that names none. AWS docs: PutObject. */
const CONTENT_TYPE_DEFAULT = 'binary/octet-stream';

const HEADER_MEMBERS = {
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  StorageClass: 'x-amz-storage-class',
} as const;

type HeaderMember = keyof typeof HEADER_MEMBERS;

/** Bytes of all names and values of user metadata together. AWS docs: "Working with object metadata". */
const METADATA_BYTES_MAX = 2048;

/** RFC 9110: a token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export interface AttributeMembers extends Partial<Record<HeaderMember, string>> {
  ContentType?: string | undefined;
  Expires?: Date | string | undefined;
  Metadata?: Record<string, string> | undefined;
  /** Tags as a query string. */
  Tagging?: string | undefined;
}

/** @throws AwsError MetadataTooLarge, InvalidTag, InvalidArgument for what no header can hold */
export function attributesFrom(members: AttributeMembers): ObjectAttributes {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(HEADER_MEMBERS)) {
    const value = members[member as HeaderMember];
    if (value !== undefined && value !== '') headers[header] = requireHeaderText(header, value);
  }
  // `aws-chunked` says how the request came, not how the object is encoded.
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked');
  if (encoding && encoding.length > 0) headers['content-encoding'] = encoding.join(',');
  else delete headers['content-encoding'];
  if (members.Expires !== undefined) {
    headers['expires'] = members.Expires instanceof Date ? members.Expires.toUTCString() : members.Expires;
  }
  return {
    contentType: requireHeaderText('content-type', members.ContentType || CONTENT_TYPE_DEFAULT),
    headers,
    metadata: requireLegal(members.Metadata ?? {}),
    ...(members.Tagging ? { tags: requireLegalTags(parseParameters(members.Tagging)) } : {}),
  };
}

/**
 * `value` when an HTTP header can hold it. Over HTTP any value can; in process, or out of a query, not.
 * @throws AwsError InvalidArgument
 */
export function requireHeaderText(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new AwsError('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
    members: { ArgumentName: name, ArgumentValue: value },
  });
}

function requireLegal(metadata: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(metadata)) {
    requireHeaderText(`x-amz-meta-${name}`, value);
    if (HEADER_NAME.test(name)) continue;
    throw new AwsError(
      'InvalidArgument',
      `The metadata name ${JSON.stringify(name)} cannot be part of a header's name: letters, digits and - are best.`,
      { members: { ArgumentName: 'x-amz-meta', ArgumentValue: name } },
    );
  }
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value),
    0,
  );
  if (size > METADATA_BYTES_MAX) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      members: { Size: size, MaxSizeAllowed: METADATA_BYTES_MAX },
    });
  }
  return metadata;
}

/** The members that GetObject and HeadObject share. */
export function describeObject(object: RecordedObject) {
  const { headers = {}, tags = {} } = object;
  const tagCount = Object.keys(tags).length;
  return {
    AcceptRanges: 'bytes',
    ETag: quoted(object.etag),
    LastModified: object.lastModified,
    ContentType: object.contentType ?? CONTENT_TYPE_DEFAULT,
    Metadata: object.metadata ?? {},
    ...Object.fromEntries(
      Object.entries(HEADER_MEMBERS)
        .filter(
          ([member, header]) =>
            headers[header] !== undefined && (member !== 'StorageClass' || headers[header] !== 'STANDARD'),
        )
        .map(([member, header]) => [member, headers[header]]),
    ),
    ...(headers['expires'] === undefined ? {} : { Expires: new Date(headers['expires']) }),
    ...(tagCount > 0 ? { TagCount: tagCount } : {}),
  };
}

/** Checksums by algorithm as the members `ChecksumCRC32` and its kin. */
export function checksumValues(checksums: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checksums).map(([algorithm, value]) => [`Checksum${algorithm}`, value]),
  );
}

/** The checksum members of an object, and how they were made. */
export function checksumMembers({
  checksums = {},
  checksumType = 'FULL_OBJECT',
}: Pick<RecordedObject, 'checksums' | 'checksumType'>) {
  if (Object.keys(checksums).length === 0) return {};
  return { ...checksumValues(checksums), ChecksumType: checksumType };
}

/** @throws AwsError InvalidRequest for an algorithm that is not offered here */
export function checksumAlgorithmOf(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined || isChecksumAlgorithm(name)) return name;
  throw new AwsError('InvalidRequest', `Checksum algorithm provided is unsupported: ${name}`);
}

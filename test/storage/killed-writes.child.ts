// Writes objects without end in the data folder of its first argument, in versions from its second on, and prints each
// key and version once S3 has acknowledged it.
import { openEmbedded } from '../../src/embedded.js';
import { BUCKET, PARTS_KEY, PENDING_KEY, PUT_KEYS, versionParts, versionText } from './written-versions.js';

const [dataDir = '', firstVersion] = process.argv.slice(2);
const aws = await openEmbedded({ dataDir });
const { s3 } = aws.clients();
await s3.createBucket({ Bucket: BUCKET });
const acknowledge = (...words: unknown[]) => process.stdout.write(`${words.join('\t')}\n`);

async function uploadPart(Key: string, UploadId: string | undefined, PartNumber: number, Body: Buffer) {
  const { ETag } = await s3.uploadPart({ Bucket: BUCKET, Key, UploadId, PartNumber, Body });
  return { PartNumber, ETag };
}

const begin = async (Key: string, version: number) =>
  (await s3.createMultipartUpload({ Bucket: BUCKET, Key, Metadata: { version: String(version) } })).UploadId;

async function putInParts(version: number): Promise<void> {
  const UploadId = await begin(PARTS_KEY, version);
  const Parts = [];
  for (const [index, body] of versionParts(version).entries()) {
    Parts.push(await uploadPart(PARTS_KEY, UploadId, index + 1, body));
  }
  await s3.completeMultipartUpload({ Bucket: BUCKET, Key: PARTS_KEY, UploadId, MultipartUpload: { Parts } });
}

async function put(Key: string, version: number): Promise<void> {
  const Metadata = { version: String(version) };
  await s3.putObject({ Bucket: BUCKET, Key, Body: versionText(Key, version), Metadata });
}

async function writeVersions(key: string, write: (version: number) => Promise<void>): Promise<void> {
  for (let version = Number(firstVersion); ; version++) {
    await write(version);
    acknowledge(key, version);
  }
}

const pending = await begin(PENDING_KEY, Number(firstVersion));
await uploadPart(PENDING_KEY, pending, 1, Buffer.from(versionText(PENDING_KEY, Number(firstVersion))));
acknowledge(PENDING_KEY, Number(firstVersion), pending);
await Promise.all([
  ...PUT_KEYS.map((key) => writeVersions(key, (version) => put(key, version))),
  writeVersions(PARTS_KEY, putInParts),
]);

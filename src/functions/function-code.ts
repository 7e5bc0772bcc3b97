// Where a function's code comes from and where it lies: zip files are kept in the state and unpacked when they are needed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { Ids } from '../base/ids.js';
import type { State } from '../state/state.js';
import type { ObjectStorage } from '../storage/object-storage.js';
import { invalidValue, notSupported } from './lambda-error.js';
import { unzip } from './unzip.js';

/** Zip files larger than this are refused unread: nothing that may be unpacked is as large. */
const ZIP_BYTES_MAX = 250 * 1024 * 1024;

/**
 * A bucket of this name and a key that is an absolute path mean that folder of this machine, as it is at each invocation.
 * LocalStack has the same convention, so that templates made for it need no change.
 */
export const FOLDER_BUCKET = 'hot-reload';

export type FunctionCode =
  /** `sha256` in base64, as Lambda gives it. */
  { kind: 'zip'; sha256: string; size: number } | { kind: 'folder'; path: string };

export interface CodeInput {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
  S3ObjectVersion?: string | undefined;
  ImageUri?: string | undefined;
}

export interface CodeStore {
  /** Takes in what the input names, unpacked once to see that it can be. @throws AwsError InvalidParameterValueException */
  take(input: CodeInput): Promise<FunctionCode>;
  /** The folder in which the code is. @throws AwsError InvalidParameterValueException when it is not there any more */
  open(code: FunctionCode): Promise<string>;
  /** Forgets code that none of these is. To be called in a transaction. */
  keepOnly(codes: readonly FunctionCode[]): void;
}

/** In the folder of all code: what modules are found in that the code does not bring. */
export const LIBRARY_FOLDER = 'node_modules';

// What Lambda's Node.js runtimes bring along: here as much of it as gluepot itself is made of.
const AWS_SDK_CLIENTS = [
  'athena',
  'batch',
  'cloudwatch-logs',
  'dynamodb',
  'eventbridge',
  'glue',
  'iam',
  'lambda',
  's3',
  'scheduler',
  'sqs',
  'sts',
];

/** `folder` is emptied: it holds nothing that cannot be made again. */
export function openCodeStore(
  state: State,
  { storage, ids, folder }: { storage: ObjectStorage; ids: Ids; folder: string },
): CodeStore {
  rmSync(folder, { recursive: true, force: true });
  // Made when the first function needs it: most data directories have none.
  let isPrepared = false;
  const prepare = () => {
    if (isPrepared) return;
    isPrepared = true;
    mkdirSync(folder, { recursive: true });
    // Node would otherwise go on looking in the folders above, which are somebody else's project.
    writeFileSync(join(folder, 'package.json'), '{}\n');
    offerAwsSdk(join(folder, LIBRARY_FOLDER, '@aws-sdk'));
  };
  const folderOf = (sha256: string) => join(folder, Buffer.from(sha256, 'base64').toString('hex'));

  const unpack = async (sha256: string, zip: Uint8Array) => {
    const target = folderOf(sha256);
    if (existsSync(target)) return target;
    const unfinished = `${target}.${ids.hex(4)}`;
    try {
      await unzip(zip, unfinished);
      await rename(unfinished, target).catch((error: unknown) => {
        // Somebody else was first with the same bytes.
        if (!existsSync(target)) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return target;
  };

  return {
    async take(input) {
      prepare();
      const source = sourceOf(input);
      if (source.kind === 'folder') {
        requireFolder(source.path);
        return source;
      }
      const zip = source.kind === 'zip' ? source.bytes : await readObject(storage, source);
      if (zip.length > ZIP_BYTES_MAX) {
        throw invalidValue(`The zip file has ${zip.length} bytes, at most ${ZIP_BYTES_MAX} are allowed.`);
      }
      const sha256 = createHash('sha256').update(zip).digest('base64');
      await unpack(sha256, zip);
      state.sql('INSERT INTO lambda_code VALUES (?, ?) ON CONFLICT DO NOTHING').run(sha256, zip);
      return { kind: 'zip', sha256, size: zip.length };
    },
    async open(code) {
      prepare();
      if (code.kind === 'folder') {
        requireFolder(code.path);
        return code.path;
      }
      const target = folderOf(code.sha256);
      if (existsSync(target)) return target;
      const row = state.sql('SELECT zip FROM lambda_code WHERE sha256 = ?').get(code.sha256) as
        { zip: Uint8Array } | undefined;
      if (!row) throw invalidValue('The function has been deleted.');
      return unpack(code.sha256, row.zip);
    },
    keepOnly(codes) {
      const kept = new Set(codes.map((code) => (code.kind === 'zip' ? code.sha256 : '')));
      const rows = state.sql('SELECT sha256 FROM lambda_code').all() as { sha256: string }[];
      for (const { sha256 } of rows.filter((row) => !kept.has(row.sha256))) {
        state.sql('DELETE FROM lambda_code WHERE sha256 = ?').run(sha256);
        // A worker that still runs has loaded what it needs; what it cannot find later, Lambda would not have either.
        rmSync(folderOf(sha256), { recursive: true, force: true });
      }
    },
  };
}

type CodeSource =
  | { kind: 'zip'; bytes: Uint8Array }
  | { kind: 'object'; bucket: string; key: string }
  | { kind: 'folder'; path: string };

function sourceOf({ ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri }: CodeInput): CodeSource {
  if (ImageUri !== undefined) {
    throw notSupported('A container image (ImageUri)', 'give ZipFile, or S3Bucket and S3Key');
  }
  if (S3ObjectVersion !== undefined) throw notSupported('S3ObjectVersion', 'buckets here keep no versions');
  if (ZipFile !== undefined) {
    if (S3Bucket === undefined && S3Key === undefined) return { kind: 'zip', bytes: ZipFile };
    throw invalidValue('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  if (S3Bucket === undefined || S3Key === undefined) {
    throw invalidValue('Please provide a source for function code: ZipFile, or S3Bucket and S3Key.');
  }
  if (S3Bucket === FOLDER_BUCKET && isAbsolute(S3Key)) return { kind: 'folder', path: S3Key };
  return { kind: 'object', bucket: S3Bucket, key: S3Key };
}

async function readObject(
  storage: ObjectStorage,
  { bucket, key }: { bucket: string; key: string },
): Promise<Uint8Array> {
  const object = storage.hasBucket(bucket) ? storage.head(bucket, key) : undefined;
  if (!object) {
    throw invalidValue(
      `Error occurred while GetObject. S3 Error Code: ${storage.hasBucket(bucket) ? 'NoSuchKey' : 'NoSuchBucket'}. ` +
        `S3 Error Message: s3://${bucket}/${key} does not exist.`,
    );
  }
  if (object.size > ZIP_BYTES_MAX) {
    throw invalidValue(
      `s3://${bucket}/${key} has ${object.size} bytes, at most ${ZIP_BYTES_MAX} are allowed.`,
    );
  }
  return readFile(storage.path(bucket, key));
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw invalidValue(
    `S3Bucket ${FOLDER_BUCKET} means a folder of this machine, and ${path} is none. Give its absolute path as S3Key.`,
  );
}

function offerAwsSdk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { resolve } = createRequire(import.meta.url);
  for (const client of AWS_SDK_CLIENTS) {
    const root = dirname(resolve(`@aws-sdk/client-${client}/package.json`));
    symlinkSync(root, join(folder, `client-${client}`), 'dir');
  }
}

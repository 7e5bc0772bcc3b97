// A server that is killed while it writes: what it acknowledged is there, whole and with its attributes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { BUCKET, PARTS_KEY, PENDING_KEY, PUT_KEYS, versionParts, versionText } from './written-versions.js';

const child = fileURLToPath(new URL('killed-writes.child.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'gluepot-killed-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Acknowledged versions by key, and the upload that was begun. */
interface Acknowledged {
  versions: Map<string, number>;
  pending?: { version: number; uploadId: string };
}

/** Runs the writer until it has acknowledged `count` writes, and kills it up to `graceMs` later. */
async function writeUntilKilled(
  firstVersion: number,
  count: number,
  graceMs: number,
  acknowledged: Acknowledged,
) {
  const writer = spawn(process.execPath, ['--import', 'tsx', child, dataDir, String(firstVersion)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let lineCount = 0;
  for await (const line of createInterface(writer.stdout)) {
    const [key = '', version, uploadId] = line.split('\t');
    if (uploadId) acknowledged.pending = { version: Number(version), uploadId };
    else acknowledged.versions.set(key, Number(version));
    if (++lineCount === count) void delay(graceMs).then(() => writer.kill('SIGKILL'));
  }
  if (writer.signalCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
}

const filesIn = (folder: string) =>
  readdirSync(join(dataDir, 's3', folder), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );

async function read(s3: S3, Key: string) {
  const answer = await s3.getObject({ Bucket: BUCKET, Key });
  const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  return { bytes, etag: answer.ETag, version: Number(answer.Metadata?.['version']) };
}

const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest();

/** `firstVersion` is the first that the writer has written since it was started last. */
async function expectWhole(s3: S3, { versions }: Acknowledged, firstVersion: number) {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: BUCKET });
  const listed = Contents.map(({ Key }) => Key);
  for (const key of [...PUT_KEYS, PARTS_KEY]) {
    const acknowledged = versions.get(key) ?? -1;
    if (acknowledged === -1 && !listed.includes(key)) continue;
    const { bytes, etag, version } = await read(s3, key);
    const next = Math.max(acknowledged + 1, firstVersion);
    expect([acknowledged, next], key).toContain(version);
    const parts = key === PARTS_KEY ? versionParts(version) : [Buffer.from(versionText(key, version))];
    expect(bytes.equals(Buffer.concat(parts)), key).toBe(true);
    const hash =
      parts.length === 1
        ? md5(bytes).toString('hex')
        : `${md5(Buffer.concat(parts.map(md5))).toString('hex')}-2`;
    expect(etag, key).toBe(`"${hash}"`);
  }
}

/** Completes the upload that was begun, and aborts what was under way: nothing is left of any. */
async function finishUploads(s3: S3, { pending }: Acknowledged) {
  const upload = { Bucket: BUCKET, Key: PENDING_KEY, UploadId: pending?.uploadId };
  const { Parts = [] } = await s3.listParts(upload);
  await s3.completeMultipartUpload({
    ...upload,
    MultipartUpload: { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) },
  });
  const { bytes, version } = await read(s3, PENDING_KEY);
  expect(version).toBe(pending?.version);
  expect(bytes.toString()).toBe(versionText(PENDING_KEY, version));
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket: BUCKET });
  expect(Uploads.length).toBeLessThanOrEqual(1);
  for (const { Key, UploadId } of Uploads) await s3.abortMultipartUpload({ Bucket: BUCKET, Key, UploadId });
  expect(filesIn('.uploads')).toEqual([]);
}

it('every object is the last version acknowledged or the next one, and every upload can go on', async () => {
  const acknowledged: Acknowledged = { versions: new Map() };
  for (const [round, count] of [3, 20, 45, 90].entries()) {
    const graceMs = Math.random() * 20;
    await writeUntilKilled(round * 1000, count, graceMs, acknowledged);
    const aws = await openEmbedded({ dataDir });
    const { s3 } = aws.clients();
    expect(filesIn('.unfinished')).toEqual([]);
    await expectWhole(s3, acknowledged, round * 1000);
    await finishUploads(s3, acknowledged);
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: BUCKET });
    const written = [...PUT_KEYS, PARTS_KEY, PENDING_KEY];
    expect(written).toEqual(expect.arrayContaining(Contents.map(({ Key }) => Key)));
    expect(filesIn('.escaped').length).toBeLessThanOrEqual(3);
    await aws.close();
  }
  expect([...acknowledged.versions.keys()].sort()).toEqual([...PUT_KEYS, PARTS_KEY].sort());
});

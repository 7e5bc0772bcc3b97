// Backup, restore and check of a data directory that clients have worked with.
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GluepotError } from '../base/errors.js';
import { openEmbedded, type EmbeddedClients } from '../embedded.js';
import { openState, openStateAsItIs } from '../state/state.js';
import { STATE_SCHEMAS as schemas } from '../state-schemas.js';
import { backUp } from './backup.js';
import { checkDataDirectory } from './check.js';
import type { Manifest } from './manifest.js';
import { planRestore, restore } from './restore.js';

const root = mkdtempSync(join(tmpdir(), 'gluepot-upkeep-'));
const original = join(root, 'original');
const PART = Buffer.alloc(5 * 1024 * 1024, 'p');
let uploadId: string;
let folder: string;
let folderCount = 0;

const backUpTo = (backup: string, dataDir = original) =>
  backUp(dataDir, backup, { schemas, version: '1.2.3', now: new Date('2024-05-01T10:00:00Z') });
const restoreFrom = (backup: string, dataDir: string) => restore(planRestore(backup, dataDir), schemas);

async function failure(act: Promise<unknown> | (() => unknown)): Promise<GluepotError> {
  const error = await (typeof act === 'function' ? Promise.resolve().then(act) : act).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GluepotError);
  return error as GluepotError;
}

/** All files of a folder with their bytes, except SQLite's own counters. */
function filesOf(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('gluepot.db'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [
        file.slice(path.length),
        `${statSync(file).mtimeMs} ${readFileSync(file, 'base64').slice(0, 99)}`,
      ]),
  );
}

beforeAll(async () => {
  const aws = await openEmbedded({ dataDir: original });
  const { s3, glue } = aws.clients();
  for (const Bucket of ['lake', 'empty']) await s3.createBucket({ Bucket });
  const put = (Key: string) =>
    s3.putObject({
      Bucket: 'lake',
      Key,
      Body: `body of ${Key}`,
      ContentType: 'text/x',
      Metadata: { m: Key },
    });
  // The second of these is escaped.
  for (const key of ['a', 'a/b', 'deep/er/c', 'x//y']) await put(key);
  // Dropped in by another tool, whose times are finer than what Node can set; then tagged.
  copyFileSync(join(original, 's3/lake/a'), join(original, 's3/lake/dropped'));
  appendFileSync(join(original, 's3/lake/dropped'), '!');
  const Tagging = { TagSet: [{ Key: 'from', Value: 'elsewhere' }] };
  await s3.putObjectTagging({ Bucket: 'lake', Key: 'dropped', Tagging });
  ({ UploadId: uploadId = '' } = await s3.createMultipartUpload({ Bucket: 'lake', Key: 'big' }));
  await s3.uploadPart({ Bucket: 'lake', Key: 'big', UploadId: uploadId, PartNumber: 1, Body: PART });
  await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
  await glue.createTable({
    DatabaseName: 'd',
    TableInput: { Name: 't', PartitionKeys: [{ Name: 'k', Type: 'int' }] },
  });
  await glue.createPartition({ DatabaseName: 'd', TableName: 't', PartitionInput: { Values: ['1'] } });
  await glue.updateTable({ DatabaseName: 'd', TableInput: { Name: 't' } });
  await aws.close();
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = join(root, `case-${folderCount++}`);
  mkdirSync(folder);
});

async function seen({ s3, glue }: EmbeddedClients) {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: 'lake' });
  const objects = await Promise.all(
    Contents.map(async ({ Key, ETag, LastModified, Size }) => {
      const { Body, Metadata, ContentType } = await s3.getObject({ Bucket: 'lake', Key });
      const { TagSet } = await s3.getObjectTagging({ Bucket: 'lake', Key });
      return {
        Key,
        ETag,
        LastModified,
        Size,
        Metadata,
        ContentType,
        TagSet,
        body: await Body?.transformToString(),
      };
    }),
  );
  const { Buckets } = await s3.listBuckets({});
  const { Parts } = await s3.listParts({ Bucket: 'lake', Key: 'big', UploadId: uploadId });
  const { Table } = await glue.getTable({ DatabaseName: 'd', Name: 't' });
  const { TableVersions } = await glue.getTableVersions({ DatabaseName: 'd', TableName: 't' });
  return { objects, Buckets, Parts, Table, versionCount: TableVersions?.length };
}

describe('a backup', () => {
  it('restored is what it was: objects, attributes, times, uploads under way, the catalog', async () => {
    const before = filesOf(original);
    const backup = join(folder, 'backup');
    const report = await backUpTo(backup);
    expect(report).toMatchObject({
      backup,
      createdAt: '2024-05-01T10:00:00.000Z',
      fileCount: 7,
      leftOut: [],
    });
    expect(filesOf(original)).toEqual(before);
    expect(existsSync(join(backup, 's3/empty'))).toBe(false);

    // Copied about without its times.
    const carried = join(folder, 'carried');
    for (const path of readdirSync(backup, { recursive: true, withFileTypes: true })) {
      const to = join(path.parentPath.replace(backup, carried), path.name);
      if (path.isDirectory()) mkdirSync(to, { recursive: true });
      else
        copyFileSync(join(path.parentPath, path.name), (mkdirSync(join(to, '..'), { recursive: true }), to));
    }
    const dataDir = join(folder, 'restored');
    await restoreFrom(carried, dataDir);
    expect(await checkDataDirectory(dataDir, { schemas, content: true })).toEqual([]);

    const first = await openEmbedded({ dataDir: original });
    const second = await openEmbedded({ dataDir });
    const expected = await seen(first.clients());
    expect(expected.objects.map(({ Key }) => Key)).toEqual(['a', 'a/b', 'deep/er/c', 'dropped', 'x//y']);
    expect(await seen(second.clients())).toEqual(expected);
    const { s3 } = second.clients();
    await s3.completeMultipartUpload({
      Bucket: 'lake',
      Key: 'big',
      UploadId: uploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: expected.Parts?.[0]?.ETag }] },
    });
    expect((await s3.headObject({ Bucket: 'lake', Key: 'big' })).ContentLength).toBe(PART.length);
    await Promise.all([first.close(), second.close()]);
  });

  it('is refused while the data directory is held, and then makes nothing', async () => {
    const aws = await openEmbedded({ dataDir: original });
    const { kind, message } = await failure(backUpTo(join(folder, 'backup')));
    await aws.close();
    expect(kind).toBe('guard-refused');
    expect(message).toContain('is in use by another process. Stop that process');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where it would overwrite, or be part of what it copies', async () => {
    writeFileSync(join(folder, 'theirs'), 'x');
    expect(await failure(backUpTo(folder))).toMatchObject({ kind: 'guard-refused' });
    expect((await failure(backUpTo(folder))).message).toContain('is not empty (it has theirs)');
    expect((await failure(backUpTo(join(folder, 'theirs')))).kind).toBe('usage');
    expect((await failure(backUpTo(join(original, 's3', 'backup')))).message).toContain('outside of it');
    expect(readdirSync(folder)).toEqual(['theirs']);
  });

  it('of no data directory, or of a damaged one, is refused and leaves nothing', async () => {
    const { kind, message } = await failure(backUpTo(join(folder, 'b'), join(folder, 'none')));
    expect(kind).toBe('usage');
    expect(message).toContain('There is no gluepot state at');
    const damaged = join(folder, 'damaged');
    await copyOfOriginal(damaged);
    truncateSync(join(damaged, 'gluepot.db'), 8192);
    expect((await failure(backUpTo(join(folder, 'b'), damaged))).kind).toBe('failed');
    expect(readdirSync(folder)).toEqual(['damaged']);
  });

  it('says what in buckets is no object, and leaves it out', async () => {
    const dataDir = join(folder, 'data');
    await copyOfOriginal(dataDir);
    symlinkSync('/etc', join(dataDir, 's3/lake/link'));
    const { leftOut, fileCount } = await backUpTo(join(folder, 'backup'), dataDir);
    expect(leftOut).toEqual(['lake/link']);
    expect(fileCount).toBe(7);
  });

  it('does not upgrade an older state', async () => {
    const dataDir = join(folder, 'data');
    openState(join(dataDir, 'gluepot.db'), schemas.slice(0, 3)).close();
    await backUpTo(join(folder, 'backup'), dataDir);
    await restoreFrom(join(folder, 'backup'), join(folder, 'restored'));
    const state = openStateAsItIs(join(folder, 'restored/gluepot.db'), schemas);
    expect(state.isCurrent).toBe(false);
    state.close();
    expect(await checkDataDirectory(dataDir, { schemas, content: false })).toMatchObject([
      { severity: 'warning', area: 'state' },
    ]);
  });
});

/** A data directory of its own, to harm. */
async function copyOfOriginal(dataDir: string): Promise<void> {
  const backup = join(root, 'shared-backup');
  if (!existsSync(backup)) await backUpTo(backup);
  await restoreFrom(backup, dataDir);
}

describe('a restore', () => {
  let backup: string;
  beforeEach(async () => {
    backup = join(folder, 'backup');
    await backUpTo(backup);
  });
  const manifestPath = () => join(backup, 'manifest.json');
  const editManifest = (edit: (manifest: Manifest) => void) => {
    const manifest = JSON.parse(readFileSync(manifestPath(), 'utf8')) as Manifest;
    edit(manifest);
    writeFileSync(manifestPath(), JSON.stringify(manifest));
  };
  const flip = (path: string) => {
    const bytes = readFileSync(path);
    bytes[5] = (bytes[5] as number) ^ 1;
    writeFileSync(path, bytes);
  };

  it.each<[string, () => void, string, RegExp]>([
    [
      'an object has another byte',
      () => flip(join(backup, 's3/lake/a')),
      'failed',
      /s3\/lake\/a is not what was backed up/,
    ],
    [
      'the state has another byte',
      () => flip(join(backup, 'gluepot.db')),
      'failed',
      /gluepot\.db is not what was backed up/,
    ],
    [
      'a file is missing',
      () => unlinkSync(join(backup, 's3/lake/a')),
      'failed',
      /1 of 7 files are missing.* e\.g\. s3\/lake\/a/,
    ],
    [
      'it was never finished',
      () => unlinkSync(manifestPath()),
      'usage',
      /is no complete backup: it has no manifest\.json/,
    ],
    [
      'its manifest is cut',
      () => truncateSync(manifestPath(), 100),
      'failed',
      /manifest\.json cannot be read/,
    ],
    [
      'its manifest is of a newer form',
      () => editManifest((it) => ((it as { format: number }).format = 2)),
      'failed',
      /made by a newer gluepot/,
    ],
    [
      'its manifest leads elsewhere',
      () => editManifest((it) => ((it.files[0] as { path: string }).path = 's3/../../x')),
      'failed',
      /files\.0\.path: leads elsewhere/,
    ],
  ])('is refused when %s, and leaves no data directory', async (_case, harm, kind, message) => {
    harm();
    const dataDir = join(folder, 'restored');
    const error = await failure(() => restoreFrom(backup, dataDir));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(message);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('is refused where anything is, and fills a folder that is empty', async () => {
    const dataDir = join(folder, 'restored');
    mkdirSync(dataDir);
    flip(join(backup, 's3/lake/a'));
    await failure(() => restoreFrom(backup, dataDir));
    expect(readdirSync(dataDir)).toEqual([]);
    flip(join(backup, 's3/lake/a'));
    await restoreFrom(backup, dataDir);
    expect(readdirSync(dataDir).sort()).toEqual(['gluepot.db', 's3']);
    expect(readdirSync(join(dataDir, 's3')).sort()).toContain('empty');
    expect((await failure(() => restoreFrom(backup, dataDir))).message).toContain('is not empty');
  });

  it('of a newer gluepot’s state is refused', async () => {
    const error = await failure(restore(planRestore(backup, join(folder, 'restored')), schemas.slice(0, 2)));
    expect(error.message).toContain('was written by a newer gluepot');
    expect(existsSync(join(folder, 'restored'))).toBe(false);
  });

  it('says what is in the folder of the backup and not of it', () => {
    writeFileSync(join(backup, 's3', 'NOTES'), 'mine');
    expect(planRestore(backup, join(folder, 'restored')).unlisted).toEqual(['s3/NOTES']);
  });

  it('that was cut short is never taken for a data directory', async () => {
    // As restore leaves it when it is killed before its last step.
    const dataDir = join(folder, 'restored');
    await restoreFrom(backup, dataDir);
    renameSync(join(dataDir, 'gluepot.db'), join(dataDir, 'gluepot.db.restored'));
    writeFileSync(join(dataDir, 'gluepot.db'), '');
    expect((await failure(openEmbedded({ dataDir }))).message).toContain(
      'it is empty, and a state file never is',
    );
    expect((await failure(() => restoreFrom(backup, dataDir))).kind).toBe('guard-refused');
  });
});

describe('a check', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = join(folder, 'data');
    await copyOfOriginal(dataDir);
  });
  const check = (content = false) => checkDataDirectory(dataDir, { schemas, content });
  const sql = (text: string) => {
    const state = openStateAsItIs(join(dataDir, 'gluepot.db'), schemas);
    state.sql(text).run();
    state.close();
  };
  const escapedFile = () => {
    const escaped = join(dataDir, 's3/.escaped/lake');
    return join(escaped, readdirSync(escaped)[0] as string);
  };

  it('finds nothing where nothing is wrong', async () => {
    expect(await check(true)).toEqual([]);
  });

  it.each<[string, () => void, string, string, RegExp]>([
    [
      'partitions without a table',
      () => sql("INSERT INTO catalog_partitions VALUES (77, 'k', NULL, '', '')"),
      'error',
      'catalog',
      /1 partitions are kept of tables that are not there, e\.g\. table 77/,
    ],
    [
      'versions without a table',
      () => sql('UPDATE catalog_table_versions SET table_id = 78'),
      'error',
      'catalog',
      /archived versions are kept/,
    ],
    [
      'a version that was counted twice',
      () => sql('UPDATE catalog_tables SET version = 9'),
      'error',
      'catalog',
      /e\.g\. d\.t/,
    ],
    [
      'a table without a database',
      () => sql('DELETE FROM catalog_databases'),
      'error',
      'catalog',
      /in databases that are not there, e\.g\. d\.t/,
    ],
    [
      'a document that cannot be read',
      () => sql("UPDATE catalog_tables SET document = '{'"),
      'error',
      'catalog',
      /tables cannot be read/,
    ],
    [
      'an object that was removed by another tool',
      () => unlinkSync(join(dataDir, 's3/lake/a')),
      'warning',
      's3',
      /only their attributes are kept, e\.g\. s3:\/\/lake\/a/,
    ],
    [
      'an object that was changed by another tool',
      () => appendFileSync(join(dataDir, 's3/lake/a'), 'x'),
      'warning',
      's3',
      /changed by another tool/,
    ],
    [
      'an escaped key without a file',
      () => unlinkSync(escapedFile()),
      'warning',
      's3',
      /escaped keys have no file/,
    ],
    [
      'an escaped file without a key',
      () => writeFileSync(`${escapedFile()}0`, 'x'),
      'error',
      's3',
      /belong to no key/,
    ],
    [
      'a part that is gone',
      () => rmSync(join(dataDir, 's3/.uploads/lake'), { recursive: true }),
      'error',
      's3',
      /parts of uploads are gone/,
    ],
    ['parts of no upload', () => sql('DELETE FROM s3_uploads'), 'warning', 's3', /parts belong to no upload/],
    [
      'a write that was cut short',
      () => {
        mkdirSync(join(dataDir, 's3/.unfinished'));
        writeFileSync(join(dataDir, 's3/.unfinished/x'), '');
      },
      'warning',
      's3',
      /never finished/,
    ],
    [
      'a bucket without a folder',
      () => rmSync(join(dataDir, 's3/empty'), { recursive: true }),
      'warning',
      's3',
      /buckets have lost their folder, e\.g\. empty/,
    ],
  ])('finds %s', async (_case, harm, severity, area, message) => {
    harm();
    const found = (await check()).filter((finding) => message.test(finding.message));
    expect(found).toMatchObject([{ severity, area }]);
  });

  it('finds other content only when it is asked to read it', async () => {
    const path = join(dataDir, 's3/lake/a');
    const { atime, mtimeMs } = statSync(path);
    writeFileSync(path, readFileSync(path, 'utf8').replace('body', 'BODY'));
    utimesSync(path, atime, (Math.round(mtimeMs * 1000) + 0.5) / 1e6);
    expect(await check(false)).toEqual([]);
    expect(await check(true)).toMatchObject([{ severity: 'error', area: 's3' }]);
  });

  it('finds damage in the state file beyond what is looked at when it is opened', async () => {
    sql(
      "INSERT INTO documents SELECT 'filler', value, hex(randomblob(4000)) FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 1500) SELECT value FROM n)",
    );
    const path = join(dataDir, 'gluepot.db');
    expect(statSync(path).size).toBeGreaterThan(8 * 1024 * 1024);
    const bytes = readFileSync(path);
    // The middle of the file is filler.
    const pageAt = Math.floor(bytes.length / 2 / 4096) * 4096;
    bytes.fill(0xa5, pageAt, pageAt + 4096);
    writeFileSync(path, bytes);
    const [finding] = await check();
    expect(finding).toMatchObject({ severity: 'error', area: 'state' });
    expect(finding?.message).toMatch(/^The state file is damaged: /);
  });

  it('changes nothing', async () => {
    const before = { files: filesOf(dataDir), state: readFileSync(join(dataDir, 'gluepot.db')) };
    await check(true);
    expect(filesOf(dataDir)).toEqual(before.files);
    expect(readFileSync(join(dataDir, 'gluepot.db')).equals(before.state)).toBe(true);
  });
});

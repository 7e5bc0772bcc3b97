// gluepot local backup, restore, check: what somebody who cares for their data does, through the built command line.
import { appendFileSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

const asResult = (document: { result: unknown }) => document.result as Record<string, unknown>;

describe('gluepot local', () => {
  it('backs a pipeline up, restores it elsewhere, and there is nothing left to do there', async () => {
    const folder = emptyFolder();
    expect((await gluepot(folder, 'demo', '--quiet')).code).toBe(0);
    const backup = await gluepotJson(folder, 'local', 'backup', 'kept');
    expect(backup.code).toBe(0);
    expect(backup.document).toMatchObject({ command: 'local backup', ok: true, warnings: [], errors: [] });
    const { fileCount, size } = asResult(backup.document) as { fileCount: number; size: number };
    expect(fileCount).toBeGreaterThan(5);
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual(['gluepot.db', 'manifest.json', 's3']);

    const planned = await gluepot(folder, 'local', 'restore', 'kept', '--data-dir', 'new', '--dry-run');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(
      /^Restore kept, made \d{4}-.*Z by gluepot \d.*, to new: \d+ files, 1 bucket, /,
    );
    expect(existsSync(join(folder, 'new'))).toBe(false);
    const unasked = await gluepot(folder, 'local', 'restore', 'kept', '--data-dir', 'new');
    expect(unasked.code).toBe(6);
    expect(unasked.stderr).toContain('add --yes');

    const restored = await gluepotJson(folder, 'local', 'restore', 'kept', '--data-dir', 'new', '--yes');
    expect(restored.code).toBe(0);
    expect(asResult(restored.document)).toMatchObject({ dryRun: false, fileCount, size, unlisted: [] });
    const checked = await gluepotJson(folder, 'local', 'check', '--content', '--data-dir', 'new');
    expect(checked.code).toBe(0);
    expect(asResult(checked.document)).toMatchObject({ errorCount: 0, warningCount: 0, findings: [] });
    const demo = await gluepotJson(folder, 'demo', '--data-dir', 'new');
    expect(demo.document.result.plan.counts).toMatchObject({ create: 0, update: 0, run: 0 });
  });

  it('refuses to touch a folder that a server holds, naming the server, and works once that has stopped', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder);
    for (const args of [['backup', 'kept'], ['check']]) {
      const { code, stderr } = await gluepot(folder, 'local', ...args);
      expect(code).toBe(6);
      expect(stderr).toContain(`.gluepot is served at ${up.endpoint} by process ${up.process.pid}`);
      expect(stderr).toContain('Stop the server');
    }
    const intoIt = await gluepot(folder, 'local', 'restore', 'kept', '--yes');
    expect(intoIt.code).toBe(6);
    expect(intoIt.stderr).toContain('is not empty');
    expect(await up.stop()).toBe(0);
    expect((await gluepot(folder, 'local', 'backup', 'kept')).code).toBe(0);
  });

  it('takes the place of no data directory by mistake', async () => {
    const folder = emptyFolder();
    for (const args of [['backup', 'kept'], ['check']]) {
      const { code, stderr } = await gluepot(folder, 'local', ...args);
      expect(code).toBe(3);
      expect(stderr).toContain('There is no gluepot state at .gluepot/gluepot.db');
    }
    mkdirSync(join(folder, 'photos'));
    writeFileSync(join(folder, 'photos', 'cat.jpg'), '');
    const { code, stderr } = await gluepot(folder, 'local', 'restore', 'photos', '--yes');
    expect(code).toBe(3);
    expect(stderr).toContain('photos is no complete backup: it has no manifest.json');
    expect(readdirSync(folder)).toEqual(['photos']);
    expect((await gluepot(folder, '--target', 'aws', 'local', 'check')).code).toBe(3);
  });

  it('says what a check found with its exit code, and a damaged backup is not restored', async () => {
    const folder = emptyFolder();
    const aws = await startUp(folder);
    await aws.stop();
    expect((await gluepot(folder, 'local', 'backup', 'kept')).code).toBe(0);
    mkdirSync(join(folder, '.gluepot/s3/.escaped/lake'), { recursive: true });
    writeFileSync(join(folder, '.gluepot/s3/.escaped/lake/0123'), 'whose?');
    const found = await gluepotJson(folder, 'local', 'check');
    expect(found.code).toBe(1);
    expect(found.document.ok).toBe(false);
    expect(asResult(found.document)).toMatchObject({
      errorCount: 1,
      findings: [{ severity: 'error', area: 's3' }],
    });
    const said = await gluepot(folder, 'local', 'check');
    expect(said.stdout).toContain('.gluepot has 1 error and 0 warnings.');

    appendFileSync(join(folder, 'kept/gluepot.db'), 'x');
    const restored = await gluepot(folder, 'local', 'restore', 'kept', '--data-dir', 'new', '--yes');
    expect(restored.code).toBe(1);
    expect(restored.stderr).toContain('kept/gluepot.db is not what was backed up');
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('and every other command refuse a state that is not whole, and leave it', async () => {
    const folder = emptyFolder();
    await (await startUp(folder)).stop();
    truncateSync(join(folder, '.gluepot/gluepot.db'), 0);
    for (const args of [['local', 'check'], ['local', 'backup', 'kept'], ['demo'], ['up', '--port', '0']]) {
      const { code, stderr } = await gluepot(folder, ...args);
      expect(code).toBe(1);
      expect(stderr).toContain('.gluepot/gluepot.db cannot be read as a gluepot state file: it is empty');
      expect(stderr).toContain('gluepot local restore');
    }
  });
});

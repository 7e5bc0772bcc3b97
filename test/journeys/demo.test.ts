// gluepot demo, from an empty folder to rows on the screen.
import { describe, expect, it } from 'vitest';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

describe('gluepot demo', () => {
  it('shows tables and first rows, and changes nothing the second time', async () => {
    const folder = emptyFolder();
    const first = await gluepot(folder, 'demo');
    expect(first.stderr).toContain('run job demo_job_incidents: done');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Table demo_weather  csv');
    expect(first.stdout).toContain('Table demo_incidents  json');
    expect(first.stdout).toContain('2024-03-04T00:00:00');
    expect(first.stdout).toMatch(/Verified: (\d+) of \1 as expected/);

    const second = await gluepot(folder, 'demo');
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('Plan: 0 to create, 0 to change, 0 to delete, 0 to run');
    expect(second.stdout).toContain('2024-03-04T00:00:00');
  });

  it('tells all of it as one JSON document', async () => {
    const { code, document } = await gluepotJson(emptyFolder(), 'demo');
    expect(code).toBe(0);
    expect(document).toMatchObject({
      schemaVersion: 1,
      command: 'demo',
      target: 'local',
      ok: true,
      errors: [],
    });
    const { tables, outputs, checks, plan } = document.result;
    expect(plan.counts).toMatchObject({ create: 9, update: 0, delete: 0, conflict: 0, run: 3 });
    expect(tables.map((table) => table.Name)).toEqual(['demo_incidents', 'demo_weather']);
    expect(outputs.map((output) => output.first?.format)).toEqual(['parquet', 'csv']);
    expect(outputs.map((output) => output.objects.length)).toEqual([2, 1]);
    expect(checks.every((check) => check.ok)).toBe(true);
  });

  it('runs again when asked, without adding to what the first run wrote', async () => {
    const folder = emptyFolder();
    await gluepot(folder, 'demo', '--quiet');
    const { code, document, stderr } = await gluepotJson(folder, 'demo', '--run', '--quiet');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(document.result.plan.counts).toMatchObject({ create: 0, run: 3 });
    expect(document.result.outputs.map((output) => output.objects.length)).toEqual([2, 1]);
  });

  it('takes everything away again with --destroy', async () => {
    const folder = emptyFolder();
    const planned = await gluepotJson(folder, 'demo', '--dry-run');
    expect(planned.document.result).toMatchObject({ dryRun: true, plan: { counts: { create: 9, run: 3 } } });
    const { code, document } = await gluepotJson(folder, 'demo', '--destroy');
    expect(code).toBe(0);
    expect(document.result.destroyed.kept).toEqual([]);
    const again = await gluepotJson(folder, 'demo');
    expect(again.document.result.plan.counts).toMatchObject({ create: 9, run: 3 });
  });

  it('does the same with --target aws, but not without a yes', async () => {
    const cwd = emptyFolder();
    const { endpoint } = await startUp(cwd);
    const where = { cwd, env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } };
    const args = ['demo', '--target', 'aws', '--region', 'us-east-1', '--endpoint-url', endpoint];
    const refused = await gluepot(where, ...args);
    expect(refused.stderr).toContain('add --yes');
    expect(refused.code).toBe(6);
    const done = await gluepot(where, ...args, '--yes');
    expect(done.code).toBe(0);
    expect(done.stdout).toContain(`(aws, us-east-1, ${endpoint})`);
    expect(done.stdout).toMatch(/Verified: (\d+) of \1 as expected/);
  });

  it('tells apart that AWS does not permit it', async () => {
    const { code, stderr } = await gluepot(emptyFolder(), 'demo', '--target', 'aws', '--region', 'eu-west-1');
    expect(code).toBe(7);
    expect(stderr).toContain('There are no AWS credentials that can be used');
  });
});

// A plan whose JSON document is large for the heap: --json prints it whole, and no more of it than is read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPlan, planText, type Change, type Plan } from '../../src/change/index.js';
import { BIN, emptyFolder, type Document } from './gluepot-process.js';

const HEAP_MB = 80;
const TABLES = 40;
const MEGABYTE = 1_000_000;

/** Tables that are not there are to come, each of a megabyte. */
function largePlan(): Plan {
  const DatabaseName = 'lake';
  const changes = Array.from({ length: TABLES }, (_, index): Change => {
    const TableName = `t${String(index).padStart(3, '0')}`;
    return {
      action: 'recreate',
      key: { kind: 'table', DatabaseName, TableName },
      wanted: { Name: TableName, Parameters: { note: 'x'.repeat(MEGABYTE) } },
      reason: 'It was there before.',
      evidence: [],
    };
  });
  const subject = { operation: 'crawl-undo' as const, resolved: { crawler: 'c' } };
  return buildPlan({ accountId: '123456789012', region: 'us-east-1', subject, changes });
}

it('prints all of a plan of forty megabytes with a heap of eighty', async () => {
  const folder = emptyFolder();
  const plan = largePlan();
  writeFileSync(join(folder, 'plan.json'), planText(plan));
  const printed = join(folder, 'printed.json');
  const stdout = openSync(printed, 'w');
  const words = ['crawl', 'undo', '--plan', 'plan.json', '--dry-run', '--json'];
  const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } };
  const toFile = spawn(process.execPath, [BIN, ...words], { ...options, stdio: ['ignore', stdout, 'pipe'] });
  expect(await once(toFile, 'exit')).toEqual([0, null]);
  closeSync(stdout);
  const text = readFileSync(printed, 'utf8');
  expect(text.length).toBeGreaterThan(TABLES * MEGABYTE);
  const { ok, result } = JSON.parse(text) as Document;
  expect({ ok, plan: result.plan }).toEqual({ ok: true, plan: JSON.parse(planText(plan)) as unknown });

  const toPipe = spawn(process.execPath, [BIN, ...words], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [first] = (await once(toPipe.stdout, 'data')) as [Buffer];
  expect(first.toString()).toContain('"command": "crawl undo"');
  toPipe.stdout.destroy();
  expect(await once(toPipe, 'exit')).toEqual([0, null]);
}, 120_000);

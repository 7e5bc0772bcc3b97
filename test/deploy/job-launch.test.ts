// The launch function as it is deployed: how large its bundle is, and a template that SAM's tools accept.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { bundle, lintTemplate, readSamFunction, translateTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/job-launch/template.yaml';
const NAME = 'JobLaunchFunction';
const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

it('has a bundle below 1 MB when compressed, without DuckDB, SQLite and the embedded AWS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-lambda-'));
  try {
    await bundle(readSamFunction(TEMPLATE, NAME), folder);
    const code = readFileSync(join(folder, 'job-launch.js'));
    expect(gzipSync(code).length).toBeLessThan(1_000_000);
    expect(code.toString()).not.toMatch(/duckdb|photostructure/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.skipIf(missing)(`has a template that cfn-lint accepts${missing ? ` (${missing})` : ''}`, async () => {
  expect(await lintTemplate(python, TEMPLATE)).toBe('');
});

it.skipIf(missing)(
  `becomes rules, a schedule, queues and rights on no other job${missing ? ` (${missing})` : ''}`,
  async () => {
    const Resources = await translateTemplate(python, TEMPLATE, NAME);
    // The queue's policy names the rules by the names that SAM gives them.
    for (const rule of ['BatchJobEnded', 'RunEnded'])
      expect(Resources).toHaveProperty(`${NAME}${rule}.Type`, 'AWS::Events::Rule');
    expect(Resources).toHaveProperty(`${NAME}Sweep.Type`, 'AWS::Scheduler::Schedule');
    expect(Resources[NAME]).toMatchObject({
      Properties: {
        ReservedConcurrentExecutions: { Ref: 'Concurrency' },
        DeadLetterConfig: expect.anything() as unknown,
      },
    });
    const role = JSON.stringify(Resources[`${NAME}Role`]);
    expect(role).toContain('job/${JobName}');
    expect(role).not.toContain('job/*');
  },
);

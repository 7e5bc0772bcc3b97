// The ingest function's image and template: what its handler is called, and a template that SAM's tools accept.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { lintTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/ingest/template.yaml';
const { python, missing } = findPythonClients(['cfn-lint']);

it('starts the handler of the built package, from files that are there', () => {
  const dockerfile = readFileSync('deploy/ingest/Dockerfile', 'utf8');
  const [, path = '', name = ''] = /CMD \["dist\/(.+)\.(\w+)"\]/.exec(dockerfile) ?? [];
  expect(readFileSync(`src/${path}.ts`, 'utf8')).toContain(`export async function ${name}(`);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  );
  expect(copied).toContain('src');
  for (const file of copied) expect(existsSync(file), file).toBe(true);
});

it.skipIf(missing)(`has a template that cfn-lint accepts${missing ? ` (${missing})` : ''}`, async () => {
  expect(await lintTemplate(python, TEMPLATE)).toBe('');
});

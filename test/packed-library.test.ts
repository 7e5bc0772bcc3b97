// The tarball as its users have it: every entry imports from it, and has types under each way in which TypeScript resolves modules.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
const entries = Object.keys(exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => entry.replace('.', 'gluepot'));

let folder: string;
let user: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gluepot-packed-')));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const installed = join(folder, 'node_modules', 'gluepot');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', filename, '-C', join('node_modules', 'gluepot'), '--strip-components', '1'], {
    cwd: folder,
  });
  // What it depends on is what npm ci installed here.
  symlinkSync(resolve('node_modules'), join(installed, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  user = join(folder, 'user.ts');
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}';`);
  writeFileSync(user, lines.join('\n'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('imports by every entry', () => {
  const program = `for (const name of ${JSON.stringify(entries)}) {
    console.log(name, import.meta.resolve(name), Object.keys(await import(name)).length);
  }`;
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    ...{ cwd: folder, encoding: 'utf8' },
  });
  const found = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  expect(found.map(([name]) => name)).toEqual(entries);
  for (const [name, url = '', count] of found) {
    expect(url, name).toContain('/node_modules/gluepot/dist/');
    expect(url, name).toContain(folder.replaceAll('\\', '/'));
    expect(Number(count), name).toBeGreaterThan(0);
  }
});

it.each([
  ['node16', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  ['nodenext', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  ['bundler', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
])('has types for every entry under %s', (_, module, moduleResolution) => {
  for (const entry of entries) {
    const { resolvedModule } = ts.resolveModuleName(entry, user, { module, moduleResolution }, ts.sys);
    expect(resolvedModule?.resolvedFileName, entry).toMatch(/\/node_modules\/gluepot\/dist\/.*\.d\.ts$/);
  }
});

it('has types in which everything is found, also under strict and with libraries checked', () => {
  const program = ts.createProgram([user], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [resolve('node_modules', '@types')],
  });
  // Those of what it depends on are not ours, and take long.
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/gluepot\/dist\/|\/user\.ts$/.test(fileName));
  expect(ours.length).toBeGreaterThan(entries.length);
  const wrong = ours.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(ts.formatDiagnostics(wrong, host)).toBe('');
}, 120_000);

const host: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => folder,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

// The script for bash, asked by bash itself; those for zsh and fish by what is in them.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion-script.js';
import { createProgram } from './program.js';

const program = createProgram(() => Promise.resolve());

/** What bash offers for the last of these words. */
function complete(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash', program)}
COMP_WORDS=(gluepot ${line}); COMP_CWORD=${words.length}; _gluepot; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '-uc', script], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  return said.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('offers commands, and what follows them', () => {
    expect(complete('')).toEqual(
      expect.arrayContaining(['demo', 'up', 'stack', 'catalog', 'completion', '--json']),
    );
    expect(complete('ca')).toEqual(['catalog']);
    expect(complete('catalog', 'snapshot', 'cr')).toEqual(['create']);
    expect(complete('catalog', 'snapshot', '--yes', 'cr')).toEqual(['create']);
  });

  it('offers options of the command and of all commands, by their beginning', () => {
    expect(complete('catalog', 'snapshot', 'restore', '--re')).toEqual(['--resume', '--region']);
    expect(complete('up', '--po')).toEqual(['--port']);
    expect(complete('completion', 'f')).toEqual(['fish']);
    expect(complete('stack', 'plan', '--po')).toEqual([]);
    expect(complete('stack', 'plan', '--hel')).toEqual(['--help']);
  });

  it('offers what an option takes: its choices, or files', () => {
    expect(complete('--target', '')).toEqual(['local', 'aws']);
    expect(complete('catalog', 'snapshot', 'restore', '--on-conflict', 'k')).toEqual(['keep-current']);
    expect(complete('--data-dir', 'completion-script.te')).toEqual(['completion-script.test.ts']);
  });

  it('offers each command of the tree at its place', () => {
    const walk = (command: typeof program, words: string[]): void => {
      for (const child of command.commands) {
        expect(complete(...words, child.name())).toContain(child.name());
        walk(child, [...words, child.name()]);
      }
    };
    walk(program, []);
  });
});

it.each([
  ['zsh', ['#compdef gluepot', "'snapshot:copies of databases", "'--target:", 'compadd -- local aws']],
  ['fish', ['-f -a snapshot -d ', '__gluepot_at "/catalog/snapshot"', "-l target -r -f -a 'local aws'"]],
] as const)('the script for %s has commands, options and choices', (shell, parts) => {
  const script = completionScript(shell, program);
  for (const part of parts) expect(script).toContain(part);
  // An odd quote would break all of it.
  expect(script.split("'").length % 2).toBe(1);
});

// What every command has in common: help, versions, mistakes, exit codes, one JSON document.
import { describe, expect, it } from 'vitest';
import { emptyFolder, gluepot, gluepotJson } from './gluepot-process.js';

describe('the command line', () => {
  it('prints its version and its help on stdout', async () => {
    expect((await gluepot(emptyFolder(), '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await gluepot(emptyFolder(), 'stack', 'apply', '--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Usage: gluepot stack apply [options] <file>');
    expect(help.stdout).toContain('--target <target>');
  });

  it.each([
    [['--jsn'], "unknown option '--jsn'", '--json'],
    [['stack', 'aply', 'x'], "unknown command 'aply'", 'apply'],
    [['stack', 'plan'], "missing required argument 'file'", ''],
    [['--target', 'azure', 'demo'], 'Allowed choices are local, aws', ''],
    [['demo', '--keep', '--destroy'], 'cannot be used with', ''],
    [['stack'], 'A command is missing', ''],
    [['stack', 'plan', 'a.yaml'], 'There is no stack file a.yaml', 'copy examples/demo/stack.yaml'],
    [['ingest', 'plan', 'a.yaml'], 'There is no ingest spec a.yaml', 'gluepot ingest init'],
    [
      ['launch', 'evaluate', 'a.yaml'],
      'There is no launch spec a.yaml',
      'copy examples/job-launch/launch.yaml',
    ],
  ])('refuses %j with exit code 3', async (args, message, suggestion) => {
    const { code, stderr, stdout } = await gluepot(emptyFolder(), ...args);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(suggestion);
  });

  it('answers a mistake with one JSON document, too', async () => {
    const { code, document } = await gluepotJson(emptyFolder(), 'stack', 'plan', 'none.yaml');
    expect(code).toBe(3);
    expect(document).toMatchObject({
      command: 'stack plan',
      ok: false,
      result: null,
      errors: [{ kind: 'usage' }],
    });
  });
});

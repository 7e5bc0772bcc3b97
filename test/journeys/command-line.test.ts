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
    [['help', 'crawl', 'undo'], 'Usage: gluepot crawl undo [options] [crawler]'],
    [['crawl', 'help', 'undo'], 'Usage: gluepot crawl undo [options] [crawler]'],
    [['help'], 'Usage: gluepot [options] [command]'],
  ])('%j prints the help of that command', async (args, usage) => {
    const { code, stdout, stderr } = await gluepot(emptyFolder(), ...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(usage);
  });

  it.each([
    [['--jsn'], "unknown option '--jsn'", '--json'],
    [['stack', 'aply', 'x'], "unknown command 'aply'", 'apply'],
    [['frob'], "unknown command 'frob'", 'gluepot --help'],
    [['help', 'crawl', 'frob'], "unknown command 'frob'", 'gluepot crawl --help'],
    [['stack', 'plan'], "missing required argument 'file'", 'gluepot stack plan --help'],
    [['--data-dir', '', 'crawl', 'wait', 'c'], "argument '' is invalid", 'It must be a folder.'],
    [['--endpoint-url', 'here', 'crawl', 'wait', 'c'], "argument 'here' is invalid", 'http://127.0.0.1:4566'],
    [['--profile', 'mine', 'crawl', 'wait', 'c'], '--profile mine is of AWS accounts', '--target aws'],
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

  it('names the command in that document when its options are wrong', async () => {
    const { code, document } = await gluepotJson(emptyFolder(), 'crawl', 'undo', 'c', '--frob');
    expect(code).toBe(3);
    expect(document).toMatchObject({ command: 'crawl undo', ok: false, errors: [{ kind: 'usage' }] });
  });

  it.each([
    [
      ['--endpoint-url', 'http://127.0.0.1:1'],
      1,
      'Nothing answers at 127.0.0.1 port 1 (ECONNREFUSED). Look whether region and endpoint are right',
    ],
    [
      ['--target', 'aws', '--region', 'eu-west-1', '--profile', 'nowhere'],
      7,
      'Profile nowhere gives no AWS credentials',
    ],
  ])('says what is wrong about the way to AWS with %j', async (options, exitCode, message) => {
    const { code, stderr } = await gluepot(emptyFolder(), ...options, 'crawl', 'wait', 'c');
    expect(stderr).toContain(message);
    expect(code).toBe(exitCode);
  });
});

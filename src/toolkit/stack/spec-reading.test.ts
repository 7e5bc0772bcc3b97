// What a stack file may say, and how clearly everything else is refused.
import { describe, expect, it } from 'vitest';
import { GluepotError } from '../../base/errors.js';
import { parseStackSpec } from './spec-reading.js';

function problemsOf(text: string): string {
  try {
    parseStackSpec(text, 'stack.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(GluepotError);
    expect((error as GluepotError).kind).toBe('usage');
    return (error as GluepotError).message;
  }
  throw new Error('the stack file was accepted');
}

const minimal = 'name: demo\nbucket: { name: demo-bucket }\n';

describe('a stack file', () => {
  it('may be as small as a name and a bucket', () => {
    expect(parseStackSpec(minimal, 'stack.yaml')).toEqual({ name: 'demo', bucket: { name: 'demo-bucket' } });
  });

  it('may be JSON', () => {
    const text = JSON.stringify({ name: 'demo', bucket: { name: 'b-${account}' } }, undefined, '\t');
    expect(parseStackSpec(text, 'stack.json').bucket.name).toBe('b-${account}');
  });

  it('keeps AWS members as they are written', () => {
    const spec = parseStackSpec(
      `${minimal}role: { name: r }
database: { Name: demo }
crawlers:
  - Name: c
    Targets: { S3Targets: [{ Path: 's3://\${bucket}/in/' }] }
jobs:
  - Name: j
    Command: { Name: glueetl }
    CodeGenConfigurationNodes:
      node-1: { S3JsonSource: { Name: source, Paths: ['s3://x/y/'] } }
run: [{ crawler: c }, { job: j, timeoutMinutes: 5 }]
`,
      'stack.yaml',
    );
    expect(spec.crawlers?.[0]?.Targets?.S3Targets?.[0]?.Path).toBe('s3://${bucket}/in/');
    expect(spec.jobs?.[0]?.CodeGenConfigurationNodes?.['node-1']?.S3JsonSource?.Paths).toEqual(['s3://x/y/']);
  });
});

describe('a stack file is refused, naming place, value and what is allowed, for', () => {
  const cases: [name: string, text: string, ...expected: string[]][] = [
    ['an empty file', '', 'expected a mapping with at least "name" and "bucket", got nothing'],
    ['a list', '- a', 'expected a mapping', 'got a list'],
    ['YAML that does not parse', 'name: [a', 'stack.yaml:1:9:', 'Flow sequence'],
    [
      'a placeholder in a flow mapping without quotes',
      'name: demo\nbucket: { name: b-${account} }\n',
      'A text with ${...} inside { } or [ ] needs quotes.',
    ],
    ['a key that is there twice', 'name: a\nname: b\n', 'stack.yaml:2:1:', 'Map keys must be unique'],
    [
      'an unknown key at the top',
      `${minimal}crawler: []\n`,
      'stack.yaml:3:1: crawler: unknown key "crawler". Did you mean "crawlers"? Allowed here: name, region, role, bucket,',
    ],
    [
      'an unknown key in a list',
      'name: demo\nbucket:\n  name: b\n  upload:\n    - form: data.csv\n      to: a/\n',
      'stack.yaml:5:7: bucket.upload[0].form: unknown key "form". Did you mean "from"? Allowed here: from, generate, to, seed, rowCount.',
    ],
    ['a missing key', 'name: demo\n', 'stack.yaml:1:1: missing "bucket".'],
    [
      'a wrong type',
      'name: demo\nbucket: b\n',
      'stack.yaml:2:9: bucket: expected a mapping, got the text "b".',
    ],
    [
      'a number where a text belongs',
      'name: 42\nbucket: { name: b }\n',
      'name: expected a text, got the number 42. Put it in quotes.',
    ],
    ['a bad name', 'name: Demo_1\nbucket: { name: b }\n', 'name: "Demo_1" must be 1 to 40 of a-z'],
    [
      'a choice that does not exist',
      'name: demo\nbucket: { name: b, upload: [{ generate: snow, to: a/ }] }\n',
      'bucket.upload[0].generate: expected one of ("weather" | "incidents"), got the text "snow".',
    ],
    [
      'an upload without a source',
      'name: demo\nbucket: { name: b, upload: [{ to: a/ }] }\n',
      'bucket.upload[0]: needs either "from" or "generate", and not both.',
    ],
    [
      'an s3 address where a key belongs',
      'name: demo\nbucket: { name: b, upload: [{ from: x, to: "s3://b/a/" }] }\n',
      '"s3://b/a/" must be a key below the stack’s own bucket',
    ],
    [
      'a folder without its slash',
      'name: demo\nbucket: { name: b, folders: [data] }\n',
      'bucket.folders[0]: "data" must end in "/", as in "data/output/".',
    ],
    [
      'an unknown member of a crawler',
      `${minimal}crawlers: [{ Name: c, Role: r, Target: {}, Targets: {} }]\n`,
      'crawlers[0].Target: unknown key "Target". Did you mean "Targets"? Allowed here: Name, Role, Targets, DatabaseName,',
    ],
    [
      'an unknown member deep in a job',
      `${minimal}jobs:
  - Name: j
    Role: r
    Command: { Name: glueetl }
    CodeGenConfigurationNodes:
      map:
        ApplyMapping:
          Name: m
          Inputs: [a]
          Mapping:
            - { ToKey: a, FormPath: [a] }
`,
      'stack.yaml:13:27: jobs[0].CodeGenConfigurationNodes.map.ApplyMapping.Mapping[0].FormPath: unknown key "FormPath". Did you mean "FromPath"?',
    ],
    [
      'a required member that is missing',
      `${minimal}jobs: [{ Name: j, Role: r }]\n`,
      'jobs[0]: missing "Command", which AWS requires here.',
    ],
    [
      'a role that nobody gives',
      `${minimal}crawlers: [{ Name: c, Targets: {} }]\n`,
      'crawlers[0]: missing "Role", which AWS requires here.',
    ],
    [
      'tags, which are ours to set',
      `${minimal}crawlers: [{ Name: c, Role: r, Targets: {}, Tags: { a: b } }]\n`,
      'crawlers[0].Tags: tags are set by gluepot',
    ],
    [
      'two crawlers of one name',
      `${minimal}role: { name: r }\ncrawlers: [{ Name: c, Targets: {} }, { Name: c, Targets: {} }]\n`,
      'crawlers[1].Name: "c" is there twice.',
    ],
    [
      'a step that runs nothing in this stack',
      `${minimal}run: [{ job: nightly }]\n`,
      'run[0].job: there is no job "nightly" in this stack. It has: none.',
    ],
    [
      'an unknown placeholder',
      'name: demo\nbucket: { name: "b-${acount}" }\n',
      'bucket.name: unknown placeholder ${acount}. Did you mean ${account}? Allowed here: ${account}, ${region}, ${stack}; write $${acount} for the text itself.',
    ],
    [
      'a placeholder that would be made from itself',
      'name: demo\nbucket: { name: "b-${bucket}" }\n',
      'unknown placeholder ${bucket}. Allowed here: ${account}, ${region}, ${stack}',
    ],
    [
      'the role of a stack without one',
      `${minimal}database: { Name: d, Description: 'for \${role}' }\n`,
      'database.Description: unknown placeholder ${role}',
    ],
  ];
  it.each(cases)('%s', (_name, text, ...expected) => {
    const problems = problemsOf(text);
    for (const part of expected) expect(problems).toContain(part);
  });

  it('several things, all told at once', () => {
    const problems = problemsOf('nam: demo\nbucket: { nme: b }\n');
    expect(problems).toContain('stack.yaml is not a valid stack file (4 problems):');
    expect(problems.split('\n')).toHaveLength(5);
  });
});
